"""Making everything that points to one row point to another, and taking it back.

Each step is noted in order; taken back in reverse, the steps lead to the rows as they were.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Column, Table, and_, delete, insert, select, tuple_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from crm_store.merging.errors import CannotUndo
from crm_store.merging.frozen import freeze, freeze_row, thaw, thaw_row
from crm_store.merging.references import references_to, unique_keys
from crm_store.merging.rivals import keeps_loser, way_out
from crm_store.models import Base

Row = dict[str, Any]
Step = dict[str, Any]

_AT_ONCE = 300


class Fold:
    """Points rows elsewhere and notes each step.

    Attributes:
        steps: what was done, as JSON without personal values. ``{table, keys, before, after}`` set
            columns of rows; ``{table, removed}`` took away a row that had to give way.
        removed: the rows taken away, whole, as JSON; a step's ``removed`` is the position here.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self.steps: list[Step] = []
        self.removed: list[Row] = []

    def point(self, table: Table, loser: Any, winner: Any, *, leave: frozenset[str]) -> None:
        """Let every reference to the row ``loser`` of ``table`` name ``winner`` instead.

        Where both have a row and may have only one, one of the two gives way.

        Args:
            table: whose rows they are.
            loser: the key that nothing shall name any more.
            winner: the key that takes its place.
            leave: tables not to touch.
        """
        for column in references_to(table):
            if column.table.name not in leave:
                self._settle_rivals(column, loser, winner)
                self._move(column, loser, winner)

    def set_values(self, table: Table, key: Any, before: Row, after: Row) -> None:
        """Set columns of one row, and note what they were."""
        self._note(table, [[key]], before, after)
        (own,) = table.primary_key.columns
        self._session.execute(update(table).where(own == key).values(_quiet(table, after)))

    def remove(self, table: Table, row: Row) -> None:
        """Take a row away, and keep it aside."""
        self.steps.append({"table": table.name, "removed": len(self.removed)})
        self.removed.append(freeze_row(row))
        self._session.execute(delete(table).where(_is(table, row)))

    def _move(self, column: Column[Any], loser: Any, winner: Any) -> None:
        table = column.table
        assert isinstance(table, Table)
        own = list(table.primary_key.columns)
        keys = self._session.execute(select(*own).where(column == loser).order_by(*own)).all()
        if not keys:
            return
        after = [[winner if c is column else v for c, v in zip(own, k, strict=True)] for k in keys]
        self._note(table, after, {column.name: loser}, {column.name: winner})
        self._session.execute(
            update(table).where(column == loser).values(_quiet(table, {column.name: winner}))
        )

    def _settle_rivals(self, column: Column[Any], loser: Any, winner: Any) -> None:
        table = column.table
        assert isinstance(table, Table)
        gone: set[tuple[Any, ...]] = set()
        for loser_row, winner_row in self._rivals(column, loser, winner):
            if _key(table, loser_row) in gone or _key(table, winner_row) in gone:
                continue
            stays, goes = winner_row, loser_row
            if keeps_loser(table.name, loser_row=loser_row, winner_row=winner_row):
                stays, goes = goes, stays
            self._give_way(table, goes, stays)
            gone.add(_key(table, goes))

    def _give_way(self, table: Table, goes: Row, stays: Row) -> None:
        values = way_out(table.name)
        if values:
            (own,) = table.primary_key.columns
            before = {name: goes[name] for name in values}
            self.set_values(table, goes[own.name], before, values)
            return
        if references_to(table):
            (own,) = table.primary_key.columns
            self.point(table, goes[own.name], stays[own.name], leave=frozenset())
        self.remove(table, goes)

    def _rivals(self, column: Column[Any], loser: Any, winner: Any) -> Iterator[tuple[Row, Row]]:
        table = column.table
        for others, condition in unique_keys(column):
            rows = select(table)
            if condition is not None:
                rows = rows.where(condition)  # type: ignore[arg-type]
            own = list(table.primary_key.columns)
            mine: dict[tuple[Any, ...], Row] = {}
            for row in self._session.execute(rows.where(column == winner)).mappings():
                mine[tuple(row[other.name] for other in others)] = dict(row)
            if not mine:
                continue
            theirs = self._session.execute(rows.where(column == loser).order_by(*own)).mappings()
            for row in theirs.all():
                values = tuple(row[other.name] for other in others)
                # NULL equals nothing: a unique constraint lets it stand twice.
                if values in mine and None not in values:
                    yield dict(row), mine[values]

    def _note(self, table: Table, keys: Sequence[Sequence[Any]], before: Row, after: Row) -> None:
        self.steps.append(
            {
                "table": table.name,
                "keys": [[freeze(value) for value in key] for key in keys],
                "before": freeze_row(before),
                "after": freeze_row(after),
            }
        )


def unfold(session: Session, steps: Sequence[Step], removed: Sequence[Row]) -> int:
    """Take a fold back, the last step first.

    A row that was deleted since, or that somebody moved on since, stays as it is.

    Returns:
        How many rows that had given way could not return, because a row that they belong to is gone
        (which would have taken them along).

    Raises:
        CannotUndo: a row that had given way would now stand beside an equal one.
    """
    lost = 0
    for step in reversed(steps):
        table = Base.metadata.tables[step["table"]]
        if "removed" in step:
            lost += not _put_back(session, table, thaw_row(table, removed[step["removed"]]))
        else:
            _set_back(session, table, step)
    return lost


def _set_back(session: Session, table: Table, step: Step) -> None:
    own = list(table.primary_key.columns)
    before = thaw_row(table, step["before"])
    unchanged = [table.c[n] == v for n, v in thaw_row(table, step["after"]).items()]
    for start in range(0, len(step["keys"]), _AT_ONCE):
        some = step["keys"][start : start + _AT_ONCE]
        keys = [tuple(thaw(c, v) for c, v in zip(own, key, strict=True)) for key in some]
        named = own[0].in_([k[0] for k in keys]) if len(own) == 1 else tuple_(*own).in_(keys)
        session.execute(update(table).where(named, *unchanged).values(_quiet(table, before)))


def _put_back(session: Session, table: Table, row: Row) -> bool:
    for constraint in table.foreign_key_constraints:
        (element,) = constraint.elements
        value = row[element.parent.name]
        if value is None:
            continue
        parent = element.column
        if session.scalar(select(parent).where(parent == value)) is None:
            return False
    try:
        with session.begin_nested():
            given = {n: v for n, v in row.items() if table.c[n].computed is None}
            session.execute(insert(table).values(given))
    except IntegrityError:
        raise CannotUndo(
            f"a row of {table.name} gave way in the merge, and another has its place now"
        ) from None
    return True


def _quiet(table: Table, values: Row) -> Row:
    """The values, with each column kept that would otherwise say that the row was edited."""
    return {c.name: c for c in table.columns if c.onupdate is not None} | values


def _key(table: Table, row: Row) -> tuple[Any, ...]:
    return tuple(row[column.name] for column in table.primary_key.columns)


def _is(table: Table, row: Row) -> Any:
    return and_(*(c == v for c, v in zip(table.primary_key.columns, _key(table, row), strict=True)))
