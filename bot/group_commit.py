"""One writer thread per SQLite file; what is waiting together is committed together.

Rasa's own stores commit in the middle of a turn, on the event loop, with a flush to disk each time:
that is where its time goes. Here the loop never waits for the disk, conversations that finish at
the same moment share a commit, and the caller still learns when its own rows are safe.
"""

import queue
import sqlite3
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_AT_ONCE = 512
_BUSY_SECONDS = 10.0


def connect(path: Path) -> sqlite3.Connection:
    """A connection in write-ahead mode, usable from any thread, one at a time.

    ``synchronous=NORMAL``: what is committed survives the death of the process; after a power
    failure the last moments may be missing, and the gateway's database is the record.
    ``secure_delete``: what a customer wants erased does not stay readable in free pages.
    """
    connection = sqlite3.connect(
        path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
    )
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA secure_delete=ON")
    return connection


@dataclass
class _Write:
    statement: str
    rows: Sequence[tuple[Any, ...]]
    done: "Future[None]" = field(default_factory=Future)


class GroupCommitWriter:
    """Runs statements on a file in the order in which they were given."""

    def __init__(self, path: Path, schema: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = connect(path)
        self._connection.executescript(schema)
        self._waiting: queue.SimpleQueue[_Write | None] = queue.SimpleQueue()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name=f"write {path.name}", daemon=True)
        self._thread.start()

    def submit(self, statement: str, rows: Sequence[tuple[Any, ...]]) -> "Future[None]":
        """Queues a statement for each row; the future is done once they are committed."""
        if self._closed:
            raise RuntimeError("The writer is closed")
        write = _Write(statement, rows)
        self._waiting.put(write)
        return write.done

    def close(self) -> None:
        """Commits what is waiting and closes the file."""
        if not self._closed:
            self._closed = True
            self._waiting.put(None)
            self._thread.join()
            self._connection.close()

    def _work(self) -> None:
        going = True
        while going:
            group = [self._waiting.get()]
            while group[-1] is not None and len(group) < _AT_ONCE and not self._waiting.empty():
                group.append(self._waiting.get())
            going = group[-1] is not None
            # A caller that gave up before its turn came is left out; after that it is too late.
            writes = [w for w in group if w is not None and w.done.set_running_or_notify_cancel()]
            if len(writes) > 1 and self._commit(writes) is None:
                continue
            # Alone, or the group failed: one bad write must not take the others with it.
            for write in writes:
                error = self._commit([write])
                if error is not None:
                    write.done.set_exception(error)

    def _commit(self, writes: list[_Write]) -> sqlite3.Error | None:
        """Commits all or nothing; the error, if there was one, is the caller's to hand on."""
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            for write in writes:
                self._connection.executemany(write.statement, write.rows)
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            return error
        for write in writes:
            write.done.set_result(None)
        return None
