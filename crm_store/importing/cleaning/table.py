"""Cleaning batches: raw rows in, rows of the target's fields out, and what is wrong with others."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import compress
from typing import Any

from crm_store.importing.ahead import Made
from crm_store.importing.cleaning.columns import ColumnCleaner
from crm_store.importing.cleaning.date_order import Contradiction, day_comes_first
from crm_store.importing.cleaning.dates import DateReading
from crm_store.importing.cleaning.numbers import decimal_mark_of, in_minor_units
from crm_store.importing.cleaning.rules import BadValue, Tally
from crm_store.importing.errors import BadMapping
from crm_store.importing.fields import Field, Kind, Target
from crm_store.importing.mapping.evidence import sample_of
from crm_store.importing.mapping.model import BadValues, ColumnMapping, Mapping
from crm_store.importing.packed import CleanRows, RawRows
from crm_store.importing.reading import RawBatch

Columns = dict[str, list[Any]]
Problems = dict[int, tuple[str, str]]
"""By the place of a row: the column, and what is wrong with it."""
_DECIDED = {Kind.MONEY, Kind.INTEGER}
_NEXT_DAY = timedelta(days=1)
_AHEAD = timedelta(days=3_650)


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that is not imported: which, because of which column, why, and what stands there."""

    number: int
    column: str
    reason: str
    cells: Sequence[Any]


@dataclass(slots=True)
class CleanBatch:
    """What a batch came to; ``rows``, ``numbers`` and ``raw`` go together."""

    read: int
    numbers: list[int] = field(default_factory=list)
    rows: CleanRows = field(default_factory=lambda: CleanRows({}))
    raw: RawRows = field(default_factory=lambda: RawRows(()))
    rejects: list[Reject] = field(default_factory=list)
    tally: Tally = field(default_factory=Counter)
    made: Made | None = None
    """What the rows become in the store, where it was made ahead of time."""


def settle(mapping: Mapping, target: Target, header: Sequence[str], rows: Sequence[Any]) -> Mapping:
    """The mapping with what the columns' values decide: day or month first, the decimal mark.

    Raises:
        BadMapping: a column's dates contradict one another.
    """
    columns = {}
    for name, column in mapping.columns.items():
        found = target.field(column.field)
        at = header.index(name)
        if found is None:
            continue
        texts = sample_of([row[at] for row in rows])
        columns[name] = _settled(column, found, texts, mapping.region)
    return mapping.model_copy(update={"columns": columns})


def _settled(
    column: ColumnMapping, found: Field, texts: list[str], region: str | None
) -> ColumnMapping:
    if found.kind is Kind.MOMENT and column.day_first is None and column.format is None:
        try:
            return column.model_copy(update={"day_first": day_comes_first(texts, region)})
        except Contradiction:
            raise BadMapping(
                f"{column.field}: some dates have the day first, others the month; "
                "say `day_first` in the mapping"
            ) from None
    if found.kind in _DECIDED and column.decimal is None:
        return column.model_copy(update={"decimal": decimal_mark_of(list(texts))})
    return column


class TableCleaner:
    """Cleans the batches of one file by a settled mapping."""

    def __init__(
        self, target: Target, mapping: Mapping, header: Sequence[str], *, now: datetime
    ) -> None:
        self._target = target
        self._mapping = mapping
        self._header = list(header)
        self._columns: list[tuple[int, str, BadValues, ColumnCleaner]] = []
        for name, column in mapping.columns.items():
            found = target.field(column.field)
            if found is None:
                continue
            cleaner = _cleaner(found, column, mapping, now)
            self._columns.append(
                (self._header.index(name), name, column.on_bad or mapping.on_bad, cleaner)
            )
        # Phone numbers need their row's country.
        self._columns.sort(key=lambda entry: entry[3].field.kind is Kind.PHONE)
        self._money = [one.name for one in target.fields if one.kind is Kind.MONEY]
        self._constants = self._clean_constants(now)
        self._column_of = {column.field: name for name, column in mapping.columns.items()}

    def clean(self, batch: RawBatch) -> CleanBatch:
        """The batch's rows as fields, and its rejects in the order of the file."""
        clean = CleanBatch(read=len(batch), tally=Counter(batch.repairs))
        problems: Problems = {}
        values: Columns = {}
        cells = list(zip(*batch.rows, strict=True)) or [()] * len(self._header)
        for at, name, on_bad, cleaner in self._columns:
            found, bad = self._clean_column(cleaner, cells[at], values, clean.tally)
            values[cleaner.field.name] = found
            for place, reason in bad:
                if on_bad is BadValues.REJECT:
                    problems.setdefault(place, (name, reason))
                else:
                    clean.tally["bad_value_blanked"] += 1
        self._gather(batch, values, problems, clean)
        for problem in batch.problems:
            clean.rejects.append(Reject(problem.number, "", problem.reason, [problem.text]))
        if batch.problems:
            clean.rejects.sort(key=lambda reject: reject.number)
        return clean

    def _clean_column(
        self,
        cleaner: ColumnCleaner,
        cells: Sequence[Any],
        values: Columns,
        tally: Tally,
    ) -> tuple[list[Any], list[tuple[int, str]]]:
        if cleaner.field.kind is not Kind.PHONE:
            return cleaner.clean(cells, tally)
        default = self._constants.get("country") or self._mapping.region
        countries = values.get("country")
        regions = (
            [country or default for country in countries] if countries else [default] * len(cells)
        )
        return cleaner.clean_phones(cells, regions, tally)

    def _gather(
        self, batch: RawBatch, values: Columns, problems: Problems, clean: CleanBatch
    ) -> None:
        number = len(batch.rows)
        for name, constant in self._constants.items():
            given = values.get(name, [None] * number)
            values[name] = [constant if value is None else value for value in given]
        if self._money:
            self._finish_money(values, problems, number)
        self._look_for_lacks(values, problems, number)
        for at, (name, reason) in sorted(problems.items()):
            clean.rejects.append(Reject(batch.numbers[at], name, reason, batch.rows[at]))
        if problems:
            kept = [at not in problems for at in range(number)]
            values = {name: list(compress(column, kept)) for name, column in values.items()}
            clean.numbers = list(compress(batch.numbers, kept))
            clean.raw = RawRows(list(compress(batch.rows, kept)))
        else:
            clean.numbers, clean.raw = batch.numbers, RawRows(batch.rows)
        clean.rows = CleanRows(values)

    def _look_for_lacks(self, values: Columns, problems: Problems, number: int) -> None:
        for group in self._target.required:
            given = [values[name] for name in group if name in values]
            if any(None not in column for column in given):
                continue
            column = next((self._column_of[n] for n in group if n in self._column_of), "")
            for at in range(number):
                if all(one[at] is None for one in given):
                    problems.setdefault(at, (column, f"no {' or '.join(group)}"))

    def _finish_money(self, values: Columns, problems: Problems, number: int) -> None:
        """Bring each row's amounts into minor units of its one currency."""
        names = [name for name in (*self._money, "currency") if name in values]
        for at in range(number):
            row = {name: values[name][at] for name in names if values[name][at] is not None}
            problem = self._finish_amounts(row)
            if problem is not None:
                problems.setdefault(at, problem)
            for name, value in row.items():
                values.setdefault(name, [None] * number)[at] = value

    def _finish_amounts(self, row: dict[str, Any]) -> tuple[str, str] | None:
        named = [name for name in self._money if name in row]
        if not named:
            return None
        stated = row.get("currency")
        for name in named:
            amount, written = row[name]
            if written and stated and written != stated and not _same_sign(written, stated):
                return self._column_of.get(name, name), "two currencies in one row"
            stated = stated or written
        currency = stated or self._mapping.currency
        row["currency"] = currency
        for name in named:
            amount, _ = row[name]
            field = self._target.field(name)
            try:
                row[name] = in_minor_units(amount, currency)
            except BadValue as bad:
                return self._column_of.get(name, name), bad.reason
            if field is not None and row[name] < field.least:
                return self._column_of.get(name, name), "impossible: a negative amount"
            if field is not None and row[name] > field.most:
                return self._column_of.get(name, name), "an impossible amount"
        return None

    def _clean_constants(self, now: datetime) -> dict[str, Any]:
        cleaned: dict[str, Any] = {}
        for name, text in self._mapping.constants.items():
            found = self._target.field(name)
            if found is None:
                continue
            cleaner = _cleaner(found, ColumnMapping(field=name), self._mapping, now)
            values, bad = (
                cleaner.clean_phones([text], [self._mapping.region], Counter())
                if found.kind is Kind.PHONE
                else cleaner.clean([text], Counter())
            )
            if bad:
                raise BadMapping(f"constants: {name}: {bad[0][1]}")
            if values[0] is not None:
                cleaned[name] = values[0]
        return cleaned


def _cleaner(found: Field, column: ColumnMapping, mapping: Mapping, now: datetime) -> ColumnCleaner:
    return ColumnCleaner(
        found,
        dates=DateReading(column.day_first, mapping.zone, column.format),
        latest=now + (_AHEAD if found.future else _NEXT_DAY),
        values=column.values,
        decimal_mark=column.decimal,
    )


def _same_sign(written: str, stated: str) -> bool:
    """Whether the sign that was written serves the stated currency too: ¥, or a dollar's."""
    return {written, stated} <= {"JPY", "CNY"} or (written == "USD" and stated.endswith("D"))
