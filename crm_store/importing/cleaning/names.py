"""Names of people: the case that they are read in."""

import re

from crm_store.importing.cleaning.rules import rule

_WORD = re.compile(r"[^\W\d_]+(?:[’'][^\W\d_]+)*")
_PARTICLES = frozenset(
    [
        "von",
        "van",
        "der",
        "den",
        "de",
        "del",
        "della",
        "di",
        "da",
        "dos",
        "das",
        "du",
        "la",
        "le",
        "ten",
        "ter",
        "zu",
        "zum",
        "zur",
        "und",
        "af",
        "av",
        "bin",
        "ibn",
    ]
)
_MC = re.compile(r"^(mc)([^\W\d_]{3,})$", re.IGNORECASE)
_LEGAL = {
    word.casefold(): word
    for word in [
        "GmbH",
        "AG",
        "KG",
        "OHG",
        "UG",
        "mbH",
        "e.V.",
        "SE",
        "Ltd",
        "LLC",
        "Inc",
        "PLC",
        "BV",
        "NV",
        "SA",
        "SARL",
        "SpA",
        "II",
        "III",
        "IV",
    ]
}
_SHORT = 3
_is_name = re.compile(r"[^\W\d_][^\W\d_\s.,’'&/-]*(?:[\s.,’'&/-]+[^\W\d_]*)*").fullmatch
"""Letters and what stands between the words of a name; anything else is left as it is."""


@rule("name_case")
def name_case(name: str) -> str:
    """Write names that are all capitals or all small letters as names are written."""
    if not (name.isupper() or name.islower()) or not _is_name(name):
        return name
    if " " not in name and len(name) <= _SHORT:
        return name  # initials, an abbreviation
    position = 0

    def word(match: re.Match[str]) -> str:
        nonlocal position
        position += 1
        text = match.group()
        lower = text.lower()
        if lower in _LEGAL and position > 1:
            return _LEGAL[lower]
        if lower in _PARTICLES and position > 1 and match.end() < len(name):
            return lower
        found = _MC.match(text)
        if found:
            return "Mc" + found.group(2).capitalize()
        return _capitalise(lower)

    return _WORD.sub(word, name)


def _capitalise(word: str) -> str:
    """``o'neil`` is ``O'Neil``; what follows the apostrophe is small where it is one letter."""
    parts = re.split(r"([’'])", word)
    return "".join(
        part if len(part) == 1 and index else part.capitalize() for index, part in enumerate(parts)
    )
