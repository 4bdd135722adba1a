"""What a kind of database has to be able to do for backups."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from crm_store.backup.postgresql import PostgresqlEngine
from crm_store.backup.sqlite import SqliteEngine
from crm_store.database import Database

Told = Callable[[int, int | None], None]
"""Told how much is done, and of how much where that is known; may raise to stop."""


class Engine(Protocol):
    """One kind of database."""

    name: str

    def snapshot(self, target: Path, told: Told) -> dict[str, int]:
        """Write a copy of one moment while the database serves; returns the rows of each table."""
        ...

    @staticmethod
    def check_copy(copy: Path, rows: dict[str, int], told: Told) -> None:
        """Open a copy and compare it with the rows that it must have.

        Raises:
            NotABackup: it is damaged, or rows are missing.
        """
        ...

    def is_empty(self) -> bool:
        """Whether there is nothing in the database, not even a schema."""
        ...

    def restore(self, copy: Path, told: Told) -> None:
        """Put the copy into the empty database, as a whole or not at all."""
        ...


ENGINES: dict[str, type[Engine]] = {
    SqliteEngine.name: SqliteEngine,
    PostgresqlEngine.name: PostgresqlEngine,
}
"""By the names that backups bear."""


def engine_of(database: Database) -> Engine:
    """The engine for this database."""
    return SqliteEngine(database) if database.is_sqlite else PostgresqlEngine(database)
