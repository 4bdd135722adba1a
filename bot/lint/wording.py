"""When two texts count as the same, and how alike two texts are."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

from bot.lint.markup import Span

_APOSTROPHES = re.compile(r"['’ʼ`´]")
_WORD = re.compile(r"\w+")
_GRAM = 3

Grams = Counter[str]


def normalised(text: str, spans: Iterable[Span] = ()) -> str:
    """The text without case, punctuation, spacing, accents' spelling and the values of entities.

    A text of nothing but punctuation stays as it is: "???" and "..." differ.
    """
    pieces, end = [], 0
    for span in sorted(spans, key=lambda span: span.start):
        if span.start >= end:
            pieces += [text[end : span.start], f" {span.entity.upper()} "]
            end = span.end
    pieces.append(text[end:])
    plain = unicodedata.normalize("NFKC", "".join(pieces)).casefold()
    kept = "".join(
        " " if unicodedata.category(letter)[0] in "PZC" else letter
        for letter in _APOSTROPHES.sub("", plain)
    )
    return " ".join(kept.split()) or text.strip()


def words(text: str) -> list[str]:
    """The words of a text in lower case, without punctuation."""
    return _WORD.findall(_APOSTROPHES.sub("", text.casefold()))


def grams(text: str) -> Grams:
    """How often each three letters in a row occur in the words of a text."""
    plain = f" {' '.join(words(text))} "
    return Counter(plain[start : start + _GRAM] for start in range(len(plain) - _GRAM + 1))


def similarity(one: Grams, other: Grams) -> float:
    """The share of three-letter pieces that two texts have in common (Dice), 0 to 1."""
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 0.0
