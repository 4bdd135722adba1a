"""Filling the search index from the things themselves, month by month: the newest come last.

It may run while others read and write: the triggers index what changes meanwhile, and what has an
entry already is passed over. Only the search itself is incomplete until the end.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Connection,
    Table,
    func,
    insert,
    literal,
    literal_column,
    select,
    text,
    tuple_,
)
from sqlalchemy.dialects.postgresql import insert as pg_insert

from crm_store.database import Database
from crm_store.models import Base, SearchEntry
from crm_store.search import postgresql, sqlite
from crm_store.search.objects import add_triggers, drop_triggers, install, present
from crm_store.search.sources import Source

_SHARED_ROWS = 2_000
"""In one transaction beside others: SQLite's one write lock is held for tens of milliseconds."""
_ALONE_ROWS = 50_000
_GIN = "ix_search_entries_words"

Progress = Callable[[int, int], None]
Place = tuple[datetime, UUID]
_FIRST_ID = UUID(int=0)


@dataclass(frozen=True, slots=True)
class _Span:
    """The rows of a source from one time to another, which is not in it."""

    since: datetime
    until: datetime
    source: Source


def rebuild(database: Database, progress: Progress | None = None) -> int:
    """Empty the index and fill it again, in short transactions.

    Args:
        database: with the present schema.
        progress: called with the rows done and the rows in all.

    Returns:
        How many rows were gone through.
    """
    with database.transaction() as session:
        install(session.connection())
        clear(session.connection())
    return _fill(database, rows=_SHARED_ROWS, progress=progress)


def load_in_bulk(
    database: Database, load: Callable[[], None], progress: Progress | None = None
) -> None:
    """Run ``load`` without the triggers, then index everything at once.

    For loads into a store that nobody else uses. When ``load`` fails, what it has committed is
    indexed, and the triggers come back.
    """
    with database.transaction() as session:
        drop_triggers(session.connection())
    try:
        load()
    finally:
        with database.transaction() as session:
            clear(session.connection())
            if not database.is_sqlite:
                session.execute(text(f"DROP INDEX {_GIN}"))
        _fill(database, rows=_ALONE_ROWS, progress=progress)
        with database.transaction() as session:
            if not database.is_sqlite:
                session.execute(text("SET LOCAL maintenance_work_mem = '512MB'"))
                session.execute(text(f"CREATE INDEX {_GIN} ON search_entries USING gin (words)"))
            add_triggers(session.connection())


def clear(connection: Connection) -> None:
    """Empty the index."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("INSERT INTO search_words (search_words) VALUES ('delete-all')")
        connection.exec_driver_sql("DELETE FROM search_entries")
        connection.exec_driver_sql("DELETE FROM search_names")
        return
    connection.exec_driver_sql("TRUNCATE search_entries, search_names RESTART IDENTITY")


def fill(connection: Connection) -> None:
    """Index everything that has no entry yet, in the transaction of the connection."""
    for span in _spans(connection):
        after: Place | None = (span.since, _FIRST_ID)
        while after is not None:
            _, after = _index_next(connection, span, after, _ALONE_ROWS)
    _fill_names(connection)


def _fill(database: Database, *, rows: int, progress: Progress | None) -> int:
    with database.reading() as session:
        spans = _spans(session.connection())
        tables = {_table(span.source) for span in spans}
        total = sum(
            session.scalar(select(func.count()).select_from(table)) or 0 for table in tables
        )
    done = 0
    for span in spans:
        after: Place | None = (span.since, _FIRST_ID)
        while after is not None:
            with database.transaction() as session:
                read, after = _index_next(session.connection(), span, after, rows)
            done += read
            if progress is not None:
                progress(done, max(done, total))
    with database.transaction() as session:
        _fill_names(session.connection())
    return done


def _index_next(
    connection: Connection, span: _Span, after: Place, rows: int
) -> tuple[int, Place | None]:
    """Index the next rows of a span; returns how many, and where to go on, None at the end."""
    table = _table(span.source)
    at = table.c[span.source.at]
    place = tuple_(at, table.c.id)
    ahead = (at >= after[0], place > _place(table, span.source, after), at < span.until)
    found = connection.execute(
        select(at, table.c.id).where(*ahead).order_by(at, table.c.id).limit(rows)
    ).all()
    if not found:
        return 0, None
    last = (found[-1][0], found[-1][1])
    thing = table.alias("thing")
    at, place = thing.c[span.source.at], tuple_(thing.c[span.source.at], thing.c.id)
    within = (
        at >= after[0],
        place > _place(table, span.source, after),
        at <= last[0],
        place <= _place(table, span.source, last),
    )
    _index(connection, span.source, thing, within)
    return len(found), last if len(found) == rows else None


def _index(connection: Connection, source: Source, thing: Any, within: tuple[Any, ...]) -> None:
    entries = SearchEntry.__table__
    known = select(entries.c.entry).where(entries.c.ref_id == thing.c.id).exists()
    at = thing.c[source.at]
    columns = ["kind", "ref_id", "at"]
    missing = (
        select(literal(source.kind, entries.c.kind.type), thing.c.id, at)
        .where(*within, literal_column(source.shown("thing")), ~known)
        .order_by(at, thing.c.id)
    )
    if connection.dialect.name == "postgresql":
        columns.append("words")
        missing = missing.add_columns(literal_column(postgresql.words(source, "thing")))
        # Whoever changed the row this very moment has written its entry; that one is newer.
        entry = pg_insert(SearchEntry).from_select(columns, missing)
        connection.execute(entry.on_conflict_do_nothing(index_elements=["ref_id"]))
        return
    last = connection.scalar(select(func.coalesce(func.max(entries.c.entry), 0)))
    connection.execute(insert(SearchEntry).from_select(columns, missing))
    connection.execute(
        text(
            "INSERT INTO search_words (rowid, words) "
            f"SELECT entry, {sqlite.words(source, 'thing')} FROM search_entries "
            f"CROSS JOIN {source.table} AS thing ON thing.id = ref_id "
            "WHERE entry > :last ORDER BY entry"
        ),
        {"last": last},
    )


def _fill_names(connection: Connection) -> None:
    module: Any = sqlite if connection.dialect.name == "sqlite" else postgresql
    for source in present(connection):
        if source.named:
            connection.exec_driver_sql(module.all_names(source))


def _spans(connection: Connection) -> list[_Span]:
    """Every month of every source, the oldest month first."""
    found = []
    for source in present(connection):
        at = _table(source).c[source.at]
        low, high = connection.execute(select(func.min(at), func.max(at))).one()
        while low is not None and low <= high:
            until = _next_month(low)
            found.append(_Span(low, until, source))
            low = until
    return sorted(found, key=lambda span: (span.until, span.source.kind))


def _next_month(at: datetime) -> datetime:
    years, month = divmod(at.month, 12)
    if at.year + years > 9_999:
        return datetime.max.replace(tzinfo=UTC)
    return datetime(at.year + years, month + 1, 1, tzinfo=UTC)


def _table(source: Source) -> Table:
    return Base.metadata.tables[source.table]


def _place(table: Table, source: Source, place: Place) -> Any:
    at, key = place
    return tuple_(literal(at, table.c[source.at].type), literal(key, table.c.id.type))
