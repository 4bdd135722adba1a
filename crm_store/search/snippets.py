"""The part of a text that a search found, with the places of the words in it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from crm_store.search.folding import MAX_CHARS, is_unspaced, tokens
from crm_store.search.query import Term
from crm_store.texts import shorten

_CHARS = 240
_BEFORE = 60
_WORD = re.compile(r"(?:[^\W_]|[\u0300-\u036f\u0e31-\u0e4e])+")


@dataclass(frozen=True, slots=True)
class Snippet:
    """Plain text, and the ranges ``(start, end)`` of it that matched, in order."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()


def snippet(text: str, terms: Sequence[Term]) -> Snippet:
    """The text on one line around the first place that matches."""
    line = " ".join(text[:MAX_CHARS].split())
    marks = _marks(line, terms)
    start = 0
    if marks and marks[0][0] > _BEFORE:
        start = line.rfind(" ", 0, marks[0][0] - _BEFORE // 2) + 1
        start = max(start, marks[0][0] - _BEFORE)
    lead = "…" if start else ""
    shown = lead + shorten(line[start:], _CHARS)
    moved = len(lead) - start
    limit = len(shown) - (1 if shown.endswith("…") else 0)
    ranges = tuple((low + moved, high + moved) for low, high in marks if high + moved <= limit)
    return Snippet(shown, ranges)


def _marks(line: str, terms: Sequence[Term]) -> list[tuple[int, int]]:
    words = {run[0] for term in terms for run in term.choices if len(run) == 1}
    starts = tuple(run[0] for term in terms if term.starts for run in term.choices)
    found = [
        match.span()
        for match in _WORD.finditer(line)
        if any(t in words or (starts and t.startswith(starts)) for t in tokens(match.group()))
        and not any(map(is_unspaced, match.group()))
    ]
    for term in terms:
        for run in term.choices:
            if is_unspaced(run[0]):
                phrase = re.escape("".join(run))
                found += [match.span() for match in re.finditer(phrase, line)]
    return _merged(sorted(found))


def _merged(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for low, high in ranges:
        if merged and low <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return merged
