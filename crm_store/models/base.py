"""What every table shares: naming, keys, UTC times, enums as checked text."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import JSON, DateTime, Dialect, Enum, Index, MetaData, String, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.types import TypeDecorator

from foundation.clock import utc_now
from foundation.ids import new_id

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC in Python on every database; naive values are refused rather than guessed."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a time zone reached the store")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# None is stored as SQL NULL, so that IS NULL means what it says.
Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")

PrimaryKey = Annotated[UUID, mapped_column(Uuid, primary_key=True, default=new_id)]
CreatedAt = Annotated[datetime, mapped_column(UtcDateTime, default=utc_now)]
UpdatedAt = Annotated[datetime, mapped_column(UtcDateTime, default=utc_now, onupdate=utc_now)]
ShortText = Annotated[str, mapped_column(String(200))]
Code = Annotated[str, mapped_column(String(64))]
Currency = Annotated[str, mapped_column(String(3))]


def str_enum(enum: type[StrEnum], name: str) -> Enum:
    """An enum stored as its text value under a named check constraint."""
    return Enum(
        enum,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )


def present_index(name: str, *columns: str) -> Index:
    """An index of the rows that have a value in the first column; the others cost nothing.

    A foreign key needs one: without it, deleting what it points at reads the whole table. Full of
    NULL, it would mislead SQLite: its statistics are means over all keys, and say of an index in
    which most rows share the key NULL that any key finds thousands.
    """
    present = text(f"{columns[0]} IS NOT NULL")
    return Index(name, *columns, sqlite_where=present, postgresql_where=present)


class Base(DeclarativeBase):
    """The declarative base of every table."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012  # SQLAlchemy reads it as declared
        str: Text,
        datetime: UtcDateTime,
        UUID: Uuid,
        dict[str, Any]: Json,
        list[Any]: Json,
        list[str]: Json,
        list[dict[str, Any]]: Json,
    }
