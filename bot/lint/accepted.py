"""Findings that are meant: `lint-accepted.yml` lists them, each with its reason."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.lint.findings import Finding, error, warning
from bot.lint.project import Project
from bot.lint.yaml_nodes import Unreadable, entries, items, line_of, load, text_of, value_of

_FIELDS = ("code", "text", "reason")


@dataclass(frozen=True)
class Accepted:
    """An entry of the list; it stands for every finding with its code and its subject."""

    file: Path
    line: int
    code: str
    text: str


def read(path: Path, findings: list[Finding]) -> Iterator[Accepted]:
    """The entries of a list; what is wrong with it is added to ``findings``."""
    try:
        root = load(path)
    except Unreadable as unreadable:
        findings.append(error(path, unreadable.line, "file-unreadable", unreadable.reason))
        return
    for item in items(value_of(root, "accepted")):
        held = {name: text_of(value) for name, _, value in entries(item)}
        missing = [name for name in _FIELDS if not held.get(name)]
        if missing:
            said = f"an accepted finding needs {', '.join(missing)}"
            findings.append(error(path, line_of(item), "accepted-invalid", said))
        else:
            yield Accepted(path, line_of(item), str(held["code"]), str(held["text"]))


def apply(
    entries_: Sequence[Accepted],
    findings: Sequence[Finding],
    project: Project,
    *,
    judged: Collection[str],
) -> Iterator[Finding]:
    """The findings that are not accepted, and a warning for every entry that has become idle.

    Args:
        judged: codes whose findings depend on a model. An entry for one of them stays useful as
            long as its text is in the data: with another model it may be needed again.
    """
    listed = {(entry.code, entry.text) for entry in entries_}
    raised = {(finding.code, finding.subject) for finding in findings}
    yield from (finding for finding in findings if (finding.code, finding.subject) not in listed)
    texts = {
        *(example.text for example in project.nlu.examples),
        *(row.text for row in project.rows),
        *project.nlu.by_intent(),
    }
    for entry in entries_:
        idle = (
            entry.text not in texts
            if entry.code in judged
            else (entry.code, entry.text) not in raised
        )
        if idle:
            said = f"nothing is found any more for '{entry.code}' and '{entry.text}': remove this"
            yield warning(entry.file, entry.line, "accepted-stale", said, entry.text)
