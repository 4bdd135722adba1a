"""Copies of a PostgreSQL database, by pg_dump and pg_restore."""

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, text

from crm_store.backup.errors import NotABackup
from crm_store.backup.pg_tools import conninfo, read_tool, run_tool
from crm_store.database import Database

_TABLES = """SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') ORDER BY c.relname"""
_COPY, _END = b"COPY public.", b"\\.\n"
_OPTIONS = ("--format=custom", "--compress=1", "--no-owner", "--no-privileges")


class PostgresqlEngine:
    """A schema on a server; the copy is a dump in pg_dump's custom format."""

    name = "postgresql"

    def __init__(self, database: Database) -> None:
        self._database = database
        self._url = database.url
        self._conninfo = conninfo(database.url)

    def snapshot(self, target: Path, told: Callable[[int, int | None], None]) -> dict[str, int]:
        """Dump one exported snapshot, and count in the same."""
        target.touch(mode=0o600)
        with self._database.engine.connect() as plain:
            connection = plain.execution_options(isolation_level="REPEATABLE READ")
            connection.execute(text("SET TRANSACTION READ ONLY"))
            snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
            rows = _count_rows(connection)
            run_tool(
                "pg_dump",
                *_OPTIONS,
                f"--snapshot={snapshot}",
                f"--file={target}",
                f"--dbname={self._conninfo}",
                url=self._url,
                told=lambda: told(target.stat().st_size, None),
            )
        return rows

    @staticmethod
    def check_copy(
        copy: Path, rows: dict[str, int], told: Callable[[int, int | None], None]
    ) -> None:
        """Read the dump as pg_restore would play it back, and count the rows in it."""
        found = dict.fromkeys(rows, 0)
        table: str | None = None
        with read_tool("pg_restore", "--data-only", "--file=-", str(copy)) as lines:
            for line in lines:
                if table is None:
                    if line.startswith(_COPY):
                        table = line[len(_COPY) :].split(b" ", 1)[0].decode().strip('"')
                        told(sum(found.values()), sum(rows.values()))
                elif line == _END:
                    table = None
                else:
                    found[table] = found.get(table, 0) + 1
        if found != rows:
            raise NotABackup("the dump in the backup has not the rows that the database had")

    def is_empty(self) -> bool:
        """Whether the schema ``public`` has no table."""
        with self._database.engine.connect() as connection:
            return connection.execute(text(_TABLES)).first() is None

    def restore(self, copy: Path, told: Callable[[int, int | None], None]) -> None:
        """Play the dump back in one transaction."""
        run_tool(
            "pg_restore",
            "--exit-on-error",
            "--single-transaction",
            "--no-owner",
            "--no-privileges",
            f"--dbname={self._conninfo}",
            str(copy),
            url=self._url,
            told=lambda: told(0, None),
        )


def _count_rows(connection: Connection) -> dict[str, int]:
    names = list(connection.scalars(text(_TABLES)))
    return {
        name: connection.scalar(text(f'SELECT count(*) FROM public."{name}"')) or 0  # noqa: S608
        for name in names
    }
