"""A text's words, which are left out one by one to see what each of them does."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

MOST = 48
"""More words than this are left out in groups of neighbours: each takes a pass of its own."""

_SILENT = r""".,;:'"`´’‘“”„«»()\[\]{}<>…·/\\|–—_*~\-"""
"""Says nothing at the edge of a word; inside of one ("KF-1", "it's") it belongs to it."""

_LOUD = "!?¡¿！？\u2600-\u27bf\U0001f000-\U0001faff\u200d\ufe0f"
"""Marks and pictures that carry a tone without a word."""

_LETTERS = rf"[^\s{_SILENT}{_LOUD}]+"
_UNIT = re.compile(
    rf"{_LETTERS}(?:[{_SILENT}]+{_LETTERS})*"
    rf"|[{_LOUD}]+"
    rf"|(?<!\S)[{_SILENT}]{{2,}}(?!\S)"  # an emoticon such as ":-("
)


@dataclass(frozen=True)
class Span:
    """A part of a text, from ``start`` up to and without ``end``, in characters."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The part itself."""
        return text[self.start : self.end]

    def left_out(self, text: str) -> str:
        """What remains of the text."""
        return text[: self.start] + text[self.end :]


def spans(text: str, *, most: int = MOST) -> list[Span]:
    """The words of a text in their order, neighbours together where there are more than ``most``.

    Exclamation and question marks, emoji and emoticons count as words; other punctuation does not.
    """
    return list(_grouped([Span(*match.span()) for match in _UNIT.finditer(text)], most))


def _grouped(words: list[Span], most: int) -> Iterator[Span]:
    groups = min(len(words), most)
    for number in range(groups):
        first = number * len(words) // groups
        last = (number + 1) * len(words) // groups - 1
        yield Span(words[first].start, words[last].end)
