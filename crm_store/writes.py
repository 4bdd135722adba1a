"""Writing rows past the unit of work: those that may be there already, and those of hot paths.

The unit of work costs several times what the statement does. Where a row is written for every
message of every customer, its one statement is prepared once and run by itself.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Insert, Table, TextClause, Update, bindparam, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value

from crm_store.models import Base


def insert_missing(
    session: Session,
    model: type[Base],
    rows: Sequence[dict[str, Any]],
    *,
    on: str | tuple[str, ...],
    where: TextClause | None = None,
) -> int:
    """Insert the rows whose ``on`` columns have no equal yet; the others change nothing.

    Safe under concurrent writers: the database's unique constraint decides. ``where`` is the
    condition of the unique index, where that is a partial one.

    Returns:
        How many rows are new.
    """
    if not rows:
        return 0
    session.flush()
    names = (on,) if isinstance(on, str) else on
    prepare = _insert_missing if where is None else _insert_missing.__wrapped__
    statement = prepare(table_of(model), session.get_bind().dialect.name, names, where)
    return len(session.connection().execute(statement, list(rows)).all())


def insert_now(session: Session, *rows: Base) -> None:
    """Insert objects of one kind at once; afterwards the session knows them as it knows others.

    Column defaults apply. What else waits in the session is not written.
    """
    table = table_of(type(rows[0]))
    session.connection().execute(table.insert(), [_filled(row, table) for row in rows])
    for row in rows:
        make_transient_to_detached(row)
        session.add(row)


def update_now(session: Session, row: Base, values: dict[str, Any]) -> None:
    """Set columns of a row that the session has, and of its object."""
    table = table_of(type(row))
    statement = _update(table, frozenset(values))
    bound = {f"new_{name}": value for name, value in values.items()}
    (key,) = table.primary_key
    session.connection().execute(statement, {"key": getattr(row, key.name), **bound})
    for name, value in values.items():
        set_committed_value(row, name, value)


def _filled(row: Base, table: Table) -> dict[str, Any]:
    """The row's values by column, with the defaults of those that it lacks set on it."""
    values: dict[str, Any] = {}
    for column in table.columns:
        if column.computed is not None:
            continue
        if column.key not in row.__dict__:
            default: Any = column.default
            value = None
            if default is not None:
                value = default.arg(None) if default.is_callable else default.arg
            set_committed_value(row, column.key, value)
        values[column.key] = row.__dict__[column.key]
    return values


def table_of(model: type[Base]) -> Table:
    """The model's table, as statements past the unit of work take it."""
    table = model.__table__
    assert isinstance(table, Table)
    return table


@cache
def _insert_missing(
    table: Table, dialect: str, on: tuple[str, ...], where: TextClause | None
) -> Insert:
    insert = sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
    columns = [table.c[name] for name in on]
    return insert.on_conflict_do_nothing(index_elements=columns, index_where=where).returning(
        *columns
    )


@cache
def _update(table: Table, names: frozenset[str]) -> Update:
    (key,) = table.primary_key
    new = {name: bindparam(f"new_{name}", type_=table.c[name].type) for name in sorted(names)}
    return update(table).where(key == bindparam("key", type_=key.type)).values(new)
