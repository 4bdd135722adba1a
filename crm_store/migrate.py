"""Bringing a database to the present schema."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from crm_store.database import Database

_LOCK = 7_205_771_001  # any number, the same in every process that migrates


def alembic_config(connection: Connection | None = None) -> Config:
    """Alembic's configuration; there is no ini file, so a running system cannot miss one."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


def upgrade(database_url: str) -> None:
    """Run the migrations that the database lacks, in one transaction; none lacking, do nothing.

    Several processes may start at once: they take turns.
    """
    database = Database(database_url)
    try:
        with database.transaction() as session:
            connection = session.connection()
            if not database.is_sqlite:  # SQLite's write lock is taken already
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            if _revision(connection) != _head():
                command.upgrade(alembic_config(connection), "head")
    finally:
        database.dispose()


def is_current(database: Database) -> bool:
    """Whether the database has exactly the schema of this version."""
    with database.reading() as session:
        return _revision(session.connection()) == _head()


def _head() -> str | None:
    return ScriptDirectory.from_config(alembic_config()).get_current_head()


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
