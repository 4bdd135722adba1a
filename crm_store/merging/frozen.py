"""Values of any column as JSON and back: what a merge keeps aside must return as it was."""

import base64
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Date, DateTime, LargeBinary, Numeric, Table, Uuid
from sqlalchemy import Enum as EnumType
from sqlalchemy.types import TypeDecorator


def freeze(value: Any) -> Any:
    """The value as JSON."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        return {"base64": base64.b64encode(value).decode()}
    return str(value) if isinstance(value, UUID | Decimal) else value


def thaw(column: Column[Any], value: Any) -> Any:  # noqa: PLR0911  # a line a type
    """The value that ``freeze`` made JSON of, as the column takes it."""
    if value is None:
        return None
    kind: Any = column.type
    while isinstance(kind, TypeDecorator):
        kind = kind.impl_instance
    if isinstance(kind, Uuid):
        return UUID(value)
    if isinstance(kind, DateTime):
        return datetime.fromisoformat(value)
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    if isinstance(kind, EnumType):
        return kind.enum_class(value) if kind.enum_class else value
    if isinstance(kind, LargeBinary) and isinstance(value, dict):
        return base64.b64decode(value["base64"])
    return Decimal(value) if isinstance(kind, Numeric) and isinstance(value, str) else value


def freeze_row(row: dict[str, Any]) -> dict[str, Any]:
    """A row's values as JSON."""
    return {name: freeze(value) for name, value in row.items()}


def thaw_row(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    """A row for ``table`` as it was before ``freeze_row``."""
    return {name: thaw(table.c[name], value) for name, value in row.items()}
