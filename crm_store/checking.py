"""Is the store sound? What a person asks before an upgrade, or after a disk had trouble."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, select, text

from crm_store.audit.verify import verify
from crm_store.crypto.registry import require_keys
from crm_store.database import Database
from crm_store.migrate import is_current
from crm_store.models import Attachment
from foundation.errors import KefuError

Progress = Callable[[str, int, int | None], None]

_INVALID_INDEXES = """SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE NOT i.indisvalid ORDER BY c.relname LIMIT 1"""
_UNCHECKED = "SELECT conname FROM pg_constraint WHERE NOT convalidated ORDER BY conname LIMIT 1"
_BAD_PAGES = """SELECT coalesce(checksum_failures, 0) FROM pg_stat_database
WHERE datname = current_database()"""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at; ``problem`` is None when it is as it should be."""

    name: str
    problem: str | None


def check_store(database: Database, attachments: Path, progress: Progress) -> Iterator[Check]:
    """Look at the schema, the database, the keys, the attachments and the audit log, in turn."""
    progress("schema", 0, None)
    current = is_current(database)
    yield Check("schema", None if current else "not this version's: run `kefu db upgrade`")
    progress("database", 0, None)
    with database.engine.connect() as connection:
        yield Check("database", _sqlite(connection) if database.is_sqlite else _pg(connection))
    if not current:
        return
    progress("keys", 0, None)
    yield Check("keys", _keys(database))
    yield Check("attachments", _attachments(database, attachments, progress))
    checked = verify(database, progress=lambda done, total: progress("audit log", done, total))
    yield Check("audit log", checked.broken.detail if checked.broken is not None else None)


def _sqlite(connection: Connection) -> str | None:
    found = connection.execute(text("PRAGMA integrity_check(1)")).scalar_one()
    if found != "ok":
        return str(found)[:200]
    broken = connection.execute(text("PRAGMA foreign_key_check")).first()
    return f"{broken[0]} refers to rows that are not there" if broken is not None else None


def _pg(connection: Connection) -> str | None:
    index = connection.scalar(text(_INVALID_INDEXES))
    if index is not None:
        return f"the index {index} is not valid: REINDEX it"
    constraint = connection.scalar(text(_UNCHECKED))
    if constraint is not None:
        return f"the constraint {constraint} was never checked: VALIDATE it"
    bad = connection.scalar(text(_BAD_PAGES)) or 0
    return f"{bad} pages failed their checksum" if bad else None


def _keys(database: Database) -> str | None:
    try:
        require_keys(database)
    except KefuError as error:
        return error.detail
    return None


def _attachments(database: Database, folder: Path, progress: Progress) -> str | None:
    missing = seen = 0
    with database.reading() as session:
        ids = session.scalars(select(Attachment.id).execution_options(yield_per=1_000))
        for seen, attachment_id in enumerate(ids, start=1):
            missing += not (folder / str(attachment_id)).is_file()
            if seen % 1_000 == 0:
                progress("attachments", seen, None)
    return f"{missing:,} of {seen:,} files are missing" if missing else None
