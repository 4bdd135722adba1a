"""One training at a time, or an older one could end last and put older data into service."""

import fcntl
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from foundation.errors import Unavailable

_POLL_SECONDS = 0.2


@contextmanager
def sole_training(
    file: Path, *, background: bool, on_waiting: Callable[[str], None]
) -> Iterator[None]:
    """Holds the lock; the file is made where it is missing.

    Somebody waits for a training that they asked for: it waits for another of its kind, and ends
    one in the background. One in the background does not begin beside another.

    Args:
        on_waiting: called once, with the line to show, before it waits.

    Raises:
        Unavailable: another training is running, and this one is in the background.
    """
    file.parent.mkdir(exist_ok=True)
    with file.open("a+", encoding="utf-8") as lock:
        if not _taken(lock):
            if background:
                raise Unavailable("another training is running")
            _wait(lock, on_waiting)
        lock.truncate(0)
        if background:
            lock.write(str(os.getpid()))
            lock.flush()
        yield
        lock.truncate(0)


def _wait(lock: IO[str], on_waiting: Callable[[str], None]) -> None:
    lock.seek(0)
    pid = lock.read().strip()
    if pid.isdigit():
        on_waiting("ending the training in the background")
        with suppress(ProcessLookupError, PermissionError):  # it has just ended; another's: wait
            os.kill(int(pid), signal.SIGTERM)
    else:
        on_waiting("waiting for another training to end")
    while not _taken(lock):
        time.sleep(_POLL_SECONDS)


def _taken(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
