"""Putting a backup into an empty place: everything is checked first, and the database comes last.

From then on, until ``finishing`` is done, erased people may be in the store again. A marker beside
it stands for that time; every part of the system refuses to open the store while it is there.
Killed in between, the same command goes on.
"""

import json
import shutil
from pathlib import Path

from crm_store.asking import Asker
from crm_store.audit.keys import AuditKeys
from crm_store.backup.archive import ATTACHMENTS, DATABASE, SECRETS, Manifest, read_archive
from crm_store.backup.engine import Engine, engine_of
from crm_store.backup.errors import RestoreRefused, explained
from crm_store.backup.folder import alone
from crm_store.backup.keys import BackupKeys
from crm_store.backup.making import Progress
from crm_store.backup.sealing import Head, read_head
from crm_store.crypto.keys import DataKey
from crm_store.opening import RESTORE_MARKER, open_database
from crm_store.permissions import Permission, require
from foundation.data_keys import parse_data_keys
from foundation.secrets import read_secret
from foundation.settings import Settings

_WORK = "restore-work"


def place_backup(
    path: Path,
    settings: Settings,
    *,
    asker: Asker,
    progress: Progress = lambda what, done, total: None,
) -> None:
    """Put database, attachments and, where there are none yet, secrets of a backup in place.

    What a killed run has put there already stays there.

    Raises:
        NotAllowed: the asker may not manage settings.
        NotABackup: the file is not whole.
        NoBackupKey: the key of the file is not known.
        RestoreRefused: the place is not empty, or a key is missing; nothing was changed.
        BackupFailed: the disk is full, or a program of PostgreSQL's failed.
    """
    require(asker, Permission.SETTINGS_MANAGE)
    with explained(settings.var), alone(settings.var):
        with path.open("rb") as file:
            head = read_head(file)
        database = open_database(settings, unfinished_restore=True)
        try:
            placing = _Placing(path, head, settings, engine_of(database), progress)
            if not placing.is_done():
                placing.refuse_full_place()
                placing.unpack()
                placing.place()
        finally:
            database.dispose()


class _Placing:
    """The steps of one restore, over a working folder."""

    def __init__(
        self, path: Path, head: Head, settings: Settings, engine: Engine, progress: Progress
    ) -> None:
        self._path = path
        self._head = head
        self._settings = settings
        self._engine = engine
        self._progress = progress
        self._work = settings.var / _WORK
        self._attachments = settings.var / ATTACHMENTS
        self._marker = settings.var / RESTORE_MARKER

    def is_done(self) -> bool:
        """Whether an earlier run, killed since, has put this very backup in place."""
        if not self._marker.exists():
            return False
        noted = json.loads(self._marker.read_text(encoding="utf-8"))
        if noted["salt"] != self._head.salt.hex():
            raise RestoreRefused(f"a restore of {noted['file']} has not finished; do that first")
        return not self._engine.is_empty()

    def refuse_full_place(self) -> None:
        """Make sure that nothing is overwritten."""
        if self._engine.name != self._head.engine:
            raise RestoreRefused(
                f"this is a backup of {self._head.engine}, the store here is {self._engine.name}"
            )
        if not self._engine.is_empty():
            raise RestoreRefused("there is a database already; a backup goes into an empty one")
        ours = self._marker.exists()
        if not ours and self._attachments.is_dir() and any(self._attachments.iterdir()):
            raise RestoreRefused(f"{self._attachments} is not empty")

    def unpack(self) -> None:
        """Decrypt everything into the working folder, and look at it before it counts."""
        shutil.rmtree(self._work, ignore_errors=True)
        self._work.mkdir(mode=0o700)
        done = 0

        def step(size: int) -> None:
            nonlocal done
            done += size
            self._progress("decrypting", done, None)

        try:
            keys = BackupKeys.of(self._settings)
            manifest = read_archive(self._path, keys, into=self._work, step=step)
            self._engine.check_copy(self._copy, manifest.rows, self._told("checking the copy"))
            self._check_keys(manifest)
        except BaseException:
            shutil.rmtree(self._work, ignore_errors=True)
            raise

    def place(self) -> None:
        """Move everything to its place; the database, by which the rest counts, at the end."""
        noted = {"file": self._path.name, "salt": self._head.salt.hex()}
        self._marker.write_text(json.dumps(noted), encoding="utf-8")
        shutil.rmtree(self._attachments, ignore_errors=True)
        if (self._work / ATTACHMENTS).is_dir():
            (self._work / ATTACHMENTS).replace(self._attachments)
        if self._brings_secrets():
            (self._work / SECRETS).replace(self._settings.secrets_file)
        self._engine.restore(self._copy, self._told("putting the database in place"))
        shutil.rmtree(self._work, ignore_errors=True)

    @property
    def _copy(self) -> Path:
        return self._work / DATABASE[self._engine.name]

    def _told(self, what: str) -> "_Told":
        return _Told(self._progress, what)

    def _brings_secrets(self) -> bool:
        return (self._work / SECRETS).is_file() and not self._settings.secrets_file.exists()

    def _check_keys(self, manifest: Manifest) -> None:
        """Refuse what could not be read afterwards, or not be trusted."""
        data = self._settings.data_keys.get_secret_value()
        signing = self._settings.secret_keys.get_secret_value()
        if self._brings_secrets():
            data = data or read_secret(self._work / SECRETS, "data_keys")
            signing = signing or read_secret(self._work / SECRETS, "secret_keys")
        known = {DataKey.derive(key_id, key).check for key_id, key in parse_data_keys(data).items()}
        for key_id, check in manifest.data_keys.items():
            if check not in known:
                raise RestoreRefused(
                    f"personal fields are encrypted under the key {key_id}, which KEFU_DATA_KEYS"
                    " does not hold: bring along the secrets of where the backup was made"
                )
        if not AuditKeys(signing.split(",")).knows(manifest.seal_key):
            raise RestoreRefused(
                "KEFU_SECRET_KEYS does not hold the key that seals the audit log and the erasures:"
                " bring along the secrets of where the backup was made"
            )


class _Told:
    """Passes progress on under the name of a step."""

    def __init__(self, progress: Progress, what: str) -> None:
        self._progress = progress
        self._what = what

    def __call__(self, done: int, total: int | None) -> None:
        self._progress(self._what, done, total)
