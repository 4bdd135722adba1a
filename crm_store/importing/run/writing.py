"""Where a run's batches go: into the store, or into a scratch copy that is thrown away."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from crm_store.crypto.lookup import keyring_of
from crm_store.database import Database

_FOR_BULK = ("PRAGMA cache_size = -65536", "PRAGMA wal_autocheckpoint = 16384")
"""On SQLite: 64 MB for the pages of indexes whose keys have no order, and fewer checkpoints, which
write each page once however often it was changed."""
_LOCK = 7_205_771_007  # any number, the same in every process that imports


class IntoTheStore:
    """Each batch is a transaction of its own, so that nobody waits for long."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def batch(self) -> Iterator[Session]:
        """A transaction; imports take turns, so that two do not add the same person."""
        with self._database.transaction() as session:
            if self._database.is_sqlite:
                for pragma in _FOR_BULK:
                    session.connection().exec_driver_sql(pragma)
            take_turns(session)
            yield session


class ThrownAway:
    """All batches are one transaction that is rolled back: PostgreSQL's dry run."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @contextmanager
    def batch(self) -> Iterator[Session]:
        """The one transaction, as far as it has come."""
        yield self._session
        self._session.flush()
        self._session.expunge_all()


@contextmanager
def dry(database: Database, folder: Path) -> Iterator[IntoTheStore | ThrownAway]:
    """Batches are written as always, and nothing of it stays.

    SQLite has one writer at a time: there it happens in a copy, so that nobody has to wait.
    """
    if database.is_sqlite:
        with _copied(database, folder) as copy:
            yield IntoTheStore(copy)
        return
    with database.engine.connect() as connection, connection.begin() as transaction:
        session = Session(connection, expire_on_commit=False)
        take_turns(session)
        try:
            yield ThrownAway(session)
        finally:
            session.close()
            transaction.rollback()


def take_turns(session: Session) -> None:
    """Wait until no other import is within a batch; SQLite's write lock does as much."""
    if session.get_bind().dialect.name != "sqlite":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


@contextmanager
def _copied(database: Database, folder: Path) -> Iterator[Database]:
    path = folder / "dry-run.db"
    path.unlink(missing_ok=True)
    source = str(database.url.database)
    with closing(sqlite3.connect(source)) as original, closing(sqlite3.connect(path)) as copy:
        original.backup(copy)
    path.chmod(0o600)
    scratch = Database(
        f"sqlite:///{path}",
        audit_keys=database.audit_keys,
        keyring=keyring_of(database.engine.dialect),
    )
    try:
        yield scratch
    finally:
        scratch.dispose()
        for one in (path, path.with_name("dry-run.db-wal"), path.with_name("dry-run.db-shm")):
            one.unlink(missing_ok=True)
