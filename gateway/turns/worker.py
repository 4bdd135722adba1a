"""The name under which a gateway process holds turns.

Gateway processes on one machine take numbered places, each a locked file that the kernel frees
when its holder dies, however it dies. Who sits in a place now may therefore take back what the one
before held, and never what a living neighbour holds.
"""

import fcntl
import hashlib
import os
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from foundation.errors import Unavailable
from foundation.settings import Settings

_MOST_PLACES = 256


@dataclass
class WorkerPlace:
    """A held place.

    Attributes:
        number: from 1; the lowest that was free.
        prefix: begins the names of the turns' holders; the same for each process in this place, and
            for no other.
        predecessor: the process that held the place before, if it left its number.
    """

    number: int
    prefix: str
    predecessor: int | None
    _file: TextIO

    def leave(self) -> None:
        """Let the next process have it."""
        self._file.close()


def take_place(settings: Settings) -> WorkerPlace:
    """Take the lowest free place under ``<var>/run``.

    Raises:
        Unavailable: all are taken.
    """
    folder = settings.var / "run"
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(1, _MOST_PLACES + 1):
        file = _lock(folder / f"gateway-{settings.port}-{number}.lock")
        if file is None:
            continue
        before = file.read().strip()
        file.seek(0)
        file.truncate()
        file.write(f"{os.getpid()}\n")
        file.flush()
        predecessor = int(before) if before.isdecimal() else None
        return WorkerPlace(number, worker_prefix(settings, number), predecessor, file)
    raise Unavailable(f"more than {_MOST_PLACES} gateway processes share {folder}")


def worker_prefix(settings: Settings, number: int = 1) -> str:
    """The same at each start of the gateway in this place, and nobody else's on any machine."""
    address = f"{socket.gethostname()}:{settings.var}:{settings.port}:{number}"
    return f"gateway-{hashlib.sha256(address.encode()).hexdigest()[:12]}-"


def _lock(path: Path) -> TextIO | None:
    """The file, locked until it is closed; None when somebody else holds it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return os.fdopen(descriptor, "r+", encoding="utf-8")
