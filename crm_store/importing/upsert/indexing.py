"""Letting the search index take a batch at once, in the batch's transaction.

The index's triggers cost several times what the rows themselves do. On SQLite a full-text table
that is written within a trigger is flushed at every row; on PostgreSQL folding a name takes a tenth
of a millisecond. The words are made here instead and written many at once, with the trigger out of
the way. A killed import leaves neither half.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, select, text

from crm_store.importing.upsert.copying import copy_in
from crm_store.models import SearchName
from crm_store.search import postgresql, sqlite
from crm_store.search.folding import tokens
from crm_store.search.names import keys, name_words
from crm_store.search.sources import MONTH, SOURCES, Source

_LAST_POSITION = 16_383
_FEW = 20
_AT_ONCE = 2_000
Rows = Sequence[Mapping[str, Any]]
Stored = Mapping[str, Sequence[Any]]


@contextmanager
def indexed_together(
    connection: Connection, table: str, rows: Rows, stored: Stored
) -> Iterator[None]:
    """Rows that are inserted into the table in the block are indexed at its end.

    Args:
        connection: in the batch's transaction.
        table: where they go.
        rows: all of them, none hidden from the search; a few are left to the triggers.
        stored: their columns as they are stored.
    """
    source = next((one for one in SOURCES if one.table == table), None)
    if source is None or len(rows) < _FEW or not _can_be_told(source, rows):
        yield
    elif connection.dialect.name == "sqlite":
        yield from _on_sqlite(connection, source, rows, stored)
    else:
        yield from _on_postgresql(connection, source, rows, stored)


def _can_be_told(source: Source, rows: Rows) -> bool:
    """Whether the rows say all that decides what is found of them."""
    first = rows[0]
    return (
        source.at in first
        and {"id", *source.columns} <= first.keys()
        and not any(row[name] for name in source.hides if name in first for row in rows)
        and (source.hidden is None or bool(source.hides))
    )


def _on_sqlite(
    connection: Connection, source: Source, rows: Rows, stored: Stored
) -> Iterator[None]:
    name = sqlite.trigger_name(source, "insert")
    if not connection.scalar(
        text("SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name = :name"),
        {"name": name},
    ):
        yield  # somebody else has put the whole index off
        return
    connection.exec_driver_sql(f"DROP TRIGGER {name}")
    yield
    # Nobody else can add an entry before this transaction ends.
    last = connection.scalar(text("SELECT coalesce(max(entry), 0) FROM search_entries"))
    numbers = range(last + 1, last + 1 + len(rows))
    moments = stored[source.at]
    connection.exec_driver_sql(
        f"INSERT INTO search_entries (entry, kind, ref_id, at) VALUES (?, '{source.kind}', ?, ?)",  # noqa: S608
        list(zip(numbers, stored["id"], moments, strict=True)),
    )
    words = map(sqlite.indexed_words, [source.letter] * len(rows), _texts(source, rows), moments)
    connection.exec_driver_sql(
        "INSERT INTO search_words (rowid, words) VALUES (?, ?)",
        list(zip(numbers, words, strict=True)),
    )
    if new := _new_names(connection, source, rows):
        connection.exec_driver_sql("INSERT INTO search_names (key, word) VALUES (?, ?)", new)
    connection.exec_driver_sql(sqlite.triggers(source)[sqlite.EVENTS.index("insert")])


def _on_postgresql(
    connection: Connection, source: Source, rows: Rows, stored: Stored
) -> Iterator[None]:
    connection.exec_driver_sql(f"SET LOCAL {postgresql.INDEXED_BY_WRITER} = 'on'")
    yield
    connection.exec_driver_sql(f"SET LOCAL {postgresql.INDEXED_BY_WRITER} = 'off'")
    moments = stored[source.at]
    words = map(words_of, [source.letter] * len(rows), _texts(source, rows), moments)
    copy_in(
        connection,
        "search_entries (kind, ref_id, at, words)",
        [[source.kind.value] * len(rows), stored["id"], moments, list(words)],
    )
    if new := _new_names(connection, source, rows):
        copy_in(connection, "search_names (key, word)", list(zip(*new, strict=True)))


def words_of(letter: str, told: str, at: str) -> str:
    """A text's words as PostgreSQL writes a tsvector, the same that its trigger would make."""
    words = [
        f"'{letter}{token}':{place if place < _LAST_POSITION else _LAST_POSITION}"
        for place, token in enumerate(tokens(told), start=1)
    ]
    return " ".join([*words, f"'{MONTH}{at[:4]}{at[5:7]}'"])


def _texts(source: Source, rows: Rows) -> list[str]:
    """All that is indexed of each row."""
    columns = [[str(row[name] or "") for row in rows] for name in source.columns]
    return list(map(" ".join, zip(*columns, strict=True)))


def _new_names(connection: Connection, source: Source, rows: Rows) -> list[tuple[str, str]]:
    """The words that no name had before, each under all of its keys."""
    if not source.named:
        return []
    names = set(map(itemgetter(source.columns[0]), rows))
    words = sorted({word for name in names for word in name_words(name)})
    known: set[str] = set()
    for at in range(0, len(words), _AT_ONCE):
        part = SearchName.word.in_(words[at : at + _AT_ONCE])
        known.update(connection.scalars(select(SearchName.word).where(part).distinct()))
    return [(key, word) for word in words if word not in known for key in keys(word)]
