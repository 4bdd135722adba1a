"""Words with their places, and the stems by which they are compared."""

import re
from dataclasses import dataclass
from functools import lru_cache

# They end like plurals, and are none.
_SINGULAR = frozenset(("always", "canvas", "christmas", "lens", "news", "perhaps", "thermos"))
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d+(?:[.,]\d+)?")


@dataclass(frozen=True, slots=True)
class Word:
    """A word or a number in a text; the text is folded, ``low`` is in lower case."""

    low: str
    stem: str
    start: int
    end: int


def words_of(text: str) -> list[Word]:
    """The words of a folded text; "25l" is two, "women's" is one, signs are none."""
    return [
        Word(low := match.group().lower(), stem(low), match.start(), match.end())
        for match in _WORD.finditer(text)
    ]


def stems_of(text: str) -> tuple[str, ...]:
    """The stems of a folded text."""
    return tuple(word.stem for word in words_of(text))


@lru_cache(maxsize=16_384)
def stem(word: str) -> str:
    """A word without its English plural or genitive: ``tents`` and ``tent's`` are ``tent``."""
    word = word.removesuffix("'s").replace("'", "")
    if word in _SINGULAR:
        return word
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def plural(word: str) -> str:
    """The regular plural, of which ``stem`` makes the word again."""
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(("ss", "sh", "ch", "x")) else f"{word}s"
