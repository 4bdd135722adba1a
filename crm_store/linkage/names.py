"""Names in the one form in which they are compared: no case, accents, titles or particles' dots."""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources

_TITLES = {
    "mr", "mrs", "ms", "miss", "mx", "sir", "dr", "prof", "herr", "frau", "dipl", "ing", "mag",
    "madame", "monsieur", "mme", "sr", "sra", "srta", "don", "dona",
}  # fmt: skip
_GENERATIONS = {
    "jr": "2", "jun": "2", "junior": "2", "ii": "2", "iii": "3", "iv": "4",
    "senior": "1", "sen": "1",
}  # fmt: skip
# "Sr" before a name is Spanish for Mr, behind it English for senior.
_SENIOR_BEHIND = "sr"
_SPELLED = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "ı": "i", "đ": "d", "æ": "a", "œ": "o"})
# Müller is Mueller on a keyboard without umlauts, and Muller in a system without them.
_UMLAUTS = re.compile("(?:ae|oe|ue)")
_APOSTROPHES = re.compile("['’ʼ`´]")
_NOT_A_LETTER = re.compile(r"[^\w\s]|[\d_]")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2,5}")


@dataclass(frozen=True, slots=True)
class Name:
    """A name taken apart; parts that it does not have are None.

    Attributes:
        given: every name but the last one.
        given_root: what the first given name is short for, or that name itself.
        family: the last name.
        key: all of its parts in alphabetical order, so that a swapped name has the same.
        generation: ``1`` for senior, ``2`` for junior, and on.
    """

    given: str | None
    given_root: str | None
    family: str | None
    key: str | None
    generation: str | None


def read_name(text: str) -> Name:
    """The name as it is compared. ``Family, Given`` is understood."""
    if text.count(",") == 1:
        before, behind = text.split(",")
        if fold(behind) not in _GENERATIONS and fold(behind) != _SENIOR_BEHIND:
            text = f"{behind} {before}"
    parts = fold(text).split()
    generation = None
    if len(parts) > 2 and (parts[-1] in _GENERATIONS or parts[-1] == _SENIOR_BEHIND):
        generation = _GENERATIONS.get(parts.pop(), "1")
    while len(parts) > 1 and parts[0] in _TITLES:
        parts.pop(0)
    if not parts:
        return Name(None, None, None, None, generation)
    if len(parts) == 1 and _UNSPACED.fullmatch(parts[0]):
        parts = [parts[0][1:], parts[0][0]]  # Chinese, Japanese, Korean: the family's comes first
    names = " ".join(parts[:-1]) or None
    root = _roots().get(parts[0], parts[0]) if names else None
    return Name(names, root, parts[-1], " ".join(sorted(parts)), generation)


def fold(text: str) -> str:
    """The text in small letters without accents and punctuation, one space between words."""
    text = _APOSTROPHES.sub("", text)
    text = unicodedata.normalize("NFKC", text).casefold().translate(_SPELLED)
    text = unicodedata.normalize("NFKD", text)
    text = "".join(char for char in text if not unicodedata.combining(char))
    text = _NOT_A_LETTER.sub(" ", unicodedata.normalize("NFC", text))
    return " ".join(_UMLAUTS.sub(lambda found: found[0][0], text).split())


@cache
def _roots() -> dict[str, str]:
    text = (resources.files(__package__) / "short_forms.toml").read_text(encoding="utf-8")
    return {
        fold(short): fold(full)
        for full, shorts in tomllib.loads(text)["short_forms"].items()
        for short in (full, *shorts)
    }
