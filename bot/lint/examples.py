"""Rasa's NLU files, each example with the file and the line on which it stands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ruamel.yaml.nodes import Node, ScalarNode, SequenceNode

from bot.lint.findings import Finding, error
from bot.lint.markup import Span, parse
from bot.lint.yaml_nodes import entries, items, line_of, lines_of, text_of, value_of

_KINDS = ("intent", "synonym", "regex", "lookup")


@dataclass(frozen=True)
class Example:
    """One thing that a customer may say.

    Attributes:
        text: without annotation; spans count its characters.
        left_over: a bracket of a broken annotation stayed in the text.
    """

    file: Path
    line: int
    intent: str
    text: str
    spans: tuple[Span, ...] = ()
    left_over: bool = False


@dataclass(frozen=True)
class Block:
    """A list of examples of an intent; an intent may have several."""

    file: Path
    line: int
    intent: str


@dataclass(frozen=True)
class Regex:
    """A pattern under the name of the entity that it finds."""

    file: Path
    line: int
    name: str
    pattern: re.Pattern[str]


@dataclass
class NluData:
    """What the NLU files hold, in their order."""

    examples: list[Example] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    regexes: list[Regex] = field(default_factory=list)

    def by_intent(self) -> dict[str, list[int]]:
        """Positions in ``examples`` by intent, in the order of the files."""
        found: dict[str, list[int]] = {block.intent: [] for block in self.blocks}
        for index, example in enumerate(self.examples):
            found[example.intent].append(index)
        return found


def read(file: Path, nlu: Node, into: NluData) -> Iterator[Finding]:
    """Adds what stands under the key `nlu` of a file; yields what Rasa would skip or refuse."""
    for item in items(nlu):
        held = {name: value for name, _, value in entries(item)}
        kind = next((kind for kind in _KINDS if kind in held), None)
        name = text_of(held[kind]) if kind else None
        if not kind or not name:
            wanted = ", ".join(f"'{kind}: name'" for kind in _KINDS)
            yield error(file, line_of(item), "item-unknown", f"this is none of {wanted}")
        elif kind == "intent":
            into.blocks.append(Block(file, line_of(item), name))
            yield from _read_intent(file, name, held.get("examples"), item, into)
        elif kind == "regex":
            for line, text in _dashed(held.get("examples")):
                if text is None:
                    continue
                try:
                    into.regexes.append(Regex(file, line, name, re.compile(text, re.IGNORECASE)))
                except re.error as broken:
                    yield error(file, line, "regex-invalid", f"no regular expression: {broken}")


def _read_intent(
    file: Path, intent: str, examples: Node | None, item: Node, into: NluData
) -> Iterator[Finding]:
    found = 0
    for line, raw in _listed(examples):
        if raw is None:
            said = "this line does not begin with '- ': Rasa skips it"
            yield error(file, line, "example-skipped", said, intent)
        elif not raw:
            yield error(file, line, "example-empty", f"an example of '{intent}' is empty", intent)
        else:
            found += 1
            parsed = parse(raw)
            into.examples.append(
                Example(file, line, intent, parsed.text, parsed.spans, parsed.left_over)
            )
            if parsed.refused:
                said = f"'{parsed.refused}' does not say which entity it is"
                yield error(file, line, "annotation-invalid", said, parsed.text)
    if not found:
        said = f"the intent '{intent}' has no examples here"
        yield error(file, line_of(item), "intent-empty", said, intent)


def _listed(node: Node | None) -> Iterator[tuple[int, str | None]]:
    """Line and annotated text of each example; None for a line that is none."""
    if isinstance(node, SequenceNode):
        for item in items(node):
            text = value_of(item, "text")
            if not isinstance(text, ScalarNode):
                yield line_of(item), None
                continue
            first = next(lines_of(text), (line_of(text), ""))
            yield first[0], text.value.strip()
    else:
        yield from _dashed(node)


def _dashed(node: Node | None) -> Iterator[tuple[int, str | None]]:
    if isinstance(node, ScalarNode):
        for line, text in lines_of(node):
            yield line, text[1:].strip() if text.startswith("-") else None
