"""``<var>/imports``: a folder a run, with the reject file and, when it was uploaded, the file."""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from crm_store.importing.errors import ImportUnderWay

_CHUNK = 1 << 20


class ImportFolder:
    """Readable for the owner alone: it holds customers' data."""

    def __init__(self, var: Path) -> None:
        self.path = var / "imports"

    def of(self, run_id: UUID) -> Path:
        """The run's folder, made when it is not there."""
        folder = self.path / str(run_id)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder

    def rejects(self, run_id: UUID) -> Path:
        """Where the run's rejected rows are."""
        return self.path / str(run_id) / "rejects.csv"

    def upload(self, run_id: UUID) -> Path | None:
        """Where an uploaded file waits; None when it is gone."""
        return next(iter((self.path / str(run_id)).glob("upload*")), None)

    @contextmanager
    def locked(self, fingerprint: str, target: str) -> Iterator[None]:
        """Let one process at a time import a file; a killed one's lock is gone with it.

        Raises:
            ImportUnderWay: another one does.
        """
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self.path / f"{fingerprint[:32]}-{target}.lock"
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise ImportUnderWay from None
            yield
        finally:
            os.close(descriptor)


def fingerprint_of(path: Path) -> str:
    """The SHA-256 of a file, which tells whether a run that was cut short was of this one."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
