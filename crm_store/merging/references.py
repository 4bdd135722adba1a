"""Which columns point to a table, read from the schema itself so that a new table is covered."""

from functools import cache

from sqlalchemy import Column, Index, Table, UniqueConstraint
from sqlalchemy.sql.elements import ColumnElement

from crm_store.models import Base

# The merges are a log of what was done to whom: they never move.
_LEFT_ALONE = {"customer_merges"}


@cache
def references_to(table: Table) -> tuple[Column[object], ...]:
    """Every column with a foreign key to ``table``'s key, in one order for all callers.

    Raises:
        TypeError: a key of several columns points there, or a table that moves by its own key is
            pointed to itself; neither can be followed.
    """
    found = []
    for other in sorted(Base.metadata.tables.values(), key=lambda one: one.name):
        if other.name in _LEFT_ALONE:
            continue
        for constraint in sorted(other.foreign_key_constraints, key=lambda one: str(one.name)):
            if constraint.referred_table is not table:
                continue
            if len(constraint.elements) != 1:
                raise TypeError(f"{other.name}: a foreign key of several columns")
            column = constraint.columns[0]
            if column.primary_key and references_to(other):
                raise TypeError(f"{other.name}: its key moves, and others point to it")
            found.append(column)
    return tuple(found)


def unique_keys(column: Column[object]) -> list[tuple[tuple[Column[object], ...], object]]:
    """What must stay unique of rows in which ``column`` changes.

    Returns:
        The other columns of each primary key, unique constraint or unique index that ``column`` is
        part of, with the index's condition (an SQL expression) or None.
    """
    table = column.table
    assert isinstance(table, Table)
    keys: list[tuple[tuple[Column[object], ...], object]] = []
    if column.primary_key:
        keys.append((_others(table.primary_key.columns, column), None))
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint) and column.name in constraint.columns:
            keys.append((_others(constraint.columns, column), None))
    for index in table.indexes:
        if index.unique and column.name in index.columns:
            keys.append((_others(index.columns, column), _condition(index)))
    return keys


def _others(columns: object, column: Column[object]) -> tuple[Column[object], ...]:
    return tuple(one for one in columns if one.name != column.name)  # type: ignore[attr-defined]


def _condition(index: Index) -> ColumnElement[bool] | None:
    # Both engines' conditions say the same: test_migrate compares them with the migrations.
    where: ColumnElement[bool] | None = index.dialect_options["sqlite"].get("where")
    return where
