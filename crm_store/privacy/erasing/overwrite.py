"""On SQLite, deleted words stay in the full-text index and the log until they are written over.

The tables themselves are overwritten as they go (``secure_delete``). PostgreSQL frees the space at
its next vacuum, and its files are the server's own.
"""

from collections.abc import Callable
from contextlib import closing

from sqlalchemy import text

from crm_store.database import Database

_PAGES = 500
_NOTHING_LEFT = 2
"""A merge that changes fewer rows than this found nothing to do (sqlite.org/fts5.html)."""


def overwrite_deleted(database: Database, *, step: Callable[[], None]) -> int:
    """Take deleted words out of the full-text index, and empty the write-ahead log.

    The index is merged a few pages at a time, so that other writers get their turns.
    """
    if not database.is_sqlite:
        return 0
    pages = -_PAGES  # negative: begins to merge everything into one
    while True:
        step()
        with database.transaction() as session:
            before = session.scalar(text("SELECT total_changes()"))
            session.execute(
                text("INSERT INTO search_words (search_words, rank) VALUES ('merge', :pages)"),
                {"pages": pages},
            )
            after = session.scalar(text("SELECT total_changes()"))
        if pages > 0 and (after or 0) - (before or 0) < _NOTHING_LEFT:
            break
        pages = _PAGES
    with closing(database.engine.raw_connection()) as connection:
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return 0
