"""A log to tamper with, and somebody with every right over the database but without the keys."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, delete, insert, select, text

from crm_store.asking import AsStaff, AsSystem
from crm_store.audit import record
from crm_store.database import Database
from crm_store.models import AuditEntry, AuditHead, Role
from foundation.ids import new_id

ENTRIES = AuditEntry.__table__
HEAD = AuditHead.__table__
_TRIGGERS = ("audit_entries_not_changed", "audit_entries_not_deleted", "audit_head_not_deleted")


def write_log(database: Database, entries: int) -> None:
    """So many entries, of different kinds."""
    for number in range(entries):
        with database.transaction() as session:
            asker = AsSystem("a test") if number % 3 else AsStaff(new_id(), Role.ADMIN)
            record(session, asker, f"thing.{number % 2}", "thing", new_id(), {"number": number})


@contextmanager
def tampering(database: Database) -> Iterator[Connection]:
    """A connection for which nothing guards the log; afterwards the log is as it was."""
    with database.engine.connect() as connection:
        kept = [[dict(row) for row in connection.execute(select(t)).mappings()] for t in _LOG]
    try:
        with database.engine.begin() as connection:
            unguard(database, connection)
            yield connection
    finally:
        with database.engine.begin() as connection:
            unguard(database, connection)
            for table, rows in zip(_LOG, kept, strict=True):
                connection.execute(delete(table))
                if rows:
                    connection.execute(insert(table), rows)


_LOG: tuple[Any, ...] = (ENTRIES, HEAD)


def unguard(database: Database, connection: Connection) -> None:
    """Let nothing refuse a change."""
    if database.is_sqlite:
        for name in _TRIGGERS:
            connection.execute(text(f"DROP TRIGGER IF EXISTS {name}"))
    else:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
