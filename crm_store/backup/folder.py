"""The folder of an installation's backups: names, what is left of killed ones, how many stay."""

import errno
import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from foundation.errors import Conflict

SUFFIX = ".kefubackup"
_PARTIAL = ".partial"
_LOCK = "backup.lock"


def backups_in(folder: Path) -> list[Path]:
    """The backups there, the newest first."""
    return sorted(folder.glob(f"kefu-*{SUFFIX}"), reverse=True) if folder.is_dir() else []


def partial_name(folder: Path, made_at: datetime) -> Path:
    """What a backup is called until it was found whole."""
    return folder / f".{_name(made_at)}{_PARTIAL}"


def give_name(partial: Path, made_at: datetime) -> Path:
    """Let the file be a backup from now on.

    Raises:
        FileExistsError: one of that very moment is there; it is not overwritten.
    """
    path = partial.with_name(f"{_name(made_at)}{SUFFIX}")
    if path.exists():
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
    partial.replace(path)
    _sync(path.parent)
    return path


def prune(folder: Path, keep: int | None, *, newest: Path) -> int:
    """Delete all but so many; returns how many are gone.

    ``newest`` stays whatever its name says: the clock may have gone back.
    """
    others = [path for path in backups_in(folder) if path != newest]
    old = others[keep - 1 :] if keep is not None else []
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def clear(work: Path, folder: Path) -> None:
    """Remove what is not finished: ours when it failed, another's that was killed."""
    shutil.rmtree(work, ignore_errors=True)
    for left in folder.glob(f".kefu-*{_PARTIAL}"):
        with suppress(OSError):
            left.unlink()


@contextmanager
def alone(var: Path) -> Iterator[None]:
    """Hold off other backups and restores of this installation.

    Raises:
        Conflict: one is under way.
    """
    var.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(var / _LOCK, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict("another backup or restore is under way") from None
        yield
    finally:
        os.close(descriptor)


def _name(made_at: datetime) -> str:
    return f"kefu-{made_at:%Y%m%dT%H%M%S.%fZ}"


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
