"""Writing many rows of a table: prepared statements on SQLite, COPY on PostgreSQL.

Values go through the column types, so that encrypted columns are encrypted here as everywhere.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import Table, bindparam, update
from sqlalchemy.orm import Session

from crm_store.importing.upsert.indexing import indexed_together
from crm_store.models import Base

_Convert = Callable[[Any], Any]


def insert_rows(session: Session, model: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows that all have the same keys; columns that are not given get their default."""
    if not rows:
        return
    table: Table = model.__table__  # type: ignore[assignment]
    connection = session.connection()
    names = list(rows[0])
    defaults = _defaults(table, names)
    columns = [*names, *defaults]
    converters = [_converter(table, name, connection.dialect) for name in columns]
    made = list(defaults.values())

    def values(row: dict[str, Any]) -> list[Any]:
        cells = [row[name] for name in names]
        cells += [default() if callable(default) else default for default in made]
        for at, convert in converting:
            cells[at] = convert(cells[at])
        return cells

    converting = [(at, one) for at, one in enumerate(converters) if one is not None]
    listed = ", ".join(f'"{name}"' for name in columns)
    with indexed_together(connection, table.name, rows):
        if connection.dialect.name == "sqlite":
            marks = ", ".join("?" * len(columns))
            statement = f'INSERT INTO "{table.name}" ({listed}) VALUES ({marks})'  # noqa: S608
            connection.exec_driver_sql(statement, [tuple(values(row)) for row in rows])
        else:
            raw: Any = connection.connection.driver_connection
            copying = f'COPY "{table.name}" ({listed}) FROM STDIN'
            with raw.cursor() as cursor, cursor.copy(copying) as copy:
                for row in rows:
                    copy.write_row(values(row))


def update_rows(
    session: Session, model: type[Base], changed: Iterable[tuple[Any, dict[str, Any]]]
) -> None:
    """Set the columns that changed, row by row; rows with the same columns go together.

    Args:
        session: the transaction.
        model: whose table.
        changed: the primary key and the new values of each row.
    """
    table: Table = model.__table__  # type: ignore[assignment]
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for key, values in changed:
        groups.setdefault(tuple(sorted(values)), []).append({"key_of_row": key} | values)
    for names, rows in groups.items():
        statement = (
            update(table)
            .where(table.c.id == bindparam("key_of_row"))
            .values({name: bindparam(name) for name in names})
        )
        session.connection().execute(statement, rows)


def _defaults(table: Table, given: Sequence[str]) -> dict[str, Any]:
    """What the model says for columns that nobody set: a value, or a function that makes it."""
    found: dict[str, Any] = {}
    for column in table.columns:
        if column.name in given or column.default is None or column.computed is not None:
            continue
        default: Any = column.default
        if default.is_scalar:
            found[column.name] = default.arg
        elif default.is_callable:
            found[column.name] = lambda make=default.arg: make(None)
    return found


def _converter(table: Table, name: str, dialect: Any) -> _Convert | None:
    kind = table.c[name].type.dialect_impl(dialect)
    convert: _Convert | None = kind.bind_processor(dialect)
    return convert
