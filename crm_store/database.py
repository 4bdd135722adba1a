"""Engines and transactions. One request, one transaction: it commits at the edge, nowhere else."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import Any

import structlog
from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.orm import Session, sessionmaker

from crm_store.audit.anchor import Anchor
from crm_store.audit.keys import AuditKeys
from crm_store.audit.recording import AuditTrail
from crm_store.crypto.keyring import Keyring
from crm_store.crypto.lookup import put_on
from crm_store.ended_access import Ended, noted
from crm_store.privacy.ledger import ErasureLedger
from crm_store.search.sqlite import register as register_search
from crm_store.sqlite_lock import begin_writing
from foundation.errors import Unavailable

_log = structlog.get_logger(__name__)
_BUSY_TIMEOUT_MS = 10_000
# What a random page costs beside a sequential one. PostgreSQL still reckons with turning disks, and
# would rather read a table than fetch a thousand rows of it by an index.
# Its just-in-time compiler takes 200 ms for a trigger that then runs in one.
_SHORT_QUERIES = "-c random_page_cost=1.1 -c jit=off"


class Database:
    """An engine and how sessions are opened on it; made once per process and handed around.

    Args:
        url: SQLAlchemy's.
        audit_keys: seal the audit log; without them nothing can be recorded there.
        anchor: notes the log's head outside of the database.
        ledger: notes what a restore of the database must not undo.
        keyring: encrypts personal fields; without it they can be neither stored nor read.
    """

    def __init__(
        self,
        url: str,
        *,
        audit_keys: AuditKeys | None = None,
        anchor: Anchor | None = None,
        ledger: ErasureLedger | None = None,
        keyring: Keyring | None = None,
    ) -> None:
        self.url = make_url(_with_driver(url))
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = self._create_engine()
        put_on(self.engine, keyring)
        self.audit_keys = audit_keys or AuditKeys(())
        self.anchor = anchor
        self.ledger = ledger
        self.keyring = keyring
        self._writing = Lock()
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session that commits when the block ends and rolls back when it raises.

        On SQLite it takes the write lock at its start: a read that later writes would otherwise
        fail at once with "database is locked" instead of waiting for its turn.

        Raises:
            Unavailable: other writers of this process did not let go of SQLite's lock.
        """
        with self._turn_to_write(), self._sessions() as session, session.begin():
            if self.is_sqlite:
                session.connection(execution_options={"kefu_begin": "IMMEDIATE"})
            AuditTrail(self.audit_keys, self.anchor).attach(session)
            yield session
        self._write_down(noted(session))

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for reading only; nothing in it is committed."""
        with self._sessions() as session:
            yield session

    def dispose(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()

    def _write_down(self, ended: Sequence[Ended]) -> None:
        if self.ledger is None or not ended:
            return
        try:
            self.ledger.add_ended(ended)
        except OSError as error:
            # It is committed, and holds; the next backup writes down what is missing.
            _log.error("ended access not written down", reason=error.strerror)

    @contextmanager
    def _turn_to_write(self) -> Iterator[None]:
        """Let one thread at a time ask SQLite for its write lock.

        Who waits for another process looks again and again, while others pass by. Threads that
        wait here are woken when it is their turn.
        """
        if not self.is_sqlite:
            yield
            return
        if not self._writing.acquire(timeout=_BUSY_TIMEOUT_MS / 1000):
            raise Unavailable("the database is busy")
        try:
            yield
        finally:
            self._writing.release()

    def _create_engine(self) -> Engine:
        # Parameters hold what customers wrote: they must not end up in an error's text.
        if not self.is_sqlite:
            return create_engine(
                self.url,
                connect_args={"options": _SHORT_QUERIES},
                pool_size=10,
                max_overflow=20,
                pool_pre_ping=True,
                hide_parameters=True,
            )
        engine = create_engine(
            self.url, connect_args={"timeout": _BUSY_TIMEOUT_MS / 1000}, hide_parameters=True
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine


def _with_driver(url: str) -> str:
    """Name the driver that we ship, where the operator named only the database."""
    for scheme in ("postgresql://", "postgres://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    return url


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver must not open transactions by itself: `begin` below chooses the kind.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode = WAL",
        "synchronous = NORMAL",
        "foreign_keys = ON",
        "secure_delete = ON",  # what is deleted is gone, not just out of sight
        f"busy_timeout = {_BUSY_TIMEOUT_MS}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
    # SQLite's own lower() knows ASCII only: searching for "müller" would miss "MÜLLER".
    connection.create_function("lower", 1, _lower, deterministic=True)
    register_search(connection)


def _lower(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


def _begin_sqlite(connection: Any) -> None:
    if connection.get_execution_options().get("kefu_begin") == "IMMEDIATE":
        begin_writing(connection, seconds=_BUSY_TIMEOUT_MS / 1_000)
    else:
        connection.exec_driver_sql("BEGIN DEFERRED")
