"""What a restore of the database must not undo, in a file beside it: erasures, ended access."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from crm_store.ended_access import Access, Ended
from crm_store.models import Tombstone

LEDGER_FILE = "erasures.jsonl"
_OF_ERASURE = {"erasure_id", "kind", "digest", "erased_at"}
_OF_ACCESS = {"ended", "id", "at"}


class ErasureLedger:
    """Appends a line for each tombstone, ended account and revoked key.

    It holds digests, our own ids and times alone. The file belongs with the secrets: who restores a
    backup onto another machine brings it along.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, stones: Iterable[Tombstone]) -> None:
        """Write tombstones down, on the disk before this returns; lines may repeat."""
        self._append(
            {
                "erasure_id": str(stone.erasure_id),
                "kind": stone.kind,
                "digest": stone.digest,
                "erased_at": stone.erased_at.isoformat(),
            }
            for stone in stones
        )

    def add_ended(self, ended: Iterable[Ended]) -> None:
        """Write ended access down, on the disk before this returns; what is there stays once."""
        known = {(one.kind, one.id) for one in self.ended()}
        self._append(
            {"ended": one.kind.value, "id": str(one.id), "at": one.at.isoformat()}
            for one in ended
            if (one.kind, one.id) not in known
        )

    def rows(self) -> Iterator[dict[str, str]]:
        """The tombstones; a line cut short by a crash is passed over."""
        return (row for row in self._lines() if row.keys() >= _OF_ERASURE)

    def ended(self) -> Iterator[Ended]:
        """The accounts and keys that have ended."""
        for row in self._lines():
            if row.keys() >= _OF_ACCESS:
                at = datetime.fromisoformat(row["at"])
                yield Ended(Access(row["ended"]), UUID(row["id"]), at)

    def _append(self, rows: Iterable[Mapping[str, str]]) -> None:
        text = "".join(f"{json.dumps(row)}\n" for row in rows)
        if not text:
            return
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "a", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())

    def _lines(self) -> Iterator[dict[str, Any]]:
        if not self._path.is_file():
            return
        with self._path.open(encoding="utf-8") as file:
            for line in file:
                try:
                    row = json.loads(line)
                except ValueError:
                    continue
                if isinstance(row, dict):
                    yield row
