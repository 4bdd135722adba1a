"""Sums of money with their currency; all texts are folded."""

import re
from collections.abc import Iterator

from bot.components.entities.found import Found
from bot.components.entities.number_words import NUMBER_WORDS, read_number

AMOUNT = "amount"

# Signs and codes stand before or behind the figure, words behind it; longer ones come first.
_SIGNS = {
    "EUR": ("€", "eur"),
    "USD": (r"us\$", r"\$", "usd"),
    "GBP": ("£", "gbp"),
    "CHF": ("chf", r"sfr\.?"),
    "SEK": ("sek",),
    "NOK": ("nok",),
    "DKK": ("dkk",),
    "PLN": ("pln", "zł"),
    "CZK": ("czk", "kč"),
    "JPY": ("¥", "jpy"),
}
_WORDS = {
    "EUR": ("euros", "euro", "eruos?"),
    "USD": ("us dollars?", "dollars?", "bucks?"),
    "GBP": ("pounds?(?: sterling)?", "quid"),
    "CHF": ("swiss francs?", "francs?"),
    "SEK": ("swedish kron(?:or|a)",),
    "NOK": ("norwegian kron(?:er|e)",),
    "DKK": ("danish kron(?:er|e)",),
    "PLN": ("zloty(?:s|ch)?",),
    "JPY": ("yen",),
}
_CENTS = r"cents?|ct|pence"
_WITHOUT_CENTS = frozenset({"JPY"})
_MINOR_DIGITS = 2
_MOST = 10**11
"""Larger sums are no sums but mistakes, and would not fit the store's columns."""

_NAMED = [
    (re.compile(form, re.IGNORECASE), code)
    for forms in (_WORDS, _SIGNS)
    for code, of_code in forms.items()
    for form in of_code
]
_SIGN = "|".join(form for forms in _SIGNS.values() for form in forms)
_WORD = "|".join(form for forms in _WORDS.values() for form in forms)
_FIGURE = r"\d{1,3}(?:[.,' ]\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d{1,9}(?:[.,]\d{1,2})?(?!\d)"
_DASH_FOR_CENTS = r"(?:[.,]?-{1,2})?"
# "5€50", "5 euros and 50 cents", "5 euros 50." but not "30 € 12 times".
_TAIL = rf"(?:\s?(?:and )?(?P<cents>\d\d)\s?(?:{_CENTS})\b|\s?(?P<tail>\d\d)(?=\s*(?:[.!?]|$))"

_BEHIND = re.compile(
    rf"(?<![\w.,])(?P<figure>{_FIGURE}){_DASH_FOR_CENTS}(?P<thousand>k\b)?\s{{0,2}}"
    rf"(?P<currency>{_WORD}|{_SIGN})(?![a-z])(?:{_TAIL}))?",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    rf"(?<!\w)(?P<currency>{_SIGN})\s?(?P<figure>{_FIGURE}){_DASH_FOR_CENTS}(?P<thousand>k\b)?",
    re.IGNORECASE,
)
_IN_WORDS = re.compile(
    rf"\b(?P<figure>{NUMBER_WORDS})[\s-]+(?P<currency>{_WORD})(?![a-z])", re.IGNORECASE
)
_ONLY_CENTS = re.compile(rf"(?<![\w.,])(?P<figure>\d{{1,3}})\s?(?:{_CENTS})\b", re.IGNORECASE)
_TRIGGER = re.compile(rf"{_WORD}|{_SIGN}|{_CENTS}", re.IGNORECASE)


def amounts(text: str, currency: str) -> Iterator[Found]:
    """Sums of money as they were said, with ``minor`` (in cents) and ``currency`` (ISO 4217).

    ``currency`` is the one of which bare cents are.
    """
    if not _TRIGGER.search(text):
        return
    for rule in (_BEHIND, _BEFORE, _IN_WORDS):
        for match in rule.finditer(text):
            parts = match.groupdict()
            code = _code(parts["currency"])
            minor = _minor(parts, code)
            if minor is not None:
                yield _found(match, minor, code)
    for match in _ONLY_CENTS.finditer(text):
        yield _found(match, int(match.group("figure")), currency)


def _found(match: re.Match[str], minor: int, code: str) -> Found:
    value = " ".join(match.group().split())
    return Found(AMOUNT, match.start(), match.end(), value, {"minor": minor, "currency": code})


def _code(said: str) -> str:
    return next(code for form, code in _NAMED if form.fullmatch(said))


def _minor(parts: dict[str, str | None], code: str) -> int | None:
    figure = parts["figure"] or ""
    if not figure[0].isdigit():
        whole, cents = read_number(figure), 0
    else:
        whole, cents = _read_figure(figure)
    if parts.get("thousand"):
        whole, cents = whole * 1_000 + cents * 10, 0
    cents = int(parts.get("cents") or parts.get("tail") or cents)
    if code in _WITHOUT_CENTS:
        return whole if whole < _MOST else None
    minor = whole * 10**_MINOR_DIGITS + cents
    return minor if minor < _MOST else None


def _read_figure(figure: str) -> tuple[int, int]:
    """Whole units and cents; one or two digits behind the last sign are cents, three are not."""
    decimals = re.search(r"[.,](\d{1,2})$", figure)
    whole = figure[: decimals.start()] if decimals else figure
    cents = decimals.group(1).ljust(_MINOR_DIGITS, "0") if decimals else "0"
    return int(re.sub(r"\D", "", whole)), int(cents)
