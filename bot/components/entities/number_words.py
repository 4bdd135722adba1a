"""Numbers that are written as words, up to the thousands."""

_UNITS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90,
}  # fmt: skip
_SCALES = {"hundred": 100, "thousand": 1_000}

_WORD = "|".join(sorted((*_UNITS, *_TENS, *_SCALES), key=len, reverse=True))
NUMBER_WORDS = rf"(?:an?\s+(?={'|'.join(_SCALES)}))?(?:{_WORD})(?:(?:\s+and\s+|[\s-]+)(?:{_WORD}))*"
"""A pattern for the words of one number; it needs IGNORECASE and a word's end behind it."""


def read_number(said: str) -> int:
    """The number that a match of ``NUMBER_WORDS``, or a row of digits, stands for.

    Raises:
        KeyError: a word is none of a number.
    """
    if said.strip().isdigit():
        return int(said)
    total = current = 0
    for word in said.lower().replace("-", " ").split():
        if word in ("a", "an"):
            current = 1
        elif word == "hundred":
            current = max(current, 1) * 100
        elif word == "thousand":
            total, current = total + max(current, 1) * 1_000, 0
        elif word != "and":
            current += _UNITS[word] if word in _UNITS else _TENS[word]
    return total + current
