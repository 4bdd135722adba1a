"""Looking a backup over without restoring it."""

import tempfile
from pathlib import Path

from crm_store.backup.archive import DATABASE, Manifest, read_archive
from crm_store.backup.engine import ENGINES
from crm_store.backup.errors import NotABackup, explained
from crm_store.backup.keys import BackupKeys
from crm_store.backup.making import Progress
from foundation.settings import Settings


def check_backup(
    path: Path, settings: Settings, *, progress: Progress = lambda what, done, total: None
) -> Manifest:
    """Decrypt a backup, compare every file, and open the database in it.

    Raises:
        NotABackup: it is not whole, or was changed.
        NoBackupKey: its key is not known.
        BackupFailed: no room to unpack it.
    """
    done = 0

    def step(size: int) -> None:
        nonlocal done
        done += size
        progress("decrypting", done, None)

    settings.var.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (
        explained(settings.var),
        tempfile.TemporaryDirectory(prefix="backup-check-", dir=settings.var) as name,
    ):
        folder = Path(name)
        manifest = read_archive(path, BackupKeys.of(settings), into=folder, step=step)
        if manifest.engine not in ENGINES:
            raise NotABackup("this backup is of a database that is not known")
        copy = folder / DATABASE[manifest.engine]
        ENGINES[manifest.engine].check_copy(
            copy, manifest.rows, lambda done, total: progress("checking the copy", done, total)
        )
    return manifest
