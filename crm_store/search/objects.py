"""Functions, triggers and the full-text table: what the search index has beside its tables.

They are put in place after every run of the migrations and taken away before: a migration that
rebuilds a table (as SQLite's do) would lose its triggers, or stumble over those of others.
"""

from typing import Any

from sqlalchemy import Connection, inspect

from crm_store.search import postgresql, sqlite
from crm_store.search.sources import SOURCES, Source


def install(connection: Connection) -> None:
    """Create what is missing, for the tables that there are; nothing before the index's own."""
    if not is_indexed(connection):
        return
    remove(connection)
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(sqlite.WORDS_TABLE)
        connection.exec_driver_sql(
            "INSERT INTO search_words (search_words, rank) VALUES (?, ?)",
            list(sqlite.WORDS_SETTINGS.items()),
        )
    else:
        for statement in (
            postgresql.FOLD,
            postgresql.WORDS,
            postgresql.NAME_WORDS,
            postgresql.NAME_KEYS,
        ):
            _run(connection, statement)
    add_triggers(connection)


def remove(connection: Connection) -> None:
    """Take away triggers and functions; what is indexed stays."""
    drop_triggers(connection)
    if connection.dialect.name == "postgresql":
        for signature in postgresql.FUNCTIONS:
            _run(connection, f"DROP FUNCTION IF EXISTS {signature}")


def add_triggers(connection: Connection) -> None:
    """Let every write reach the index."""
    make = sqlite.triggers if connection.dialect.name == "sqlite" else postgresql.triggers
    for source in present(connection):
        for statement in make(source):
            _run(connection, statement)


def drop_triggers(connection: Connection) -> None:
    """Let writes pass the index by: for migrations and for bulk loads that rebuild it after."""
    if connection.dialect.name == "sqlite":
        for source in SOURCES:
            for event in sqlite.EVENTS:
                _run(connection, f"DROP TRIGGER IF EXISTS {sqlite.trigger_name(source, event)}")
        return
    for source in present(connection):
        for event in postgresql.EVENTS:
            name = postgresql.trigger_name(source, event)
            _run(connection, f"DROP TRIGGER IF EXISTS {name} ON {source.table}")
            _run(connection, f"DROP FUNCTION IF EXISTS {postgresql.function_name(source, event)}()")


def present(connection: Connection) -> list[Source]:
    """The sources whose tables exist with all the columns that are read, at this schema."""
    inspector = inspect(connection)
    tables = set(inspector.get_table_names())
    return [
        source
        for source in SOURCES
        if source.table in tables
        and {"id", *source.watched} <= {c["name"] for c in inspector.get_columns(source.table)}
    ]


def is_modelled(_thing: Any, name: str | None, *_: Any) -> bool:
    """Whether a table is one that the models describe; the full-text table and its parts are not.

    To be given to Alembic as ``include_object``.
    """
    return not (name or "").startswith("search_words")


def is_indexed(connection: Connection) -> bool:
    """Whether the schema has the index at all."""
    return inspect(connection).has_table("search_entries")


def _run(connection: Connection, statement: str) -> None:
    connection.exec_driver_sql(statement)
