"""Entity annotation: where it begins and ends, and what it was forgotten on."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.lint.examples import Example
from bot.lint.findings import Finding, error, warning
from bot.lint.markup import Span
from bot.lint.project import Project

# A dot after a digit belongs to it: "12.04.".
_EDGE = re.compile(r"^[\s.,;:!?\"']|[\s,;:!?\"']$|(?<!\d)\.$")
# An address or a long number is never anything else; "saturday" may be a habit.
_UNMISTAKABLE = re.compile(r"@|\d{5}")
_MAJORITY = 0.75


@dataclass
class _Uses:
    """Where a text is annotated, and where it stands bare."""

    annotated: list[tuple[Example, Span]] = field(default_factory=list)
    bare: list[Example] = field(default_factory=list)


def check_edges(project: Project) -> Iterator[Finding]:
    """Annotations that are broken, begin or end with a blank or a dot, or cut a word in two."""
    for example in project.nlu.examples:
        if example.left_over:
            said = (
                f"a bracket is left over in '{example.text}': an annotation is '[text](entity)', "
                "without a blank between"
            )
            yield error(example.file, example.line, "annotation-broken", said, example.text)
        for span in example.spans:
            text = example.text[span.start : span.end]
            if _EDGE.search(text):
                said = f"'{text}' is annotated with the blank or the mark at its edge"
                yield error(example.file, example.line, "annotation-edge", said, example.text)
            elif _cuts_word(example.text, span):
                said = f"'{text}' is annotated, but the word goes on"
                yield error(example.file, example.line, "annotation-edge", said, example.text)


def check_forgotten(project: Project) -> Iterator[Finding]:
    """Texts in the shape of an entity, by the regexes of the training data, left bare."""
    known = [regex for regex in project.nlu.regexes if regex.name in project.domain.entities]
    for example in project.nlu.examples:
        seen: list[Span] = list(example.spans)
        for regex in known:
            for match in regex.pattern.finditer(example.text):
                if match[0].strip() and not _covered(match.start(), match.end(), seen):
                    seen.append(Span(match.start(), match.end(), regex.name))
                    say = error if _UNMISTAKABLE.search(match[0]) else warning
                    said = f"'{match[0].strip()}' looks like '{regex.name}' and is not annotated"
                    yield say(example.file, example.line, "entity-bare", said, example.text)


def check_consistency(project: Project) -> Iterator[Finding]:
    """Texts annotated in most places and bare in this one, or the other way round.

    Entities with a shape are left to `check_forgotten`: "may" is rarely the month.
    """
    for text, uses in _uses(project).items():
        total = len(uses.annotated) + len(uses.bare)
        share = len(uses.annotated) / total
        counts = f"{len(uses.annotated)} of {total} places"
        if _MAJORITY <= share < 1:
            for example in uses.bare:
                said = f"'{text}' is bare here, and annotated in {counts}"
                yield warning(example.file, example.line, "entity-uneven", said, example.text)
        elif share <= 1 - _MAJORITY:
            for example, span in uses.annotated:
                said = f"'{text}' is annotated as '{span.entity}' here, in only {counts}"
                yield warning(example.file, example.line, "entity-uneven", said, example.text)


def _uses(project: Project) -> dict[str, _Uses]:
    uses: dict[str, _Uses] = defaultdict(_Uses)
    shaped = {regex.name for regex in project.nlu.regexes}
    for example in project.nlu.examples:
        for span in example.spans:
            if span.entity in shaped:
                continue
            text = example.text[span.start : span.end].lower()
            uses[text].annotated.append((example, span))
    longest_first = sorted(uses, key=len, reverse=True)
    if not longest_first:
        return uses
    choices = "|".join(map(re.escape, longest_first))
    any_of = re.compile(rf"(?<!\w)(?:{choices})(?!\w)", re.IGNORECASE)
    for example in project.nlu.examples:
        for match in any_of.finditer(example.text):
            known = uses.get(match[0].lower())
            if known is not None and not _covered(match.start(), match.end(), example.spans):
                known.bare.append(example)
    return uses


def _cuts_word(text: str, span: Span) -> bool:
    before, after = text[: span.start][-1:], text[span.end :][:1]
    first, last = text[span.start], text[span.end - 1]
    return (before.isalnum() and first.isalnum()) or (after.isalnum() and last.isalnum())


def _covered(start: int, end: int, spans: list[Span] | tuple[Span, ...]) -> bool:
    return any(start < span.end and span.start < end for span in spans)
