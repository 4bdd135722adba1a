"""Bringing a database to the present schema."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, event, text

from crm_store.crypto import Keyring
from crm_store.crypto.registry import is_complete, register_keys
from crm_store.crypto.rekeying import Progress, rekey
from crm_store.crypto.wiping import wipe_free_pages
from crm_store.database import Database
from foundation.errors import KefuError


class ForeignKeyViolated(KefuError):
    """A migration would leave rows that refer to nothing."""

    code = "foreign_key_violated"
    title = "The database's rows do not fit together"


_LOCK = 7_205_771_001  # any number, the same in every process that migrates


def alembic_config(connection: Connection | None = None, keyring: Keyring | None = None) -> Config:
    """Alembic's configuration; there is no ini file, so a running system cannot miss one."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    config.attributes["keyring"] = keyring
    return config


def upgrade(
    database_url: str, *, keyring: Keyring | None = None, progress: Progress | None = None
) -> None:
    """Run the migrations that the database lacks, in one transaction; none lacking, do nothing.

    Several processes may start at once: they take turns. A store that holds personal fields in
    plain text is encrypted afterwards, in small transactions; cut off, the next run goes on.

    Args:
        database_url: SQLAlchemy's.
        keyring: encrypts; without it no value is touched.
        progress: told of each batch that was encrypted.

    Raises:
        ForeignKeyViolated: rows refer to others that are not there; nothing was changed.
    """
    with _migrating(database_url, keyring) as connection:
        if _revision(connection) != _head():
            command.upgrade(alembic_config(connection, keyring), "head")
    if keyring is None:
        return
    database = Database(database_url, keyring=keyring)
    try:
        if is_complete(database):
            register_keys(database)
        elif any(rekey(database, progress=progress).rewritten.values()):
            wipe_free_pages(database)
    finally:
        database.dispose()


def downgrade(database_url: str, revision: str, *, keyring: Keyring | None = None) -> None:
    """Undo migrations down to this one, in one transaction; decrypts what its schema cannot hold.

    Raises:
        NoDataKeys: something is encrypted and there is no keyring.
    """
    with _migrating(database_url, keyring) as connection:
        command.downgrade(alembic_config(connection, keyring), revision)


@contextmanager
def _migrating(database_url: str, keyring: Keyring | None) -> Iterator[Connection]:
    """A connection that may change the schema, one at a time, all or nothing."""
    database = Database(database_url, keyring=keyring)
    if database.is_sqlite:
        # It alters a table by making it anew; dropping the old one would take along every row
        # that refers to it. The pragma has no effect within a transaction.
        event.listen(database.engine, "connect", _without_foreign_keys)
    try:
        with database.transaction() as session:
            connection = session.connection()
            if not database.is_sqlite:  # SQLite's write lock is taken already
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            before = _revision(connection)
            yield connection
            if database.is_sqlite and _revision(connection) != before:
                _check_foreign_keys(connection)
    finally:
        database.dispose()


def _without_foreign_keys(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA foreign_keys = OFF")


def _check_foreign_keys(connection: Connection) -> None:
    broken = connection.execute(text("PRAGMA foreign_key_check")).first()
    if broken is not None:
        raise ForeignKeyViolated(f"the table {broken[0]} refers to rows that are not there")


def is_current(database: Database) -> bool:
    """Whether the database has exactly the schema of this version."""
    with database.reading() as session:
        return _revision(session.connection()) == _head()


def revision_of(database: Database) -> str | None:
    """The revision of the database's schema; None before the first."""
    with database.reading() as session:
        return _revision(session.connection())


def _head() -> str | None:
    return ScriptDirectory.from_config(alembic_config()).get_current_head()


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
