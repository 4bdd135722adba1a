"""What ends by time beside the tables: the audit log, files, the assistant's memory."""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from crm_store.asking import AsSystem
from crm_store.audit.retention import cut_audit_log
from crm_store.database import Database
from crm_store.models import AuditEntry
from crm_store.privacy.erasing.assistant import forget_conversations
from crm_store.privacy.retention.rows import OldRows
from foundation.settings import Settings

_SYSTEM = AsSystem("retention")
_BUSY_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class OldAuditEntries:
    """The oldest entries of the audit log, cut off so that the rest can still be verified."""

    def count(self, database: Database, settings: Settings, before: datetime) -> int:
        return OldRows(AuditEntry, "at").count(database, settings, before)

    def end(self, database: Database, settings: Settings, before: datetime, limit: int) -> int:
        with database.transaction() as session:
            return cut_audit_log(session, before=before, limit=limit, asker=_SYSTEM)


@dataclass(frozen=True, slots=True)
class OldFiles:
    """Files and folders directly in ``<var>/<folder>`` that nobody has changed since."""

    folder: str

    def count(self, database: Database, settings: Settings, before: datetime) -> int:
        return len(self._due(settings, before))

    def end(self, database: Database, settings: Settings, before: datetime, limit: int) -> int:
        due = self._due(settings, before)[:limit]
        for path in due:
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        return len(due)

    def _due(self, settings: Settings, before: datetime) -> list[Path]:
        folder = settings.var / self.folder
        if not folder.is_dir():
            return []
        return sorted(path for path in folder.iterdir() if _changed(path) < before)


@dataclass(frozen=True, slots=True)
class OldTrackers:
    """Conversations in the assistant's working memory; the store has what was said."""

    def count(self, database: Database, settings: Settings, before: datetime) -> int:
        return len(_trackers(settings.var / "tracker.db", before, limit=-1))

    def end(self, database: Database, settings: Settings, before: datetime, limit: int) -> int:
        due = _trackers(settings.var / "tracker.db", before, limit=limit)
        if due:
            forget_conversations(settings, due)
        return len(due)


def _trackers(path: Path, before: datetime, *, limit: int) -> list[str]:
    if not path.is_file():
        return []
    with closing(sqlite3.connect(path, timeout=_BUSY_SECONDS)) as connection:
        rows = connection.execute(
            "SELECT sender_id FROM trackers WHERE saved_at < ? LIMIT ?",
            (before.timestamp(), limit),
        )
        return [str(row[0]) for row in rows]


def _changed(path: Path) -> datetime:
    """When the newest thing in it was changed."""
    times = [path.stat().st_mtime]
    if path.is_dir():
        times += [inner.stat().st_mtime for inner in path.rglob("*")]
    return datetime.fromtimestamp(max(times), UTC)
