"""Whether the search index says what the store says."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, text

from crm_store.database import Database
from crm_store.search import postgresql, sqlite
from crm_store.search.objects import present
from crm_store.search.sources import Source


@dataclass(frozen=True, slots=True)
class Checked:
    """What is wrong with the index of one kind of thing.

    Attributes:
        missing: things that cannot be found.
        orphaned: entries of things that are gone, or that are not to be found.
        stale: entries with other words than the thing has.
        unwatched: whether a trigger is gone, so that changes pass the index by.
    """

    kind: str
    missing: int
    orphaned: int
    stale: int
    unwatched: bool

    @property
    def is_right(self) -> bool:
        """Whether nothing is wrong."""
        return not (self.missing or self.orphaned or self.stale or self.unwatched)


def check(database: Database, told: Callable[[str], None] | None = None) -> Iterator[Checked]:
    """Compare every entry with its thing, kind by kind; reads everything.

    Args:
        database: with the present schema.
        told: called with each kind before it is looked at.
    """
    with database.reading() as session:
        connection = session.connection()
        for source in present(connection):
            if told is not None:
                told(source.kind.value)
            yield _check(connection, source)


def _check(connection: Connection, source: Source) -> Checked:
    shown = source.shown("thing")
    same = "thing.id = entry.ref_id"
    missing = (
        f"SELECT count(*) FROM {source.table} AS thing WHERE {shown} "
        f"AND NOT EXISTS (SELECT 1 FROM search_entries AS entry WHERE {same})"
    )
    orphaned = (
        f"SELECT count(*) FROM search_entries AS entry WHERE entry.kind = '{source.kind}' "
        f"AND NOT EXISTS (SELECT 1 FROM {source.table} AS thing WHERE {same} AND {shown})"
    )
    stale = (
        f"SELECT count(*) FROM search_entries AS entry JOIN {source.table} AS thing ON {same} "
        f"WHERE {shown} AND {_differs(connection, source)}"
    )
    return Checked(
        kind=source.kind.value,
        missing=_count(connection, missing),
        orphaned=_count(connection, orphaned),
        stale=_count(connection, stale),
        unwatched=not _is_watched(connection, source),
    )


def _count(connection: Connection, query: str) -> int:
    return int(connection.scalar(text(query)) or 0)


def _differs(connection: Connection, source: Source) -> str:
    if connection.dialect.name == "postgresql":
        return f"entry.words IS DISTINCT FROM {postgresql.words(source, 'thing')}"
    # The full-text table has no texts of its own to compare with: it is asked for each word.
    return (
        "NOT EXISTS (SELECT 1 FROM search_words WHERE search_words MATCH "
        f"kefu_all_of({sqlite.words(source, 'thing')}) AND search_words.rowid = entry.entry)"
    )


def _is_watched(connection: Connection, source: Source) -> bool:
    if connection.dialect.name == "sqlite":
        found = connection.execute(
            text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :name"),
            {"name": source.table},
        )
    else:
        found = connection.execute(
            text(
                "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D' "
                "AND tgrelid = CAST(:name AS regclass)"
            ),
            {"name": source.table},
        )
    wanted = {sqlite.trigger_name(source, event) for event in sqlite.EVENTS}
    return wanted <= set(found.scalars())
