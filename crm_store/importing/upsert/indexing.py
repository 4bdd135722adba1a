"""Letting the search index take a batch at once, in the batch's transaction.

The index's triggers cost several times what the rows themselves do. On SQLite a full-text table
that is written within a trigger is flushed at every row: a batch is inserted without the trigger
and indexed in one statement. On PostgreSQL folding a name takes a tenth of a millisecond: the words
are made here and copied in. A killed import leaves neither half.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC
from typing import Any

from sqlalchemy import Connection, select, text

from crm_store.models import SearchName
from crm_store.search import postgresql, sqlite
from crm_store.search.folding import tokens
from crm_store.search.names import keys, name_words
from crm_store.search.sources import MONTH, SOURCES, Source

_LAST_POSITION = 16_383
_FEW = 20
Rows = Sequence[Mapping[str, Any]]


@contextmanager
def indexed_together(connection: Connection, table: str, rows: Rows) -> Iterator[None]:
    """Rows that are inserted into the table in the block are indexed at its end.

    Args:
        connection: in the batch's transaction.
        table: where they go.
        rows: all of them, none hidden from the search; a few are left to the triggers.
    """
    source = next((one for one in SOURCES if one.table == table), None)
    if source is None or len(rows) < _FEW or not _can_be_told(source, rows):
        yield
    elif connection.dialect.name == "sqlite":
        yield from _on_sqlite(connection, source)
    else:
        yield from _on_postgresql(connection, source, rows)


def _can_be_told(source: Source, rows: Rows) -> bool:
    """Whether the rows say all that decides what is found of them."""
    first = rows[0]
    return (
        source.at in first
        and {"id", *source.columns} <= first.keys()
        and not any(row.get(name) for row in rows for name in source.hides)
        and (source.hidden is None or bool(source.hides))
    )


def _on_sqlite(connection: Connection, source: Source) -> Iterator[None]:
    name = sqlite.trigger_name(source, "insert")
    if not connection.scalar(
        text("SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name = :name"),
        {"name": name},
    ):
        yield  # somebody else has put the whole index off
        return
    places = {
        "last_row": connection.scalar(text(f"SELECT coalesce(max(rowid), 0) FROM {source.table}")),  # noqa: S608
        "last_entry": connection.scalar(text("SELECT coalesce(max(entry), 0) FROM search_entries")),
    }
    connection.exec_driver_sql(f"DROP TRIGGER {name}")
    yield
    for statement in _sqlite_statements(source):
        connection.exec_driver_sql(statement, places)
    connection.exec_driver_sql(sqlite.triggers(source)[sqlite.EVENTS.index("insert")])


def _sqlite_statements(source: Source) -> list[str]:
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
    if source.named:
        statements.append(f"INSERT INTO search_names (key, word) {names}")
    return statements


def _on_postgresql(connection: Connection, source: Source, rows: Rows) -> Iterator[None]:
    connection.exec_driver_sql(f"SET LOCAL {postgresql.INDEXED_BY_WRITER} = 'on'")
    yield
    connection.exec_driver_sql(f"SET LOCAL {postgresql.INDEXED_BY_WRITER} = 'off'")
    _copy(
        connection,
        "search_entries (kind, ref_id, at, words)",
        [(source.kind.value, row["id"], row[source.at], words_of(source, row)) for row in rows],
    )
    if not source.named:
        return
    words = {word for row in rows for word in name_words(row[source.columns[0]])}
    known = connection.scalars(
        select(SearchName.word).where(SearchName.word.in_(words)).distinct()
    ).all()
    new = sorted(words.difference(known))
    _copy(connection, "search_names (key, word)", [(key, w) for w in new for key in keys(w)])


def words_of(source: Source, row: Mapping[str, Any]) -> str:
    """A row's words as PostgreSQL writes a tsvector, the same that its trigger would make."""
    told = tokens(" ".join(str(row[name] or "") for name in source.columns))
    words = [
        f"'{source.letter}{token}':{min(at, _LAST_POSITION)}"
        for at, token in enumerate(told, start=1)
    ]
    month = row[source.at].astimezone(UTC)
    return " ".join([*words, f"'{MONTH}{month.year:04d}{month.month:02d}'"])


def _copy(connection: Connection, into: str, rows: Sequence[tuple[Any, ...]]) -> None:
    raw: Any = connection.connection.driver_connection
    with raw.cursor() as cursor, cursor.copy(f"COPY {into} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
