"""Asking for many values at once, as one parameter instead of thousands."""

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, String, any_, column, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session


def among(session: Session, texts: Any, values: Collection[str]) -> ColumnElement[bool]:
    """The condition that a column of texts has one of the values."""
    if session.get_bind().dialect.name == "sqlite":
        each = func.json_each(json.dumps(list(values))).table_valued(column("value", String))
        found: ColumnElement[bool] = texts.in_(select(each.c.value))
        return found
    return texts == any_(literal(list(values), ARRAY(String)))  # type: ignore[no-any-return]
