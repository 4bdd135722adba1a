"""What a column's values look like."""

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime

from crm_store.countries import country_codes
from crm_store.importing.cleaning.missing import is_missing
from crm_store.importing.cleaning.text import collapse_spaces
from crm_store.importing.fields import Field, Kind

_EMAIL = re.compile(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>.]{2,}").fullmatch
_PHONE = re.compile(r"[+(]?\d[\d ()./-]{5,20}").fullmatch
_DATE = re.compile(
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}([T ].*)?|\d{1,2}[-/.]\d{1,2}[-/.](\d{4}|\d\d)([T ,].*)?"
    r"|\d{4}年\d{1,2}月\d{1,2}日.*|\d{1,2}\.? [^\W\d]{3,9}\.? \d{4}.*"
    r"|[^\W\d]{3,9} \d{1,2},? \d{4}.*"
).fullmatch
_EPOCH = re.compile(r"1\d{9}(\d{3})?").fullmatch
_MONEY = re.compile(
    r"\(?[-+]?(?:[A-Z]{3}|[€$£¥￥])? ?[-+]?[\d.,'’ ]*\d ?(?:[A-Z]{3}|[€$£¥元]|EUR)?\)?"
).fullmatch
_INTEGER = re.compile(r"[-+]?\d{1,9}(?:\.0)?").fullmatch
_CURRENCY = re.compile(r"[A-Za-z]{3}|[€$£¥￥]").fullmatch
_LOCALE = re.compile(r"[a-z]{2}([-_][A-Za-z]{2,4})?").fullmatch
_BOOLEAN = frozenset(
    [
        "0",
        "1",
        "true",
        "false",
        "yes",
        "no",
        "ja",
        "nein",
        "y",
        "n",
        "t",
        "f",
        "是",
        "否",
        "on",
        "off",
        "x",
    ]
)
_WORDS = re.compile(r"[^\W\d_][^\d@]*").fullmatch


def sample_of(cells: Sequence[object]) -> list[str]:
    """The column's texts that are something."""
    texts = (
        cell.isoformat() if isinstance(cell, date | datetime) else collapse_spaces(str(cell))
        for cell in cells
        if cell is not None
    )
    return [text for text in texts if text and not is_missing(text)]


def fit(field: Field, texts: Sequence[str]) -> float | None:
    """The share of the texts that look like the field's values; None where any text would do."""
    if not texts:
        return None
    looks = _LOOKS.get(field.kind)
    if field.kind is Kind.CHOICE:
        known = field.choices
        return _share(texts, lambda text: " ".join(re.split(r"[\s_-]+", text.casefold())) in known)
    return None if looks is None else _share(texts, looks)


def contradicts(field: Field, texts: Sequence[str]) -> bool:
    """Whether the texts are clearly not the field's, even where its column has the field's name.

    People are called in more ways than any pattern knows; a number, an address or a date is none.
    """
    if field.kind is Kind.NAME:
        return _share(texts, _is_no_name) > 0.5
    share = fit(field, texts)
    return share is not None and share < 0.4


def _is_no_name(text: str) -> bool:
    return not any(map(str.isalpha, text)) or bool(_EMAIL(text) or _DATE(text) or _MONEY(text))


def _share(texts: Sequence[str], looks: Callable[[str], object]) -> float:
    return sum(1 for text in texts if looks(text)) / len(texts)


def _is_phone(text: str) -> bool:
    return bool(_PHONE(text)) and not _DATE(text) and sum(map(str.isdigit, text)) >= 7


_LOOKS: dict[Kind, Callable[[str], object]] = {
    Kind.EMAIL: _EMAIL,
    Kind.PHONE: _is_phone,
    Kind.MOMENT: lambda text: _DATE(text) or _EPOCH(text),
    Kind.COUNTRY: lambda text: text.casefold() in country_codes(),
    Kind.MONEY: _MONEY,
    Kind.INTEGER: _INTEGER,
    Kind.CURRENCY: _CURRENCY,
    Kind.LOCALE: _LOCALE,
    Kind.BOOLEAN: lambda text: text.casefold() in _BOOLEAN,
    Kind.NAME: _WORDS,
}

TELLING: frozenset[Kind] = frozenset({Kind.EMAIL, Kind.MOMENT, Kind.COUNTRY, Kind.PHONE})
"""Kinds that are known by their values alone, whatever the column is called."""
