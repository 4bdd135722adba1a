"""Writing many rows of a table: prepared statements on SQLite, COPY on PostgreSQL.

Values go through the column types, so that encrypted columns are encrypted here as everywhere.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import CheckConstraint, Column, Dialect, Enum, Table, Uuid, bindparam, update
from sqlalchemy.orm import Session

from crm_store.crypto.keyring import Keyring
from crm_store.crypto.lookup import keyring_of, required_keyring
from crm_store.crypto.sealing import Sealing
from crm_store.importing.ahead import Made
from crm_store.importing.moments import moment_text
from crm_store.importing.upsert.copying import copy_in
from crm_store.importing.upsert.indexing import indexed_together
from crm_store.importing.upsert.inserting import insert_in
from crm_store.models import Base
from crm_store.models.base import UtcDateTime
from crm_store.models.encrypted import EncryptedText


def insert_rows(
    session: Session,
    model: type[Base],
    rows: Sequence[dict[str, Any]],
    *,
    made: Made | None = None,
) -> None:
    """Insert rows that all have the same keys; columns that are not given get their default.

    Args:
        session: the transaction.
        model: whose table.
        rows: values by column.
        made: what was made of them ahead of time.
    """
    if rows:
        names = rows[0].keys() & model.__table__.columns.keys()
        given = {name: list(map(itemgetter(name), rows)) for name in names}
        insert_columns(session, model, given, made=made)


def insert_columns(
    session: Session,
    model: type[Base],
    given: Mapping[str, Sequence[Any]],
    *,
    made: Made | None = None,
) -> None:
    """The same of columns: each has a value for every row; there is at least one row.

    Args:
        session: the transaction.
        model: whose table.
        given: values by column.
        made: columns that are in their stored form already, whether or not they are given.
    """
    table: Table = model.__table__  # type: ignore[assignment]
    connection = session.connection()
    made = Made() if made is None else made
    number = len(next(iter((given or made.columns).values())))
    stored: dict[str, Sequence[Any]] = {}
    for column in table.columns:
        if column.name in made.columns:
            stored[column.name] = made.columns[column.name]
            continue
        if column.name in given:
            values = given[column.name]
        elif column.default is not None and column.computed is None:
            values = _defaults(column.default, number)
        else:
            continue
        stored[column.name] = store_column(column, values, connection.dialect)
    listed = ", ".join(f'"{name}"' for name in stored)
    into, columns = f'"{table.name}" ({listed})', list(stored.values())
    with indexed_together(connection, table.name, given, stored, words=made.words):
        if connection.dialect.name == "sqlite":
            checked = any(isinstance(rule, CheckConstraint) for rule in table.constraints)
            insert_in(connection, into, columns, checked=checked)
        else:
            copy_in(connection, into, columns)


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


def store_column(column: Column[Any], values: Sequence[Any], dialect: Dialect) -> Sequence[Any]:
    """A column's values as the driver takes them; keys and times as the texts that they become."""
    kind = column.type
    if isinstance(kind, EncryptedText) and kind.seals(keyring_of(dialect)):
        keyring = required_keyring(dialect)
        return keyring.seal_all(values, kind.column, indexed=kind.indexed)
    if isinstance(kind, Uuid):
        return [None if value is None else value.hex for value in values]
    if isinstance(kind, UtcDateTime):
        return _each_once(values, lambda value: moment_text(value, dialect.name))
    convert = kind.dialect_impl(dialect).bind_processor(dialect)
    if convert is None:
        return values
    if isinstance(kind, Enum):
        return _each_once(values, convert)
    return [convert(value) for value in values]


def sealing_of(
    model: type[Base], fields: Collection[str], keyring: Keyring | None
) -> Sealing | None:
    """What of these fields of a model may be sealed ahead of time; None when nothing is."""
    if keyring is None:
        return None
    kinds = {
        column.name: column.type
        for column in model.__table__.columns
        if column.name in fields and isinstance(column.type, EncryptedText)
    }
    columns = {
        name: (kind.column, kind.indexed) for name, kind in kinds.items() if kind.seals(keyring)
    }
    return Sealing(keyring.newest, columns) if columns else None


def _defaults(default: Any, number: int) -> list[Any]:
    """What the model says for a column that nobody set: a value, or what a function makes."""
    if default.is_scalar:
        return [default.arg] * number
    if default.is_callable:
        return [default.arg(None) for _ in range(number)]
    raise TypeError("a default that only the database knows")


def _each_once(values: Sequence[Any], convert: Callable[[Any], Any]) -> list[Any]:
    """The values converted; each different one is converted once, and None stays None."""
    known = {value: None if value is None else convert(value) for value in set(values)}
    return [known[value] for value in values]
