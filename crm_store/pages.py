"""Keyset pages: a cursor names the last row seen, so deep pages cost what the first one does."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, literal, tuple_
from sqlalchemy.orm import Session

from crm_store.texts import storable
from foundation.errors import Invalid

T = TypeVar("T")
U = TypeVar("U")

MAX_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows of a list; ``next_cursor`` is None on the last page."""

    items: list[T]
    next_cursor: str | None

    def map(self, change: Callable[[T], U]) -> "Page[U]":
        """The same page with each item changed."""
        return Page([change(item) for item in self.items], self.next_cursor)


def encode_cursor(*values: Any) -> str:
    """An opaque, URL-safe name for a row, made of its sort keys."""
    texts = [value.isoformat() if isinstance(value, datetime) else str(value) for value in values]
    return base64.urlsafe_b64encode(json.dumps(texts).encode()).decode().rstrip("=")


def decode_cursor(cursor: str, *kinds: type) -> tuple[Any, ...]:
    """The sort keys in a cursor, each read as the kind given.

    Raises:
        Invalid: the cursor is not one of ours.
    """
    try:
        texts = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(texts, list) or len(texts) != len(kinds):
            raise ValueError("a cursor of another list")
        return tuple(_read(text, kind) for text, kind in zip(texts, kinds, strict=True))
    except (ValueError, TypeError, OverflowError, RecursionError, binascii.Error):
        raise Invalid("cursor: not a cursor of this list") from None


def fetch_page(
    session: Session,
    statement: Select[*tuple[Any, ...]],
    *,
    keys: Sequence[tuple[Any, type]],
    cursor: str | None,
    limit: int,
    descending: bool = False,
) -> Page[Any]:
    """One page of ``statement``'s rows, ordered by ``keys``.

    Args:
        statement: selects entities or columns; the keys are added as its last columns. With one
            entity or column selected the items are that, else they are rows.
        keys: the sort columns with their Python types; together unique and not null.
        cursor: where the page before ended; None for the first page.
        limit: rows wanted; at least 1, at most ``MAX_LIMIT`` are given.

    Raises:
        Invalid: the cursor is not one of this list.
    """
    limit = max(1, min(limit, MAX_LIMIT))
    columns: list[ColumnElement[Any]] = [column for column, _ in keys]
    width = len(statement.column_descriptions)
    if cursor:
        values = decode_cursor(cursor, *(kind for _, kind in keys))
        here = tuple_(*columns)
        last = tuple_(*(literal(v, c.type) for v, c in zip(values, columns, strict=True)))
        statement = statement.where(here < last if descending else here > last)
    order = [column.desc() if descending else column.asc() for column in columns]
    rows = session.execute(statement.add_columns(*columns).order_by(*order).limit(limit + 1)).all()
    more = len(rows) > limit
    rows = rows[:limit]
    items = [row[0] if width == 1 else row for row in rows]
    return Page(items, encode_cursor(*rows[-1][width:]) if more else None)


def _read(text: Any, kind: type) -> Any:
    if not isinstance(text, str) or storable(text) != text:
        raise TypeError("a cursor holds texts")
    if kind is datetime:
        at = datetime.fromisoformat(text)
        if at.tzinfo is None:
            raise ValueError("a cursor's time has a zone")
        return at.astimezone(UTC)  # refuses what lies outside of the calendar there
    if kind is UUID:
        return UUID(text)
    return kind(text)
