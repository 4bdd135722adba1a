"""The reject file: rows as they stood, with why, to be put right and imported again."""

import csv
import io
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from crm_store.importing.cleaning.table import Reject
from crm_store.importing.guarding import guard

EXTRA = ("kefu row", "kefu column", "kefu reason")
"""Columns after the file's own; importing the file again passes over them."""
_LONGEST = 10_000


class RejectFile:
    """Grows batch by batch; what a killed run wrote beyond its checkpoint is cut off."""

    def __init__(self, path: Path, header: Sequence[str], *, size: int) -> None:
        """Args:
        path: made when there is something to write.
        header: the columns of the file that is imported.
        size: bytes that belong to committed batches.
        """
        self.path = path
        self._header = header
        self.size = size
        if path.exists():
            os.truncate(path, min(size, path.stat().st_size))

    def append(self, rejects: Iterable[Reject]) -> int:
        """Write rows behind what is committed; on the disk when this returns.

        Returns:
            The size that the file has with them; ``keep`` makes it the committed one.
        """
        rows = [self._row(reject) for reject in rejects]
        if not rows:
            return self.size
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        if self.size == 0:
            writer.writerow([*map(guard, self._header), *EXTRA])
        writer.writerows(rows)
        data = text.getvalue().encode("utf-8", "replace")
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.seek(self.size)
            file.write(data)
            file.truncate()
            file.flush()
            os.fsync(file.fileno())
        return self.size + len(data)

    def keep(self, size: int) -> None:
        """The batch is committed: what follows goes behind it."""
        self.size = size

    def _row(self, reject: Reject) -> list[str]:
        cells = [_text(cell) for cell in reject.cells]
        cells = (cells + [""] * len(self._header))[: max(len(self._header), 1)]
        return [*cells, str(reject.number), guard(reject.column), reject.reason]


def _text(cell: Any) -> str:
    return "" if cell is None else guard(str(cell)[:_LONGEST].replace("\x00", ""))
