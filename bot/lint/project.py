"""Everything that is trained from, read once for all checks."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ruamel.yaml.nodes import MappingNode, Node

from bot.lint import examples, sentiment_rows
from bot.lint.domain import Domain, Named, intents_used
from bot.lint.examples import NluData
from bot.lint.findings import Finding, error
from bot.lint.sentiment_rows import Row
from bot.lint.yaml_nodes import Unreadable, entries, items, line_of, load, text_of, value_of

ACCEPTED_FILE = "lint-accepted.yml"

_DIALOGUE = ("rules", "stories")
_TRAINED_FROM = ("nlu", "rules", "stories", "responses")
_ANALYZER = "TransformerSentimentAnalyzer"
_SENTIMENT_FOLDER = "nlu_data/sentiment"


@dataclass(frozen=True)
class Option:
    """An option of a component in the configuration."""

    file: Path
    line: int
    component: str
    name: str
    value: str


@dataclass
class Project:
    """The training data, and what was wrong with the files themselves."""

    nlu: NluData = field(default_factory=NluData)
    domain: Domain = field(default_factory=Domain)
    waited_for: list[Named] = field(default_factory=list)
    options: list[Option] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    accepted_files: list[Path] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def read(config: Path, domain: Path, data: Iterable[Path]) -> Project:
    """Reads all files; what cannot be used is among the findings, never an exception."""
    project = Project()
    for path in _yaml_files([domain], project.findings):
        root = _mapping(path, project.findings)
        if root is not None:
            project.domain.read(path, root)
    for path in _yaml_files(data, project.findings):
        if path.name == ACCEPTED_FILE:
            project.accepted_files.append(path)
        else:
            _read_data(path, project)
    _read_config(config, project)
    return project


def _read_data(path: Path, project: Project) -> None:
    root = _mapping(path, project.findings)
    if root is None:
        return
    held = {name: value for name, _, value in entries(root) if name in _TRAINED_FROM}
    if not held:
        said = f"nothing is trained from this file: it has none of {', '.join(_TRAINED_FROM)}"
        project.findings.append(error(path, 1, "file-unused", said))
    for name, value in held.items():
        if name != "responses" and not items(value):
            said = f"nothing stands under '{name}'"
            project.findings.append(error(path, line_of(value), "file-empty", said))
        if name == "nlu":
            project.findings += examples.read(path, value, project.nlu)
        elif name in _DIALOGUE:
            project.waited_for += intents_used(path, value)


def _read_config(config: Path, project: Project) -> None:
    root = _mapping(config, project.findings)
    folders: list[tuple[Path, int]] = []
    for item in items(value_of(root, "pipeline")):
        component = text_of(value_of(item, "name")) or ""
        folder = (_SENTIMENT_FOLDER, line_of(item))
        for name, key, value in entries(item):
            text = text_of(value)
            if text is not None:
                project.options.append(Option(config, line_of(key), component, name, text))
                if name == "data":
                    folder = (text, line_of(key))
        if component.rsplit(".", 1)[-1] == _ANALYZER:
            folders.append((Path(folder[0]), folder[1]))
    for folder, line in dict.fromkeys(folders):
        files = sorted(folder.glob("*.csv"))
        if not files:
            said = f"there is no CSV file in the folder '{folder}'"
            project.findings.append(error(config, line, "sentiment-missing", said))
        for path in files:
            project.findings += sentiment_rows.read(path, into=project.rows)


def _yaml_files(paths: Iterable[Path], findings: list[Finding]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            found = sorted(file for file in path.rglob("*") if file.suffix in (".yml", ".yaml"))
            if not found:
                findings.append(error(path, 1, "file-missing", "there is no YAML file in here"))
            yield from found
        elif path.is_file():
            yield path
        else:
            findings.append(error(path, 1, "file-missing", "there is no such file or folder"))


def _mapping(path: Path, findings: list[Finding]) -> Node | None:
    try:
        root = load(path)
    except Unreadable as unreadable:
        findings.append(error(path, unreadable.line, "file-unreadable", unreadable.reason))
        return None
    if root is None:
        findings.append(error(path, 1, "file-empty", "the file is empty"))
    elif not isinstance(root, MappingNode):
        said = "the file must hold 'key: value' pairs"
        findings.append(error(path, line_of(root), "file-unreadable", said))
        root = None
    return root
