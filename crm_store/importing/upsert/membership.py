"""Asking for many values at once, as one parameter instead of thousands."""

import json
from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    TableValuedAlias,
    Uuid,
    any_,
    column,
    exists,
    func,
    literal,
    select,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session


def among(
    session: Session, compared: Any, values: Collection[str] | Collection[UUID]
) -> ColumnElement[bool]:
    """The condition that a column of texts, or of keys, has one of the values."""
    keys = isinstance(next(iter(values), None), UUID)
    if session.get_bind().dialect.name == "sqlite":
        each = _each([one.hex if isinstance(one, UUID) else one for one in values])
        found: ColumnElement[bool] = type_coerce(compared, String).in_(select(each.c.value))
        return found
    listed = literal(list(values), ARRAY(Uuid if keys else String))
    return compared == any_(listed)  # type: ignore[no-any-return]


def present_among(
    session: Session, compared: ColumnElement[Any], values: Collection[str]
) -> Select[str]:
    """Those of the values that the column has; each is looked up once."""
    if session.get_bind().dialect.name == "sqlite":
        value: ColumnElement[str] = _each(values).c.value
    else:
        value = func.unnest(literal(list(values), ARRAY(String))).column_valued("value")
    return select(value).where(exists().where(compared == value))


def _each(texts: Collection[str]) -> TableValuedAlias:
    return func.json_each(json.dumps(list(texts))).table_valued(column("value", String))
