"""Numbers and amounts of money in the notations that people use."""

import re
import unicodedata
from decimal import Decimal, InvalidOperation

from crm_store.importing.cleaning.rules import BadValue, Tally, rule

_is_whole = re.compile(r"-?\d{1,15}").fullmatch
_is_plain = re.compile(r"-?\d{1,12}\.\d{1,2}").fullmatch
_NUMBER = re.compile(r"[+-]?\d[\d.,'’\u00a0\u202f\u2009 _]*-?|[+-]?[.,]\d+")
_GROUPING = str.maketrans("", "", "'’ \u00a0\u202f\u2009_")
_SYMBOLS = {
    "€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY", "￥": "CNY", "元": "CNY", "円": "JPY",
    "₩": "KRW", "₹": "INR", "₽": "RUB", "₺": "TRY", "zł": "PLN", "Kč": "CZK", "CHF": "CHF",
    "Fr.": "CHF", "US$": "USD", "A$": "AUD", "C$": "CAD", "HK$": "HKD", "R$": "BRL", "RMB": "CNY",
    "人民币": "CNY", "EURO": "EUR", "Euro": "EUR", "euro": "EUR",
}  # fmt: skip
_BY_LENGTH = sorted(_SYMBOLS, key=len, reverse=True)
_CODE = re.compile(r"(?<![A-Za-z])([A-Za-z]{3})(?![A-Za-z])")
_NO_MINOR = frozenset(
    [
        "JPY",
        "KRW",
        "VND",
        "CLP",
        "ISK",
        "UGX",
        "XAF",
        "XOF",
        "XPF",
        "PYG",
        "RWF",
        "KMF",
        "GNF",
        "DJF",
        "BIF",
        "VUV",
    ]
)
_THREE_MINOR = frozenset(["KWD", "BHD", "OMR", "JOD", "TND", "IQD", "LYD"])
_LARGEST = 10**9


def minor_digits(currency: str) -> int:
    """How many digits a currency has after the decimal mark."""
    return 0 if currency in _NO_MINOR else 3 if currency in _THREE_MINOR else 2


@rule("number_notation")
def read_decimal(text: str, decimal_mark: str | None, tally: Tally) -> Decimal:
    """Read numbers with any thousands and decimal marks, trailing or bracketed minus."""
    if _is_whole(text) or (decimal_mark != "," and _is_plain(text)):
        return Decimal(text)
    tally["number_notation"] += 1
    text = unicodedata.normalize("NFKC", text).replace("−", "-").strip()
    negative = text.startswith("(") and text.endswith(")")
    if negative:
        text = text[1:-1].strip()
    if not _NUMBER.fullmatch(text):
        raise BadValue("not a number")
    if text.endswith("-"):
        negative, text = True, text[:-1]
    try:
        number = Decimal(_with_point(text.translate(_GROUPING), decimal_mark))
    except InvalidOperation:
        raise BadValue("not a number") from None
    return -number if negative else number


@rule("currency_symbol")
def split_currency(text: str, tally: Tally) -> tuple[str, str | None]:
    """Take a currency's symbol or code off an amount."""
    for symbol in _BY_LENGTH:
        if symbol in text:
            tally["currency_symbol"] += 1
            return text.replace(symbol, "", 1).replace(" ,", ",").strip(), _SYMBOLS[symbol]
    match = _CODE.search(text)
    if match is None:
        return text, None
    tally["currency_symbol"] += 1
    return (text[: match.start()] + text[match.end() :]).strip(), match.group(1).upper()


def read_money(cell: object, decimal_mark: str | None, tally: Tally) -> tuple[Decimal, str | None]:
    """An amount, and the currency that is written with it if any.

    Args:
        cell: a number, or a text such as ``1.234,56 €``, ``$1,234.56`` or ``(12.00)``.
        decimal_mark: the column's, "." or ",", where it is known.
        tally: counts the rules.

    Raises:
        BadValue: not an amount.
    """
    if isinstance(cell, str):
        if _is_whole(cell) or (decimal_mark != "," and _is_plain(cell)):
            return Decimal(cell), None
        bracketed = cell.startswith("(") and cell.endswith(")")
        text, written = split_currency(cell[1:-1] if bracketed else cell, tally)
        return read_decimal(f"({text})" if bracketed else text, decimal_mark, tally), written
    if isinstance(cell, bool) or not isinstance(cell, int | float | Decimal):
        raise BadValue("not an amount")
    if isinstance(cell, float):
        return Decimal(str(round(cell, 6))), None  # a spreadsheet's 0.1 + 0.2
    return Decimal(cell), None


def in_minor_units(amount: Decimal, currency: str) -> int:
    """The amount in the currency's smallest coin.

    Raises:
        BadValue: finer than that, or beyond any amount.
    """
    if not amount.is_finite() or abs(amount) >= _LARGEST:
        raise BadValue("an impossible amount")
    scaled = amount.scaleb(minor_digits(currency))
    if scaled != scaled.to_integral_value():
        raise BadValue("finer than the currency's smallest coin")
    return int(scaled)


def clean_integer(
    cell: object, tally: Tally, *, least: int, most: int, decimal_mark: str | None = None
) -> int:
    """A whole number within its limits.

    Raises:
        BadValue: not one, or an impossible one.
    """
    if isinstance(cell, bool):
        raise BadValue("not a number")
    number = (
        Decimal(str(cell))
        if isinstance(cell, int | float | Decimal)
        else read_decimal(str(cell), decimal_mark, tally)
    )
    if not number.is_finite() or number != number.to_integral_value():
        raise BadValue("not a whole number")
    if not least <= number <= most:
        raise BadValue(f"impossible: {least} to {most} is expected")
    return int(number)


def decimal_mark_of(cells: list[object]) -> str | None:
    """The decimal mark of a column, from its values; None where they leave it open."""
    marks: set[str] = set()
    for cell in cells:
        if not isinstance(cell, str):
            continue
        match = re.search(r"([.,])(\d+)\D*$", cell)
        if match is None:
            continue
        mark, other = match.group(1), "," if match.group(1) == "." else "."
        before = cell[: match.start()]
        if len(match.group(2)) != 3 or other in before:
            if mark not in before:
                marks.add(mark)
        elif mark in before:
            marks.add(other)  # 1.234.567: these are thousands
    return marks.pop() if len(marks) == 1 else None


def _with_point(text: str, decimal_mark: str | None) -> str:
    point, comma = text.rfind("."), text.rfind(",")
    if point >= 0 and comma >= 0:
        mark = "." if point > comma else ","
    elif point < 0 and comma < 0:
        return text
    else:
        mark = "." if point >= 0 else ","
        after = len(text) - text.rfind(mark) - 1
        several = text.count(mark) > 1
        if several or (after == 3 and decimal_mark != mark):
            _check_groups(text, mark)
            return text.replace(mark, "")
    other = "," if mark == "." else "."
    whole, _, fraction = text.rpartition(mark)
    if other in whole:
        _check_groups(whole, other)
    if mark in whole:
        raise BadValue("not a number")
    return f"{whole.replace(other, '')}.{fraction}"


def _check_groups(text: str, mark: str) -> None:
    first, *groups = text.lstrip("+-").split(mark)
    if not 1 <= len(first) <= 3 or any(len(group) not in (2, 3) for group in groups):
        raise BadValue("not a number")
