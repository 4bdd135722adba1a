"""Copies of an SQLite database, by SQLite's online backup."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from crm_store.backup.errors import NotABackup, RestoreRefused
from crm_store.database import Database

_PAGES = 2_048  # a step copies 8 MiB
_STEPS = 1_000_000  # of SQLite's machine, some milliseconds
_TABLES = (
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
)


class SqliteEngine:
    """One file; the copy is a database file, too."""

    name = "sqlite"

    def __init__(self, database: Database) -> None:
        self._path = Path(database.url.database or "")

    def snapshot(self, target: Path, told: Callable[[int, int | None], None]) -> dict[str, int]:
        """Copy page by page within one read transaction.

        Writers go on meanwhile: in WAL mode the transaction keeps seeing its moment, so the copy
        never starts over; the log grows until the copy is done.
        """
        target.touch(mode=0o600)
        with closing(sqlite3.connect(self._path)) as source, closing(sqlite3.connect(target)) as to:
            source.isolation_level = None
            source.execute("BEGIN")
            rows = _count_rows(source)
            source.backup(
                to, pages=_PAGES, progress=lambda _, left, all_: told(all_ - left, all_), sleep=0
            )
            source.execute("ROLLBACK")
            to.execute("PRAGMA journal_mode = DELETE")
        return rows

    @staticmethod
    def check_copy(
        copy: Path, rows: dict[str, int], told: Callable[[int, int | None], None]
    ) -> None:
        """Have SQLite check every page and index, then count."""
        with _interruptible(copy, lambda: told(0, None)) as connection:
            found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(1)")]
            if found != ["ok"]:
                raise NotABackup("the database in the backup is damaged")
            if _count_rows(connection) != rows:
                raise NotABackup("the database in the backup has not the rows that it had")

    def is_empty(self) -> bool:
        """A file without a table counts as empty, one that is no database does not."""
        if not self._path.exists():
            return True
        try:
            with closing(_read_only(self._path)) as connection:
                return connection.execute(_TABLES).fetchone() is None
        except sqlite3.DatabaseError:
            return False

    def restore(self, copy: Path, told: Callable[[int, int | None], None]) -> None:
        """Put the file in place with one rename."""
        told(0, None)
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not self.is_empty():
            raise RestoreRefused("there is a database already")
        near = self._path.with_name(f".{self._path.name}.restored")
        shutil.copyfile(copy, near)
        near.chmod(0o600)
        with near.open("rb+") as file:
            os.fsync(file.fileno())
        for left in ("-wal", "-shm"):
            self._path.with_name(self._path.name + left).unlink(missing_ok=True)
        near.replace(self._path)


def _count_rows(connection: sqlite3.Connection) -> dict[str, int]:
    names = [row[0] for row in connection.execute(_TABLES)]
    return {
        name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608
        for name in sorted(names)
    }


def _read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)


@contextmanager
def _interruptible(path: Path, asked: Callable[[], None]) -> Iterator[sqlite3.Connection]:
    """The database to read; now and then it is ``asked`` whether to go on, which may raise.

    Raises:
        NotABackup: it is no database, or is damaged.
    """
    reason: list[BaseException] = []

    def stops() -> int:
        try:
            asked()
        except BaseException as error:  # SQLite would drop it: it is raised below
            reason.append(error)
        return len(reason)

    try:
        with closing(_read_only(path)) as connection:
            connection.set_progress_handler(stops, _STEPS)
            yield connection
    except sqlite3.DatabaseError as error:
        if reason:
            raise reason[0] from None
        raise NotABackup("the database in the backup cannot be read") from error
