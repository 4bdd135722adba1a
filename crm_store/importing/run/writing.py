"""Where a run's batches go: into the store, or into a scratch copy that is thrown away."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from crm_store.crypto.lookup import keyring_of
from crm_store.database import Database
from crm_store.sqlite_lock import give_way

_FOR_BULK = ("PRAGMA cache_size = -262144", "PRAGMA wal_autocheckpoint = 131072")
"""On SQLite: 256 MB for the pages of indexes whose keys have no order; and checkpoints of its own
only where those beside the batches do not keep up."""
_EACH = 3
"""Batches a checkpoint: a page that several changed is brought in once."""
_PATIENCE = 1.0
"""Seconds that the last checkpoint waits for readers; nobody can write meanwhile."""
_WITHOUT_WAITING = ("SET LOCAL synchronous_commit = off",)
"""On PostgreSQL: a batch does not wait for the disk. A server that dies may lose the last few, each
with its checkpoint, so that the next run does them again; the end of a run waits for all of it."""
_LOCK = 7_205_771_007  # any number, the same in every process that imports


class IntoTheStore:
    """Each batch is a transaction of its own, so that nobody waits longer than for one.

    It has no savepoint: SQLite would write down every page before its first change, so as to be
    able to go back, which takes as long as changing them.
    """

    def __init__(self, database: Database, checkpoints: "_Checkpoints | None") -> None:
        self._database = database
        self._checkpoints = checkpoints

    @classmethod
    @contextmanager
    def opened(cls, database: Database) -> Iterator["IntoTheStore"]:
        """A way into the database, with what goes on beside it."""
        if not database.is_sqlite:
            yield cls(database, None)
            return
        with ThreadPoolExecutor(max_workers=1) as thread:
            checkpoints = _Checkpoints(str(database.url.database), thread)
            yield cls(database, checkpoints)
            checkpoints.finish()

    @contextmanager
    def batch(self) -> Iterator[Session]:
        """A transaction; imports take turns, so that two do not add the same person."""
        with self._database.transaction() as session:
            for statement in _FOR_BULK if self._database.is_sqlite else _WITHOUT_WAITING:
                session.connection().exec_driver_sql(statement)
            take_turns(session)
            yield session
        if self._checkpoints is not None:
            self._checkpoints.after_batch()
            give_way()


class _Checkpoints:
    """Brings what SQLite has in its log to its place in the file while the next batch is written.

    Neither locks the other out. A log that was brought in whole begins anew; where batches are
    always ahead, SQLite does the rest within a commit.
    """

    def __init__(self, path: str, thread: ThreadPoolExecutor) -> None:
        self._path = path
        self._thread = thread
        self._running: Future[None] | None = None
        self._batches = 0

    def after_batch(self) -> None:
        """Begin another when it is time, unless one is running still."""
        self._batches += 1
        if self._batches >= _EACH and (self._running is None or self._running.done()):
            self._batches = 0
            self._running = self._thread.submit(self._make, "PASSIVE")

    def finish(self) -> None:
        """Bring in the rest, and leave no large log behind where nobody is reading."""
        self._thread.submit(self._make, "TRUNCATE").result()

    def _make(self, kind: str) -> None:
        # As with SQLite's own: what cannot be done now is left to the next.
        connected = closing(sqlite3.connect(self._path, timeout=_PATIENCE))
        with suppress(sqlite3.Error), connected as connection:
            connection.execute(f"PRAGMA wal_checkpoint({kind})")


class ThrownAway:
    """All batches are one transaction that is rolled back: PostgreSQL's dry run."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @contextmanager
    def batch(self) -> Iterator[Session]:
        """The one transaction, as far as it has come; a batch that fails leaves nothing in it."""
        with self._session.begin_nested():
            yield self._session
            self._session.flush()
        self._session.expunge_all()


@contextmanager
def dry(database: Database, folder: Path) -> Iterator[IntoTheStore | ThrownAway]:
    """Batches are written as always, and nothing of it stays.

    SQLite has one writer at a time: there it happens in a copy, so that nobody has to wait.
    """
    if database.is_sqlite:
        with _copied(database, folder) as copy, IntoTheStore.opened(copy) as writing:
            yield writing
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
