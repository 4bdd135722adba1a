"""Folders of files that are dear to make, each named by a hash of all that it depends on."""

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

_KEPT = 6
"""So many folders of a kind stay; each holds some tens of megabytes."""

_BEGUN = "making-"
_LONGEST = 24 * 3600.0
"""Seconds; nothing takes longer to make."""

_PROJECT = Path(__file__).resolve().parents[2]


def made_once(kind: str, digest: str, make: Callable[[Path], None]) -> Path:
    """The folder, made when it is not there yet; beside Rasa's cache, or where KEFU_CACHE says.

    It is made aside and renamed: a process that is killed leaves nothing half-done. A second
    process that wants the same waits for the first.

    Args:
        make: writes the files into an empty folder.
    """
    place = Path(os.environ.get("KEFU_CACHE") or _PROJECT / ".rasa" / "kefu") / kind
    folder = place / digest
    if folder.is_dir():
        return folder
    place.mkdir(parents=True, exist_ok=True)
    with _alone(place / f"{digest}.lock"):
        if folder.is_dir():
            return folder
        made = Path(tempfile.mkdtemp(prefix=_BEGUN, dir=place))
        try:
            make(made)
            made.rename(folder)
        finally:
            shutil.rmtree(made, ignore_errors=True)
    _forget_old(place)
    return folder


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Holds a lock that ends with the process, however that ends."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
        path.unlink(missing_ok=True)


def _forget_old(place: Path) -> None:
    """Keeps the newest; what a killed process had begun goes when nobody can be at it any more."""
    ages = {path: path.stat().st_mtime for path in place.iterdir() if path.is_dir()}
    begun = {path for path in ages if path.name.startswith(_BEGUN)}
    whole = sorted(ages.keys() - begun, key=ages.__getitem__, reverse=True)
    given_up = [path for path in begun if ages[path] < time.time() - _LONGEST]
    for path in [*whole[_KEPT:], *given_up]:
        shutil.rmtree(path, ignore_errors=True)
