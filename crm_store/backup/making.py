"""Making a backup: a snapshot, sealed into one file, opened again, and only then given its name."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from crm_store.asking import Asker
from crm_store.audit import record
from crm_store.backup.archive import (
    ATTACHMENTS,
    DATABASE,
    SECRETS,
    ArchiveWriter,
    Manifest,
    read_archive,
)
from crm_store.backup.engine import engine_of
from crm_store.backup.errors import BackupFailed, NotABackup, explained
from crm_store.backup.folder import alone, clear, give_name, partial_name, prune
from crm_store.backup.keys import BackupKeys
from crm_store.backup.sealing import Head
from crm_store.crypto.registry import keys_in_use
from crm_store.database import Database
from crm_store.ended_access import all_ended
from crm_store.migrate import revision_of
from crm_store.permissions import Permission, require
from foundation.clock import utc_now
from foundation.settings import Settings

WORK = "backup-work"

Progress = Callable[[str, int, int | None], None]
"""Told what is being done, how much of it is done, and of how much where that is known."""


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was opened and found whole."""

    path: Path
    size: int
    rows: int
    attachments: int
    removed: int


def make_backup(
    database: Database,
    settings: Settings,
    folder: Path,
    *,
    keep: int | None = None,
    asker: Asker,
    progress: Progress = lambda what, done, total: None,
) -> Made:
    """Back the store up while it serves.

    Killed at any moment, it leaves no file that looks like a backup; what else it left is removed
    by the next one.

    Args:
        database: in use.
        settings: whose attachments and keys.
        folder: where backups are kept; of this installation alone.
        keep: how many backups stay, this one included; None for all.
        asker: who wants it.
        progress: told what is being done; may raise to stop.

    Raises:
        NotAllowed: the asker may not manage settings.
        BackupFailed: there is no new backup; the detail says why.
        Conflict: another backup is under way.
    """
    require(asker, Permission.SETTINGS_MANAGE)
    making = _Making(database, settings, folder, progress)
    if database.ledger is not None:
        with database.reading() as session:
            database.ledger.add_ended(all_ended(session))
    with explained(folder), alone(settings.var):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        clear(making.work, folder)
        try:
            manifest = making.snapshot()
            making.write(manifest)
            making.open_again(manifest)
            path = give_name(making.partial, making.made_at)
        finally:
            clear(making.work, folder)
        made = Made(
            path=path,
            size=path.stat().st_size,
            rows=sum(manifest.rows.values()),
            attachments=sum(name.startswith(f"{ATTACHMENTS}/") for name in manifest.files),
            removed=prune(folder, keep, newest=path),
        )
    with database.transaction() as session:
        facts = {"file": path.name, "bytes": made.size, "rows": made.rows}
        record(session, asker, "store.backed_up", facts=facts)
    return made


class _Making:
    """The steps of one backup, over a working folder and a partial file."""

    def __init__(
        self, database: Database, settings: Settings, folder: Path, progress: Progress
    ) -> None:
        self.made_at: datetime = utc_now()
        self.work = settings.var / WORK
        self.partial = partial_name(folder, self.made_at)
        self._database = database
        self._settings = settings
        self._progress = progress
        self._engine = engine_of(database)
        self._keys = BackupKeys.of(settings, keyring=database.keyring)
        self._head = Head.new(
            self._keys.newest, engine=self._engine.name, made_at=self.made_at.isoformat()
        )

    def snapshot(self) -> Manifest:
        """Copy the database as it is at one moment."""
        self.work.mkdir(mode=0o700)
        rows = self._engine.snapshot(self._copy(self.work), self._told("copying the database"))
        return Manifest(
            engine=self._engine.name,
            made_at=self._head.made_at,
            revision=revision_of(self._database),
            rows=rows,
            data_keys=keys_in_use(self._database),
            seal_key=self._database.audit_keys.newest,
        )

    def write(self, manifest: Manifest) -> None:
        """Encrypt the copy and the attachments into the partial file; completes the manifest."""
        files = dict(self._files())
        total = sum(path.stat().st_size for path in files.values() if path.exists())
        step = self._steps("encrypting", total)
        descriptor = os.open(self.partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            archive = ArchiveWriter(file, self._head, self._keys)
            for name, path in files.items():
                archive.add(name, path, step)
            archive.finish(manifest)
            file.flush()
            os.fsync(file.fileno())
        self._copy(self.work).unlink()

    def open_again(self, manifest: Manifest) -> None:
        """Decrypt what was written and open the database in it."""
        again = self.work / "again"
        step = self._steps("opening it again", sum(f["size"] for f in manifest.files.values()))
        try:
            if read_archive(self.partial, self._keys, into=again, step=step) != manifest:
                raise NotABackup("the manifest is another one")
            told = self._told("checking the copy")
            self._engine.check_copy(self._copy(again), manifest.rows, told)
        except NotABackup as error:
            reason = f"what was written is not what was to be: {error.detail}"
            raise BackupFailed(reason) from error

    def _files(self) -> Iterator[tuple[str, Path]]:
        """What goes in. The attachments that the copy names were there before it was made."""
        copy = self._copy(self.work)
        yield copy.name, copy
        secrets = self._settings.secrets_file
        if self._head.key.source == "backup" and secrets.is_file():
            # Under a key of its own the file can bring along the others.
            yield SECRETS, secrets
        folder = self._settings.var / ATTACHMENTS
        if folder.is_dir():
            for path in sorted(folder.iterdir()):
                if path.is_file() and path.suffix != ".part":
                    yield f"{ATTACHMENTS}/{path.name}", path

    def _copy(self, folder: Path) -> Path:
        return folder / DATABASE[self._engine.name]

    def _told(self, what: str) -> Callable[[int, int | None], None]:
        return lambda done, total: self._progress(what, done, total)

    def _steps(self, what: str, total: int) -> Callable[[int], None]:
        done = 0

        def step(size: int) -> None:
            nonlocal done
            done += size
            self._progress(what, done, total)

        return step
