"""Rasa's entity annotation: `[blue tent](product)`, `[blue tent]{"entity": "product"}`."""

import json
import re
from dataclasses import dataclass

_ANNOTATION = re.compile(
    r"\[(?P<text>[^\]]+?)\]"
    r"(?:\((?P<entity>[^:)]+?)(?::(?P<value>[^)]+))?\)|\{(?P<one>[^}]+?)\}|\[(?P<many>.*?)\])"
)
_DESCRIPTION = re.compile(r"\{[^}]+?\}")
_LEFT_OVER = re.compile(r"[\[\]]")


@dataclass(frozen=True)
class Span:
    """A stretch of the text without annotation, and the entity that it is said to be."""

    start: int
    end: int
    entity: str


@dataclass(frozen=True)
class Parsed:
    """An example taken apart.

    Attributes:
        refused: the annotation that names no entity, for which Rasa stops; None when all do.
        left_over: a bracket stayed in the text, so an annotation was not seen as one.
    """

    text: str
    spans: tuple[Span, ...]
    refused: str | None = None
    left_over: bool = False


def parse(raw: str) -> Parsed:
    """Takes an example apart as Rasa does."""
    pieces: list[str] = []
    spans: list[Span] = []
    refused: str | None = None
    length = end = 0
    for match in _ANNOTATION.finditer(raw):
        before = raw[end : match.start()]
        pieces += [before, match["text"]]
        start = length + len(before)
        length = start + len(match["text"])
        end = match.end()
        names = _entities(match)
        if names is None:
            refused = refused or match[0]
        spans += [Span(start, length, name) for name in names or ()]
    pieces.append(raw[end:])
    text = "".join(pieces)
    return Parsed(text, tuple(spans), refused, _LEFT_OVER.search(text) is not None)


def _entities(match: re.Match[str]) -> list[str] | None:
    if match["entity"]:
        return [match["entity"]]
    described = [f"{{{match['one']}}}"] if match["one"] else _DESCRIPTION.findall(match["many"])
    names = []
    for description in described:
        try:
            name = json.loads(description).get("entity")
        except json.JSONDecodeError:
            return None
        if not isinstance(name, str) or not name:
            return None
        names.append(name)
    return names or None
