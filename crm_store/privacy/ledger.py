"""The erasures in a file beside the database, so that they outlive a restore of it."""

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from crm_store.models import Tombstone

LEDGER_FILE = "erasures.jsonl"
_NEEDED = {"erasure_id", "kind", "digest", "erased_at"}


class ErasureLedger:
    """Appends a line a tombstone; holds digests and times alone.

    The file belongs with the secrets: who restores a backup onto another machine brings it along.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, stones: Iterable[Tombstone]) -> None:
        """Write them down, on the disk before this returns; lines may repeat."""
        lines = [
            json.dumps(
                {
                    "erasure_id": str(stone.erasure_id),
                    "kind": stone.kind,
                    "digest": stone.digest,
                    "erased_at": stone.erased_at.isoformat(),
                }
            )
            for stone in stones
        ]
        self._path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "a", encoding="utf-8") as file:
            file.write("".join(f"{line}\n" for line in lines))
            file.flush()
            os.fsync(file.fileno())

    def rows(self) -> Iterator[dict[str, str]]:
        """What was written down; a line cut short by a crash is passed over."""
        if not self._path.is_file():
            return
        with self._path.open(encoding="utf-8") as file:
            for line in file:
                try:
                    row = json.loads(line)
                except ValueError:
                    continue
                if isinstance(row, dict) and row.keys() >= _NEEDED:
                    yield row
