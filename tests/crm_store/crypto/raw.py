"""Looking at the stored form, past the column types."""

from typing import Any

from sqlalchemy import text

from crm_store.database import Database


def stored(database: Database, column: str) -> list[Any]:
    """Every value of a ``table.column`` as the database holds it, as text."""
    table, name = column.split(".")
    with database.engine.connect() as connection:
        statement = text(
            f"SELECT CAST({name} AS TEXT) FROM {table} ORDER BY id"
        )  # the test's own names
        return list(connection.scalars(statement))


def key_ids(database: Database, column: str) -> set[str]:
    """The keys that a column's values are under; ``plain`` for those under none."""
    values = [value.removeprefix('"') for value in stored(database, column) if value is not None]
    return {v.split(":")[2] if v.startswith("enc1:") else "plain" for v in values}
