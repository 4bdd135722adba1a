"""Letting the search index take a batch at once, on SQLite.

There the index's trigger costs three times what the row itself does: a full-text table that is
written within a trigger is flushed at every row. A batch is therefore inserted without the trigger
and indexed in one statement, in the same transaction; a killed import leaves neither half. Other
triggers of the table stay, and PostgreSQL's work on whole statements anyway.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

from crm_store.search import sqlite
from crm_store.search.sources import SOURCES, Source


@contextmanager
def indexed_together(connection: Connection, table: str) -> Iterator[None]:
    """Rows that are inserted into the table in the block are indexed at its end."""
    source = next((one for one in SOURCES if one.table == table), None)
    if connection.dialect.name != "sqlite" or source is None or not _watched(connection, source):
        yield
        return
    last_row = connection.scalar(text(f"SELECT coalesce(max(rowid), 0) FROM {table}"))  # noqa: S608
    last_entry = connection.scalar(text("SELECT coalesce(max(entry), 0) FROM search_entries"))
    connection.exec_driver_sql(f"DROP TRIGGER {sqlite.trigger_name(source, 'insert')}")
    yield
    for statement in _statements(source):
        connection.exec_driver_sql(statement, {"last_row": last_row, "last_entry": last_entry})
    connection.exec_driver_sql(sqlite.triggers(source)[sqlite.EVENTS.index("insert")])


def _watched(connection: Connection, source: Source) -> bool:
    """Whether the trigger is there: somebody else may have put the whole index off."""
    name = sqlite.trigger_name(source, "insert")
    found = connection.scalar(
        text("SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name = :name"),
        {"name": name},
    )
    return bool(found)


def _statements(source: Source) -> list[str]:
    """In order: the entries, their words, and the words of names that no name had before."""
    fresh = f"{source.table} AS thing WHERE thing.rowid > :last_row AND {source.shown('thing')}"
    entries = f"SELECT '{source.kind}', thing.id, thing.{source.at} FROM {fresh}"  # noqa: S608
    words = (
        f"SELECT entry, {sqlite.words(source, 'thing')} FROM search_entries "  # noqa: S608
        f"CROSS JOIN {source.table} AS thing ON thing.id = ref_id "
        "WHERE entry > :last_entry AND thing.rowid > :last_row ORDER BY entry"
    )
    names = (
        "SELECT made.value, added.word FROM (SELECT DISTINCT word.value AS word FROM "  # noqa: S608
        f"(SELECT DISTINCT thing.{source.columns[0]} AS name FROM {fresh}) AS different, "
        "json_each(kefu_name_words(different.name)) AS word) AS added, "
        "json_each(kefu_name_keys(added.word)) AS made "
        "WHERE NOT EXISTS (SELECT 1 FROM search_names AS known WHERE known.word = added.word)"
    )
    statements = [
        f"INSERT INTO search_entries (kind, ref_id, at) {entries}",
        f"INSERT INTO search_words (rowid, words) {words}",
    ]
    return (
        [*statements, f"INSERT INTO search_names (key, word) {names}"]
        if source.named
        else statements
    )
