"""Committing under the lock on the head without writing to the disk under it.

PostgreSQL holds a transaction's locks until its commit is on the disk. Were that so here, acts
would come one a disk write, where other transactions share one. So the commit itself does not
wait; once the lock is gone, and before the caller is told that it is done, everything up to it is
made durable by one more commit, which many share. The log of PostgreSQL is one sequence: no later
act can be on the disk without this one, and of a crash in between nobody was told that anything
was done.
"""

from collections.abc import Callable

from sqlalchemy import text
from sqlalchemy.orm import Session

Flush = Callable[[], None]

_MARK = "SELECT pg_logical_emit_message(true, 'kefu', '')"


def flush_after_commit(session: Session) -> Flush | None:
    """Let this transaction's commit not wait for the disk; the caller calls what is returned then.

    Returns None where that is not needed: SQLite has one writer anyway.
    """
    connection = session.connection()
    if connection.dialect.name != "postgresql":
        return None
    connection.execute(text("SET LOCAL synchronous_commit TO off"))
    driver = connection.connection.dbapi_connection
    assert driver is not None

    def flush() -> None:
        cursor = driver.cursor()
        cursor.execute(_MARK)
        cursor.close()
        driver.commit()

    return flush
