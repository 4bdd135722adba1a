"""Cleaning a column: every cell becomes a value of its field, nothing, or a reason why not."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from crm_store.importing.cleaning.countries import clean_country
from crm_store.importing.cleaning.dates import DateReading, clean_moment
from crm_store.importing.cleaning.emails import clean_email
from crm_store.importing.cleaning.missing import is_missing
from crm_store.importing.cleaning.names import name_case
from crm_store.importing.cleaning.numbers import clean_integer, read_money
from crm_store.importing.cleaning.ordinary import ordinary_of
from crm_store.importing.cleaning.phone_shapes import ordinary_phone
from crm_store.importing.cleaning.phones import clean_phone
from crm_store.importing.cleaning.rules import BadValue, Tally
from crm_store.importing.cleaning.text import clean_body, clean_line
from crm_store.importing.cleaning.words import (
    clean_boolean,
    clean_choice,
    clean_currency,
    clean_locale,
)
from crm_store.importing.fields import Field, Kind
from crm_store.importing.guarding import unguard
from crm_store.importing.reading.base import MAX_CELL

Cells = Sequence[Any]
Known = tuple[Any, dict[str, int] | None, str | None]
_NONE = type(None)
_TEXTS = {str, _NONE}
_REMEMBERED = 20_000
_LONGEST_MARKER = 16


class ColumnCleaner:
    """Cleans the cells of one column; what a cell means is remembered while that pays."""

    def __init__(
        self,
        field: Field,
        *,
        dates: DateReading,
        latest: datetime,
        values: dict[str, str] | None = None,
        decimal_mark: str | None = None,
    ) -> None:
        self.field = field
        self._dates = dates
        self._latest = latest
        self._decimal_mark = decimal_mark
        self._values = {key.strip().casefold(): value for key, value in (values or {}).items()}
        self._one = _CLEANERS[field.kind]
        self._ordinary = None if self._values else ordinary_of(field)
        self._tidy = clean_body if field.kind is Kind.BODY else clean_line
        self._scratch: Tally = Counter()
        self._known: dict[str, Known] = {}

    def clean(self, cells: Cells, tally: Tally) -> tuple[list[Any], list[tuple[int, str]]]:
        """The values, and where there is none for a cell, its place and the reason."""
        kinds = set(map(type, cells))
        if kinds - _TEXTS:
            # Of a spreadsheet: nothing is remembered by these, since 1 and True are the same key.
            return _told([self._meaning(cell) for cell in cells], tally)
        texts = ["" if cell is None else cell for cell in cells] if _NONE in kinds else list(cells)
        if self._ordinary is None:
            return self._by_meaning(texts, tally)
        odd = [at for at, fits in enumerate(map(self._ordinary, texts)) if not fits]
        values, bad = self._by_meaning([texts[at] for at in odd], tally)
        for at, value in zip(odd, values, strict=True):
            texts[at] = value
        return texts, [(odd[at], reason) for at, reason in bad]

    def _by_meaning(
        self, texts: list[str], tally: Tally
    ) -> tuple[list[Any], list[tuple[int, str]]]:
        """The same of texts, each different one looked at once."""
        times = Counter(texts)
        meanings = {text: self._meaning(text) for text in times}
        refused = False
        for text, (_, rules, reason) in meanings.items():
            if rules is not None:
                for rule in rules:
                    tally[rule] += rules[rule] * times[text]
            refused = refused or reason is not None
        values = [meanings[text][0] for text in texts]
        if not refused:
            return values, []
        reasons = enumerate(meanings[text][2] for text in texts)
        return values, [(at, reason) for at, reason in reasons if reason is not None]

    def _meaning(self, cell: Any) -> Known:
        if cell is None or cell == "":
            return None, None, None
        if type(cell) is not str:
            return self._look(cell, None)
        found = self._known.get(cell)
        if found is None:
            found = self._look(cell, None)
            if len(self._known) < _REMEMBERED:
                self._known[cell] = found
        return found

    def clean_phones(
        self, cells: Cells, regions: Cells, tally: Tally
    ) -> tuple[list[Any], list[tuple[int, str]]]:
        """The same for phone numbers, each read as one of its row's country."""
        values: list[Any] = []
        bad: list[tuple[int, str]] = []
        written = 0
        for at, (cell, region) in enumerate(zip(cells, regions, strict=True)):
            if cell is None or cell == "":
                values.append(None)
                continue
            if type(cell) is str and not self._values and cell[-1] != " ":
                number = ordinary_phone(cell, region)
                if number is not None:
                    values.append(number)
                    written += number != cell
                    continue
            value, rules, reason = self._look(cell, region)
            values.append(value)
            if rules is not None:
                for rule in rules:
                    tally[rule] += rules[rule]
            if reason is not None:
                bad.append((at, reason))
        if written:
            tally["phone_format"] += written
        return values, bad

    def _look(self, cell: Any, region: str | None) -> Known:
        scratch = self._scratch
        value, reason = None, None
        try:
            value = self._value(cell, region, scratch)
        except BadValue as bad:
            reason = bad.reason
        if not scratch:
            return value, None, reason
        rules = dict(scratch)
        scratch.clear()
        return value, rules, reason

    def _value(self, cell: Any, region: str | None, tally: Tally) -> Any:
        if isinstance(cell, str):
            if len(cell) > MAX_CELL:
                raise BadValue(f"a cell of {len(cell):,} characters")
            if cell[0] == "'":
                plain = unguard(cell)
                if plain is not cell:
                    tally["formula_guard"] += 1
                    cell = plain
            cell = self._tidy(cell, tally)
            if not cell:
                return None
            if len(cell) <= _LONGEST_MARKER and is_missing(cell):
                tally["missing_marker"] += 1
                return None
            if self._values:
                cell = self._values.get(cell.casefold(), cell)
                if not cell:
                    return None
        return self._one(self, cell, region, tally)

    # One method a kind: each takes a tidy text, or a value of the file's own type.

    def _text(self, cell: Any, _region: str | None, _tally: Tally) -> str:
        text = _as_text(cell)
        if len(text) > self.field.limit:
            raise BadValue(f"longer than {self.field.limit:,} characters")
        return text

    def _name(self, cell: Any, region: str | None, tally: Tally) -> str:
        text = self._text(cell, region, tally)
        if not any(letter.isalpha() for letter in text):
            raise BadValue("a name without letters")
        written = name_case(text)
        if written != text:
            tally["name_case"] += 1
        return written

    def _email(self, cell: Any, _region: str | None, tally: Tally) -> str:
        return clean_email(_as_text(cell), tally)

    def _phone(self, cell: Any, region: str | None, tally: Tally) -> str:
        return clean_phone(_as_text(cell), region, tally)

    def _country(self, cell: Any, _region: str | None, tally: Tally) -> str:
        return clean_country(_as_text(cell), tally)

    def _money(self, cell: Any, _region: str | None, tally: Tally) -> tuple[Decimal, str | None]:
        return read_money(cell, self._decimal_mark, tally)

    def _integer(self, cell: Any, _region: str | None, tally: Tally) -> int:
        return clean_integer(
            cell,
            tally,
            least=self.field.least,
            most=self.field.most,
            decimal_mark=self._decimal_mark,
        )

    def _boolean(self, cell: Any, _region: str | None, tally: Tally) -> bool:
        return clean_boolean(cell, tally)

    def _moment(self, cell: Any, _region: str | None, tally: Tally) -> datetime | None:
        return clean_moment(cell, self._dates, tally, latest=self._latest)

    def _choice(self, cell: Any, _region: str | None, tally: Tally) -> str:
        return clean_choice(_as_text(cell), self.field.choices, tally)

    def _locale(self, cell: Any, _region: str | None, tally: Tally) -> str:
        return clean_locale(_as_text(cell), tally)

    def _currency(self, cell: Any, _region: str | None, tally: Tally) -> str:
        return clean_currency(_as_text(cell), tally)

    def _list(self, cell: Any, region: str | None, tally: Tally) -> list[str]:
        text = self._text(cell, region, tally).strip("[]")
        for mark in (";", "|", ","):
            if mark in text:
                parts = (part.strip(" \"'") for part in text.split(mark))
                return [part for part in parts if part]
        return [text]


def _told(found: Sequence[Known], tally: Tally) -> tuple[list[Any], list[tuple[int, str]]]:
    for _, rules, _ in found:
        tally.update(rules or {})
    bad = [(at, reason) for at, (_, _, reason) in enumerate(found) if reason is not None]
    return [value for value, _, _ in found], bad


def _as_text(cell: Any) -> str:
    """A number from a spreadsheet as it was typed: 10115.0 is 10115."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, bool | int | float | Decimal):
        return str(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    return str(cell)


_CLEANERS: dict[Kind, Callable[..., Any]] = {
    Kind.LINE: ColumnCleaner._text,
    Kind.BODY: ColumnCleaner._text,
    Kind.CODE: ColumnCleaner._text,
    Kind.NAME: ColumnCleaner._name,
    Kind.EMAIL: ColumnCleaner._email,
    Kind.PHONE: ColumnCleaner._phone,
    Kind.COUNTRY: ColumnCleaner._country,
    Kind.MONEY: ColumnCleaner._money,
    Kind.CURRENCY: ColumnCleaner._currency,
    Kind.INTEGER: ColumnCleaner._integer,
    Kind.BOOLEAN: ColumnCleaner._boolean,
    Kind.MOMENT: ColumnCleaner._moment,
    Kind.CHOICE: ColumnCleaner._choice,
    Kind.LOCALE: ColumnCleaner._locale,
    Kind.LIST: ColumnCleaner._list,
}
