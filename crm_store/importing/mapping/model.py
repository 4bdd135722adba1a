"""A mapping: its columns, constants, defaults and policies."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_core import PydanticCustomError

from crm_store.importing.errors import BadMapping
from crm_store.importing.fields import Target
from crm_store.importing.reading import ReadingOptions
from foundation.money import CURRENCIES


class ConflictPolicy(StrEnum):
    """What happens where the store says something else."""

    UPDATE = "update"  # the file is right
    FILL = "fill"  # the store is right; the file fills its blanks
    SKIP = "skip"  # rows that the store has stay as they are


class BadValues(StrEnum):
    """What happens to a row with a value that means nothing."""

    REJECT = "reject"
    BLANK = "blank"  # the value is left out; the row is rejected only where it cannot do without


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_max_length=2_000)


class ColumnMapping(_Strict):
    """How one column is read.

    Attributes:
        field: what it is.
        values: texts of the file and what they stand for.
        format: of its dates, as strptime has it.
        day_first: whether 03/04/2026 is in April; None: the column's other dates decide.
        decimal: "." or ","; None: the column's other numbers decide.
        on_bad: for this column only.
    """

    field: str
    values: dict[str, str] = Field(default_factory=dict, max_length=1_000)
    format: str | None = Field(None, max_length=60)
    day_first: bool | None = None
    decimal: str | None = Field(None, pattern=r"^[.,]$")
    on_bad: BadValues | None = None


class Mapping(_Strict):
    """Everything that a run needs to know beside the file.

    Attributes:
        target: the kind of rows.
        columns: by the column's name in the file; columns that are not named are left out.
        constants: fields that have the same value in every row.
        region: the country of phone numbers without a country code, and of dates that leave it
            open whether the day comes first.
        currency: of amounts without one.
        zone: where times without one were told.
        conflict: what happens to rows that the store has.
        on_bad: what happens to rows with a value that means nothing.
        format, delimiter, encoding, header, sheet: as ``ReadingOptions`` has them.
    """

    target: str = Field(max_length=40)
    columns: dict[str, ColumnMapping] = Field(max_length=500)
    constants: dict[str, str] = Field(default_factory=dict, max_length=100)
    region: str | None = None
    currency: str = "EUR"
    zone: str = Field("UTC", max_length=60)
    conflict: ConflictPolicy = ConflictPolicy.UPDATE
    on_bad: BadValues = BadValues.REJECT
    format: str | None = Field(None, max_length=10)
    delimiter: str | None = Field(None, max_length=1)
    encoding: str | None = Field(None, max_length=40)
    header: bool | None = None
    sheet: str | None = Field(None, max_length=100)

    # A code of the right shape that means nothing would reject every phone number or time of the
    # file, or put amounts into the store that nobody can name.

    @field_validator("region")
    @classmethod
    def _is_a_country(cls, region: str | None) -> str | None:
        if region is not None and region not in phonenumbers.SUPPORTED_REGIONS:
            raise _wrong(f"{region[:20]} is no country's code; two capital letters, like DE")
        return region

    @field_validator("currency")
    @classmethod
    def _is_a_currency(cls, currency: str) -> str:
        if currency not in CURRENCIES:
            raise _wrong(f"{currency[:20]} is no currency's code; three capital letters, like EUR")
        return currency

    @field_validator("zone")
    @classmethod
    def _is_a_zone(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise _wrong(f"{zone[:60]} is no time zone's name, like Europe/Berlin") from None
        return zone

    @classmethod
    def read(cls, values: Any) -> Self:
        """From plain values.

        Raises:
            BadMapping: names what is wrong and where.
        """
        if not isinstance(values, dict):
            raise BadMapping("the mapping: keys and values are expected, like `columns: …`")
        values = dict(values)
        columns = values.get("columns")
        if isinstance(columns, dict):
            values["columns"] = {
                str(name): {"field": given} if isinstance(given, str) else given
                for name, given in columns.items()
            }
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False, include_context=False)[0]
            where = ".".join(str(part) for part in first["loc"])
            raise BadMapping(f"{where}: {first['msg']}") from None

    @property
    def reading(self) -> ReadingOptions:
        """How the file is opened."""
        return ReadingOptions(
            format=self.format,
            delimiter=self.delimiter,
            encoding=self.encoding,
            header=self.header,
            sheet=self.sheet,
        )

    def fields(self) -> set[str]:
        """The fields that have a column or a constant."""
        return {column.field for column in self.columns.values()} | self.constants.keys()

    def check(self, target: Target, header: Iterable[str]) -> None:
        """See that the mapping fits the kind of rows and the file.

        Raises:
            BadMapping: a column is not in the file, a field is not one of the kind, a field is
                mapped twice, or something that every row needs is mapped from nowhere.
        """
        names = set(header)
        seen: set[str] = set()
        for name, column in self.columns.items():
            if name not in names:
                raise BadMapping(f"columns: the file has no column {name[:60]!r}")
            self._check_field(target, column.field)
            if column.field in seen or column.field in self.constants:
                raise BadMapping(f"columns: {column.field} is mapped twice")
            seen.add(column.field)
        for field in self.constants:
            self._check_field(target, field)
        mapped = self.fields()
        for group in target.required:
            if not mapped.intersection(group):
                raise BadMapping(f"columns: no column is mapped to {' or '.join(group)}")

    @staticmethod
    def _check_field(target: Target, field: str) -> None:
        if target.field(field) is None:
            known = ", ".join(one.name for one in target.fields)
            raise BadMapping(f"{field}: no field of {target.name}; there are {known}")


def _wrong(why: str) -> PydanticCustomError:
    return PydanticCustomError("mapping", "{why}", {"why": why})
