"""One spelling for characters that look alike, at the same positions."""

import re
import unicodedata
from functools import lru_cache

_FOREIGN = re.compile(r"[^\x00-\x7f]")
_DASHES = frozenset("−­⁃﹣")  # minus, soft hyphen, hyphen bullet: not in Unicode's class of dashes
_QUOTES = frozenset("’‘ʼ´`′‛")


def fold(text: str) -> str:
    """``text`` with plain digits, dashes, quotes and spaces, as long as before.

    Positions in the result are positions in the text, so that rules need only know ASCII:
    ``ＫＦ－１２３``, ``KF–123`` and ``KF‑123`` are all ``KF-123``.
    """
    return text if text.isascii() else _FOREIGN.sub(_folded, text)


def _folded(match: re.Match[str]) -> str:
    return _plain(match.group())


@lru_cache(maxsize=4_096)
def _plain(char: str) -> str:
    digit = unicodedata.decimal(char, None)
    if digit is not None:
        return str(digit)
    category = unicodedata.category(char)
    if category == "Pd" or char in _DASHES:
        return "-"
    if category in ("Zs", "Cf"):
        return " "
    if char in _QUOTES:
        return "'"
    # Full-width letters and signs, as East Asian keyboards write them.
    if unicodedata.decomposition(char).startswith("<wide>"):
        return unicodedata.normalize("NFKC", char)
    return char
