"""Order and ticket numbers, in any spelling that people type.

All texts here are folded, see ``folding``.
"""

import re
from collections.abc import Iterator

from bot.components.entities.found import Found

ORDER, TICKET = "order_number", "ticket_number"

_DIGITS = 7
_LETTERS = str.maketrans("OolI|", "00111")

# Seven digits with at most one sign between two of them. Letters that are taken for digits count
# only where they are glued to the number: "kf 1234567 I want" ends at the 7.
_SEVEN = rf"\d(?:[ .\-/]?\d){{{_DIGITS - 1}}}"
_SEVEN_OR_LETTERS = rf"[\dOolI|](?:[ .\-/]?\d|[OolI|]){{{_DIGITS - 1}}}"
_NUMBER_WORD = r"(?:(?:number|numbr|nummer|num|no|nr|nbr|id|ref(?:erence)?)\b\.?)"
_END = r"(?![\w@]|[.,\-/]\d)"
_START = r"(?<![\w@+./,\-])"

_PREFIX = r"(?<![\w\-])(?:K[ .]?F\b|F[ ]?K\b|K\.F\.|KF|FK|kay[ \-]?eff?\b)"
_KF = re.compile(
    rf"{_PREFIX}[\s.\-_#:/]{{0,3}}(?:{_NUMBER_WORD}[\s.:#]{{0,3}})?"
    rf"(?:({_SEVEN_OR_LETTERS}){_END}|(\d{{4,10}})(?!\w))",
    re.IGNORECASE,
)
_BARE = re.compile(rf"{_START}#?(\d{{{_DIGITS}}}){_END}")
_SAID_ORDER = re.compile(
    rf"\b(?:order|ordr|oder|purchase)s?\s*{_NUMBER_WORD}?\s*(?:is|was)?\s*[:#=\-.]*\s*({_SEVEN}){_END}",
    re.IGNORECASE,
)
_T = re.compile(rf"(?<![\w\-])(T[ \-_#:.]{{0,2}}{_SEVEN}){_END}", re.IGNORECASE)
_SAID_TICKET = re.compile(
    rf"\b(?:(?:ticket|tkt|tiket)s?\s*{_NUMBER_WORD}?|case\s*(?:{_NUMBER_WORD}|\#))"
    rf"\s*(?:is|was)?\s*[:#=\-.]*\s*(T?[ \-]?{_SEVEN}){_END}",
    re.IGNORECASE,
)


def order_numbers(text: str) -> Iterator[Found]:
    """Order numbers as ``KF-1234567``; with KF in front a wrong number is one, too."""
    for match in _KF.finditer(text):
        digits = match.group(1) or match.group(2)
        yield Found(ORDER, match.start(), match.end(), f"KF-{_digits(digits)}")
    for rule in (_BARE, _SAID_ORDER):
        for match in rule.finditer(text):
            yield Found(ORDER, match.start(1), match.end(1), f"KF-{_digits(match.group(1))}")


def ticket_numbers(text: str) -> Iterator[Found]:
    """Ticket numbers as ``T-1234567``."""
    for rule in (_T, _SAID_TICKET):
        for match in rule.finditer(text):
            yield Found(TICKET, match.start(1), match.end(1), f"T-{_digits(match.group(1))}")


def _digits(said: str) -> str:
    return re.sub(r"\D", "", said.translate(_LETTERS))
