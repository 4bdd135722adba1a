"""The head of the audit log, noted once more outside of the database.

Whoever may write to the database could put an old state of the log and of its head back; the head
alone would not tell. This file remembers how far the log had come.
"""

import fcntl
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from crm_store.audit.keys import AuditKeys

ANCHOR_FILE = "audit-anchor.json"


@dataclass(frozen=True, slots=True)
class Anchored:
    """The newest entry that is known to have been in the log."""

    seq: int
    hash: str


class Anchor:
    """The file; several processes may move it forward, none moves it back."""

    def __init__(self, path: Path, keys: AuditKeys) -> None:
        self.path = path
        self._keys = keys

    def read(self) -> Anchored | None:
        """What was noted; None before the first entry.

        Raises:
            ValueError: the file is not one that we wrote.
        """
        try:
            noted = json.loads(self.path.read_text(encoding="utf-8"))
            anchored = Anchored(seq=int(noted["seq"]), hash=str(noted["hash"]))
            sealed = self._keys.fits(str(noted["key_id"]), _content(anchored), str(noted["seal"]))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise ValueError(f"{self.path.name} cannot be read") from error
        if not sealed:
            raise ValueError(f"{self.path.name} carries no seal of ours")
        return anchored

    def advance(self, to: Anchored) -> None:
        """Note that the log has come this far.

        Raises:
            OSError: the file cannot be written.
        """
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._held():
            if self._is_ahead_of(to):
                return
            self.set(to)

    def set(self, to: Anchored) -> None:
        """Note this head whatever was noted before: for a log that was put back on purpose."""
        key_id = self._keys.newest
        seal = self._keys.seal(key_id, _content(to))
        text = json.dumps(asdict(to) | {"key_id": key_id, "seal": seal})
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = self.path.with_suffix(f".{os.getpid()}.tmp")
        unfinished.touch(mode=0o600)
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(self.path)

    def _is_ahead_of(self, to: Anchored) -> bool:
        try:
            noted = self.read()
        except ValueError:
            return True  # somebody's work on the file is for `verify` to see, not ours to cover up
        return noted is not None and noted.seq >= to.seq

    def _held(self) -> "_Held":
        return _Held(self.path.with_suffix(".lock"))


class _Held:
    """A lock among the processes of this machine."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor = -1

    def __enter__(self) -> None:
        self._descriptor = os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600)
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)

    def __exit__(self, *_: object) -> None:
        os.close(self._descriptor)


def _content(anchored: Anchored) -> bytes:
    return json.dumps(["anchor", anchored.seq, anchored.hash]).encode()
