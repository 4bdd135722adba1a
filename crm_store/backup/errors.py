"""What can go wrong with a backup."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crm_store.outages import is_full
from foundation.errors import Conflict, Invalid, Unavailable


class BackupFailed(Unavailable):
    """There is no new backup; nothing half-done is left."""

    code = "backup_failed"
    title = "The backup failed"


class NotABackup(Invalid):
    """The file is no whole backup of ours, or was changed."""

    code = "not_a_backup"
    title = "This is not a whole backup"


class NoBackupKey(Invalid):
    """The key that the file is encrypted under is not known."""

    code = "no_backup_key"
    title = "The key of this backup is not known"


class RestoreRefused(Conflict):
    """The place is not empty, or the backup does not fit it; nothing was changed."""

    code = "restore_refused"
    title = "The backup cannot be restored here"


@contextmanager
def explained(folder: Path) -> Iterator[None]:
    """Say in one line what the system reports of the disk.

    Raises:
        BackupFailed: the disk is full, or cannot be written.
    """
    try:
        yield
    except sqlite3.OperationalError as error:
        if "full" in str(error) or "disk I/O" in str(error):
            raise _full(folder) from error
        raise BackupFailed(f"the copy of the database failed: {error}") from error
    except OSError as error:
        if is_full(error):
            raise _full(folder) from error
        raise BackupFailed(f"{error.filename or folder}: {error.strerror}") from error


def _full(folder: Path) -> BackupFailed:
    return BackupFailed(f"no room left for the backup, in {folder} or where it is put together")
