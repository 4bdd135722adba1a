"""Letting the search index take a batch at once, in the batch's transaction.

The index's triggers cost several times what the rows themselves do. On SQLite a full-text table
that is written within a trigger is flushed at every row; on PostgreSQL folding a name takes a tenth
of a millisecond. The words are made here instead and written many at once, with the trigger out of
the way. A killed import leaves neither half.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, select, text

from crm_store.importing.upsert.copying import copy_in
from crm_store.importing.upsert.inserting import insert_in
from crm_store.models import SearchName
from crm_store.search import postgresql, sqlite
from crm_store.search.names import keys, name_words
from crm_store.search.sources import SOURCES, Source, month_word
from crm_store.search.written import WordsAhead, for_fts5, for_tsvector, words_of

_FEW = 20
_AT_ONCE = 2_000
Columns = Mapping[str, Sequence[Any]]
Words = Sequence[str | None]


@contextmanager
def indexed_together(
    connection: Connection,
    table: str,
    given: Columns,
    stored: Columns,
    *,
    words: Words | None = None,
) -> Iterator[None]:
    """Rows that are inserted into the table in the block are indexed at its end.

    Args:
        connection: in the batch's transaction.
        table: where they go.
        given: the rows' values by column; none of them is hidden from the search, and a few are
            left to the triggers.
        stored: their columns as they are stored.
        words: of the rows, as far as they were made ahead of time.
    """
    source = next((one for one in SOURCES if one.table == table), None)
    number = len(next(iter(stored.values())))
    if source is None or number < _FEW or not _can_be_told(source, given, stored):
        yield
        return
    made = [None] * number if words is None else words
    if connection.dialect.name == "sqlite":
        yield from _on_sqlite(connection, source, given, stored, made)
    else:
        yield from _on_postgresql(connection, source, given, stored, made)


def words_ahead(table: str, dialect: str) -> WordsAhead | None:
    """What makes the words of a table's rows beforehand; None where nothing of it is found."""
    source = next((one for one in SOURCES if one.table == table), None)
    return None if source is None else WordsAhead(source.letter, source.columns, dialect)


def _can_be_told(source: Source, given: Columns, stored: Columns) -> bool:
    """Whether the columns say all that decides what is found of the rows."""
    return (
        {"id", source.at} <= stored.keys()
        and set(source.columns) <= given.keys()
        and not any(any(given[name]) for name in source.hides if name in given)
        and (source.hidden is None or bool(source.hides))
    )


def _on_sqlite(
    connection: Connection, source: Source, given: Columns, stored: Columns, made: Words
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
    numbers = range(last + 1, last + 1 + len(made))
    moments = stored[source.at]
    kinds = [source.kind.value] * len(made)
    insert_in(
        connection,
        "search_entries (entry, kind, ref_id, at)",
        [numbers, kinds, stored["id"], moments],
        checked=True,
    )
    words = [
        f"{found} {month_word(at)}".lstrip()
        for found, at in zip(_words(source, given, made, for_fts5), moments, strict=True)
    ]
    connection.exec_driver_sql(
        "INSERT INTO search_words (rowid, words) VALUES (?, ?)",
        list(zip(numbers, words, strict=True)),
    )
    if new := _new_names(connection, source, given):
        connection.exec_driver_sql("INSERT INTO search_names (key, word) VALUES (?, ?)", new)
    connection.exec_driver_sql(sqlite.triggers(source)[sqlite.EVENTS.index("insert")])


def _on_postgresql(
    connection: Connection, source: Source, given: Columns, stored: Columns, made: Words
) -> Iterator[None]:
    connection.exec_driver_sql(f"SET LOCAL {postgresql.INDEXED_BY_WRITER} = 'on'")
    yield
    connection.exec_driver_sql(f"SET LOCAL {postgresql.INDEXED_BY_WRITER} = 'off'")
    moments = stored[source.at]
    words = [
        f"{found} '{month_word(at)}'"
        for found, at in zip(_words(source, given, made, for_tsvector), moments, strict=True)
    ]
    copy_in(
        connection,
        "search_entries (kind, ref_id, at, words)",
        [[source.kind.value] * len(made), stored["id"], moments, words],
    )
    if new := _new_names(connection, source, given):
        copy_in(connection, "search_names (key, word)", list(zip(*new, strict=True)))


def _words(
    source: Source, given: Columns, made: Words, write: Callable[[str, Iterable[str]], str]
) -> Iterator[str]:
    """Each row's words, without the one of its month."""
    for at, found in enumerate(made):
        if found is None:
            yield write(source.letter, words_of([given[name][at] for name in source.columns]))
        else:
            yield found


def _new_names(connection: Connection, source: Source, given: Columns) -> list[tuple[str, str]]:
    """The words that no name had before, each under all of its keys."""
    if not source.named:
        return []
    names = set(given[source.columns[0]])
    words = sorted({word for name in names for word in name_words(name)})
    known: set[str] = set()
    for at in range(0, len(words), _AT_ONCE):
        part = SearchName.word.in_(words[at : at + _AT_ONCE])
        known.update(connection.scalars(select(SearchName.word).where(part).distinct()))
    return [(key, word) for word in words if word not in known for key in keys(word)]
