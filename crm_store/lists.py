"""Lists that can be sorted by any allowed column, and paged by keyset whatever the sort.

A list names what it can be sorted by; a caller asks with a text such as ``-amount,name`` (a minus
means largest first, several keys are joined by commas). Rows without a value come last, in both
directions and on every database. A key that is unique ends each order, so every row is on exactly
one page, and a cursor of one sort is refused by another.

Example:
    >>> SORTS = Sorts(
    ...     {"title": SortKey(Task.title, str), "due": SortKey(Task.due_at, datetime, True)},
    ...     default="-created_at",
    ...     unique=Task.id,
    ... )
    >>> SORTS.page(session, select(Task).where(...), ListQuery(sort="due"))
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, literal, or_, tuple_
from sqlalchemy.orm import QueryableAttribute, Session

from crm_store.pages import MAX_LIMIT, Page, decode_cursor, encode_cursor
from foundation.errors import Invalid

_MAX_KEYS = 3
_ABSENT = "-"
_PRESENT = "="


@dataclass(frozen=True, slots=True)
class ListQuery:
    """Which page of a list, in which order; ``sort`` None is the list's own order."""

    sort: str | None = None
    cursor: str | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class SortKey:
    """Something to sort by.

    Attributes:
        column: a column or an expression over the selected rows.
        kind: its Python type: str, int, float, bool, datetime, date or UUID.
        nullable: whether a row may be without a value; then it comes last.
    """

    column: Any
    kind: type
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class _Step:
    key: SortKey
    descending: bool

    def order(self) -> ColumnElement[Any]:
        column = self.key.column
        ordered: ColumnElement[Any] = column.desc() if self.descending else column.asc()
        return ordered.nulls_last() if self.key.nullable else ordered

    def same(self, value: Any) -> ColumnElement[bool]:
        column = self.key.column
        found: ColumnElement[bool] = (
            column.is_(None) if value is None else column == self.bound(value)
        )
        return found

    def beyond(self, value: Any) -> ColumnElement[bool]:
        """Rows that come after those with this value."""
        if value is None:
            return false()
        column, bound = self.key.column, self.bound(value)
        after: ColumnElement[bool] = column < bound if self.descending else column > bound
        return or_(after, column.is_(None)) if self.key.nullable else after

    def bound(self, value: Any) -> ColumnElement[Any]:
        return literal(value, self.key.column.type)


class Sorts:
    """What a list can be sorted by."""

    def __init__(self, keys: Mapping[str, SortKey], *, default: str, unique: Any) -> None:
        """Name the keys.

        Args:
            keys: by the name that callers use.
            default: the order when none is asked for, written as callers write it.
            unique: a UUID column that no two rows share; it settles what the keys leave open.
        """
        self._keys = dict(keys)
        self._unique = SortKey(unique, UUID)
        self.default = default
        self._parse(default)

    @property
    def names(self) -> list[str]:
        """What can be asked for, without signs."""
        return list(self._keys)

    def page(
        self, session: Session, statement: Select[*tuple[Any, ...]], query: ListQuery
    ) -> Page[Any]:
        """One page of the statement's rows.

        With one entity or column selected the items are that, else they are rows.

        Raises:
            Invalid: the sort names something that is not allowed, or the cursor is not one of
                this list in this order.
        """
        steps = self._parse(query.sort or self.default)
        limit = max(1, min(query.limit, MAX_LIMIT))
        width = len(statement.column_descriptions)
        if query.cursor:
            values = self._read_cursor(query.cursor, query.sort or self.default, steps)
            statement = statement.where(_after(steps, values))
        rows = session.execute(
            statement.add_columns(*(step.key.column for step in steps))
            .order_by(*(step.order() for step in steps))
            .limit(limit + 1)
        ).all()
        more = len(rows) > limit
        rows = rows[:limit]
        items = [row[0] if width == 1 else row for row in rows]
        if not more:
            return Page(items, None)
        return Page(items, self.cursor(rows[-1][width:], sort=query.sort))

    def cursor(self, values: Iterable[Any], *, sort: str | None = None) -> str:
        """The cursor that goes on after the row with these values of its keys and its id."""
        return encode_cursor(sort or self.default, *map(_written, values))

    def _parse(self, sort: str) -> list[_Step]:
        names = sort.split(",")
        if len(names) > _MAX_KEYS:
            raise Invalid(f"sort: at most {_MAX_KEYS} keys")
        steps = []
        for name in names:
            key = self._keys.get(name.removeprefix("-"))
            if key is None:
                raise Invalid(f"sort: one of {', '.join(self._keys)}, with a minus for descending")
            steps.append(_Step(key, descending=name.startswith("-")))
        steps.append(_Step(self._unique, steps[-1].descending))
        return steps

    @staticmethod
    def _read_cursor(cursor: str, sort: str, steps: Sequence[_Step]) -> list[Any]:
        of_sort, *marks = decode_cursor(cursor, *([str] * (len(steps) + 1)))
        if of_sort != sort:
            raise Invalid("cursor: not a cursor of this list in this order")
        return [_read(mark, step.key) for mark, step in zip(marks, steps, strict=True)]


def _after(steps: Sequence[_Step], values: Sequence[Any]) -> ColumnElement[bool]:
    """Rows that come after the one with these values."""
    one_way = len({step.descending for step in steps}) == 1
    if one_way and not any(step.key.nullable for step in steps):
        # One comparison of tuples: that is what databases walk an index for.
        here = tuple_(*(step.key.column for step in steps))
        last = tuple_(*(step.bound(value) for step, value in zip(steps, values, strict=True)))
        beyond = here < last if steps[0].descending else here > last
        first = steps[0].key.column
        if isinstance(first, QueryableAttribute):
            return beyond
        # SQLite finds its place in an index of an expression by a single comparison alone.
        bound = steps[0].bound(values[0])
        return and_(first <= bound if steps[0].descending else first >= bound, beyond)
    choices = []
    for at, step in enumerate(steps):
        before = [one.same(value) for one, value in zip(steps[:at], values[:at], strict=True)]
        choices.append(and_(*before, step.beyond(values[at])))
    return or_(*choices)


def _written(value: Any) -> str:
    if value is None:
        return _ABSENT
    return _PRESENT + (value.isoformat() if isinstance(value, date) else str(value))


def _read(mark: str, key: SortKey) -> Any:
    if mark == _ABSENT and key.nullable:
        return None
    text = mark.removeprefix(_PRESENT)
    try:
        if mark == text:
            raise ValueError("a mark without its sign")
        return _READERS[key.kind](text)
    except (ValueError, OverflowError):
        raise Invalid("cursor: not a cursor of this list") from None


def _read_time(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("a cursor's time has a zone")
    return at.astimezone(UTC)


def _read_int(text: str) -> int:
    value = int(text)
    if not -(2**63) <= value < 2**63:
        raise ValueError("beyond what a database holds")
    return value


def _read_float(text: str) -> float:
    value = float(text)
    if value != value:  # noqa: PLR0124  # not a number equals nothing, so no row would follow it
        raise ValueError("not a number")
    return value


_READERS: Mapping[type, Any] = {
    str: str,
    int: _read_int,
    float: _read_float,
    bool: lambda text: ("False", "True").index(text) == 1,
    datetime: _read_time,
    date: date.fromisoformat,
    UUID: UUID,
}
