"""The nightly backup."""

from datetime import time, timedelta
from typing import Any

from crm_store.asking import AsSystem
from crm_store.backup.making import make_backup
from crm_store.jobs import DailyAt, JobContext, JobKind

BACKUP = "backup"
_NIGHTLY = AsSystem("the nightly backup")


def back_up(context: JobContext) -> dict[str, Any]:
    """Back the store up into the folder of the settings, and let the oldest one go."""
    settings = context.settings
    if settings.backup_keep == 0:
        return {"wanted": False}

    def progress(_what: str, done: int, total: int | None) -> None:
        context.check()
        context.progress(done, total)

    made = make_backup(
        context.database,
        settings,
        settings.resolved_backup_folder,
        keep=settings.backup_keep,
        asker=_NIGHTLY,
        progress=progress,
    )
    return {
        "bytes": made.size,
        "rows": made.rows,
        "attachments": made.attachments,
        "removed": made.removed,
    }


BACKUP_KIND = JobKind(
    name=BACKUP,
    run=back_up,
    schedule=DailyAt(time(3, 0)),
    attempts=3,
    backoff=timedelta(minutes=10),
)
