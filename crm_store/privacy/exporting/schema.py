"""What the export's JSON holds, as JSON Schema (draft 2020-12), made from the tables themselves."""

from typing import Any

from sqlalchemy import JSON, Boolean, Column, Date, DateTime, Enum, Float, Integer, Uuid
from sqlalchemy.types import TypeDecorator

from crm_store.models.encrypted import EncryptedJson
from crm_store.privacy.classified import Classified
from crm_store.privacy.personal import exported, table_of

FORMAT = "kefu-subject-export"
VERSION = 1
_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_KINDS: tuple[tuple[type[Any], dict[str, Any]], ...] = (
    (Boolean, {"type": "boolean"}),
    (Integer, {"type": "integer"}),
    (Float, {"type": "number"}),
    (DateTime, {"type": "string", "format": "date-time"}),
    (Date, {"type": "string", "format": "date"}),
    (Uuid, {"type": "string", "format": "uuid"}),
)


def export_schema() -> dict[str, Any]:
    """The schema of ``data.json``."""
    lists = {
        str(line.export): {"type": "array", "items": _items(line), "title": line.table}
        for line in exported()
    }
    head = {
        "format": {"const": FORMAT},
        "version": {"const": VERSION},
        "made_at": {"type": "string", "format": "date-time"},
    }
    return {
        "$schema": _DRAFT,
        "title": "Everything that is kept about a customer",
        "description": "Amounts are in the currency's minor unit (cents); times are in UTC.",
        "type": "object",
        "required": [*head, *lists],
        "properties": head | lists,
    }


def _items(line: Classified) -> dict[str, Any]:
    columns = [table_of(line).c[name] for name in line.shown]
    return {
        "type": "object",
        "required": list(line.shown),
        "properties": {column.name: _of(column) for column in columns},
        "additionalProperties": False,
    }


def _of(column: Column[Any]) -> dict[str, Any]:
    kind: Any = column.type
    if isinstance(kind, EncryptedJson | JSON):
        return {}
    if isinstance(kind, TypeDecorator):
        kind = kind.impl_instance
    if isinstance(kind, Enum):
        found: dict[str, Any] = {"enum": list(kind.enums)}
        return {"enum": [*kind.enums, None]} if column.nullable else found
    found = next((made for sort, made in _KINDS if isinstance(kind, sort)), {"type": "string"})
    return found | {"type": [found["type"], "null"]} if column.nullable else found
