"""Asking for many values at once, as one parameter instead of thousands."""

import json
from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, Uuid, any_, column, func, literal, select, type_coerce
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session


def among(
    session: Session, compared: Any, values: Collection[str] | Collection[UUID]
) -> ColumnElement[bool]:
    """The condition that a column of texts, or of keys, has one of the values."""
    keys = isinstance(next(iter(values), None), UUID)
    if session.get_bind().dialect.name == "sqlite":
        texts = [one.hex if isinstance(one, UUID) else one for one in values]
        each = func.json_each(json.dumps(texts)).table_valued(column("value", String))
        found: ColumnElement[bool] = type_coerce(compared, String).in_(select(each.c.value))
        return found
    listed = literal(list(values), ARRAY(Uuid if keys else String))
    return compared == any_(listed)  # type: ignore[no-any-return]
