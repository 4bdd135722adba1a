"""What lies beside the database: attachments, exports, rows that imports refused."""

import csv
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from uuid import UUID

ATTACHMENTS = "attachments"
EXPORTS = "exports"
IMPORTS = "imports"
_TABLES = {".csv": ",", ".tsv": "\t"}


def delete_attachments(var: Path, attachment_ids: Iterable[UUID]) -> int:
    """Delete the bytes of these attachments; returns how many there were."""
    return sum(_delete(var / ATTACHMENTS / str(one)) for one in attachment_ids)


def delete_exports(var: Path, customer_ids: Iterable[str]) -> int:
    """Delete exports of these customers that were left in ``<var>/exports``."""
    folder = var / EXPORTS
    wanted = set(customer_ids)
    if not folder.is_dir():
        return 0
    return sum(
        _delete(path)
        for path in folder.iterdir()
        if path.is_file() and any(one in path.name for one in wanted)
    )


def scrub_imports(var: Path, needles: Sequence[str]) -> int:
    """Take every row that names the person out of what imports left; returns how many rows."""
    folder = var / IMPORTS
    if not folder.is_dir() or not needles:
        return 0
    names = _finder(needles)
    return sum(_scrub(path, names) for path in sorted(folder.rglob("*")) if path.is_file())


def _scrub(path: Path, names: Callable[[str], bool]) -> int:
    """Write the file anew without those rows, in one step."""
    if not _occurs(path, names):
        return 0
    removed = 0
    fresh = path.with_name(f".{path.name}.erasing")
    delimiter = _TABLES.get(path.suffix.lower())
    with (
        path.open(encoding="utf-8", errors="surrogateescape", newline="") as old,
        fresh.open("w", encoding="utf-8", errors="surrogateescape", newline="") as new,
    ):
        os.fchmod(new.fileno(), 0o600)
        if delimiter is None:
            for line in old:
                if names(line):
                    removed += 1
                else:
                    new.write(line)
        else:
            writer = csv.writer(new, delimiter=delimiter)
            for row in csv.reader(old, delimiter=delimiter):
                if any(names(cell) for cell in row):
                    removed += 1
                else:
                    writer.writerow(row)
        new.flush()
        os.fsync(new.fileno())
    fresh.replace(path)
    return removed


def _occurs(path: Path, names: Callable[[str], bool]) -> bool:
    with path.open(encoding="utf-8", errors="surrogateescape", newline="") as file:
        return any(names(line) for line in file)


def _finder(needles: Sequence[str]) -> Callable[[str], bool]:
    """Tells whether a text names the person, in any case, also as JSON escapes it."""
    wanted = {form.casefold() for needle in needles for form in _forms(needle)}

    def names(text: str) -> bool:
        folded = text.casefold()
        return any(one in folded for one in wanted)

    return names


def _forms(needle: str) -> Iterator[str]:
    yield needle
    yield json.dumps(needle)[1:-1]


def _delete(path: Path) -> bool:
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    return True
