"""A row of any table, made from the schema itself: for tests that must cover tables to come."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    Table,
    Uuid,
    insert,
    select,
)
from sqlalchemy import Enum as EnumType
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeDecorator

from crm_store.models import Base
from foundation.ids import new_id

_NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
_LATER = datetime(2030, 1, 1, tzinfo=UTC)
# Where checks bind columns to each other: the state in which every other column may be empty.
_FITTING: dict[str, dict[str, Any]] = {
    "orders": {"items_minor": 100, "shipping_minor": 0, "total_minor": 100},
    "outreach_messages": {"texts": {"en": "Your size is back."}, "expires_at": _LATER},
}


def make_row(session: Session, table_name: str, **given: Any) -> dict[str, Any]:
    """Insert a row with the values given; what the schema demands besides is made up.

    Rows that it must belong to are made as well.
    """
    table = Base.metadata.tables[table_name]
    row = _FITTING.get(table_name, {}) | given
    for column in table.columns:
        if column.name in row or column.nullable or column.computed is not None:
            continue
        row[column.name] = _parent(session, column) if column.foreign_keys else _value(column)
    session.execute(insert(table).values(row))
    return row


def rows_of(session: Session, table: Table) -> list[str]:
    """Every row of a table as text, in an order of its own: to compare two states.

    Without what the database computes or counts by itself.
    """
    columns = [c for c in table.columns if c.computed is None and c.identity is None]
    rows = session.execute(select(*columns)).mappings()
    return sorted(json.dumps(dict(row), default=str, sort_keys=True) for row in rows)


def _parent(session: Session, column: Column[Any]) -> Any:
    (key,) = column.foreign_keys
    return make_row(session, key.column.table.name)[key.column.name]


def _value(column: Column[Any]) -> Any:  # noqa: PLR0911  # a line a type
    kind: Any = column.type
    while isinstance(kind, TypeDecorator):
        kind = kind.impl_instance
    unique = new_id()
    match kind:
        case Uuid():
            return unique
        case EnumType():
            return next(iter(kind.enum_class)) if kind.enum_class else kind.enums[0]
        case DateTime():
            return _NOON + timedelta(seconds=unique.int % 1_000)
        case Date():
            return date(2026, 3, 1)
        case Boolean():
            return False
        case Integer():
            return 1
        case Float():
            return 0.5
        case JSON():
            return {}
        case LargeBinary():
            return b"\x00"
        case _:
            length = getattr(kind, "length", None) or 32
            return str(unique.hex)[-length:]
