"""Reading and cleaning a file, batch by batch: what the second process does."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from crm_store.importing.ahead import Ahead
from crm_store.importing.cleaning.table import CleanBatch, TableCleaner
from crm_store.importing.mapping import Mapping
from crm_store.importing.reading import open_source
from crm_store.importing.targets import target_named


@dataclass(frozen=True, slots=True)
class Work:
    """A file to clean.

    Attributes:
        path: the file.
        mapping: settled.
        batch_size: rows a batch.
        skip: batches that are in the store already.
        now: dates after it are in the future.
        ahead: what to make of the clean rows as well, where the writer is to be spared of it.
    """

    path: Path
    mapping: Mapping
    batch_size: int
    skip: int
    now: datetime
    ahead: Ahead | None = None


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A batch, and how far the file was read with it."""

    batch: CleanBatch
    position: int
    total: int


def clean_file(work: Work) -> Iterator[Cleaned]:
    """The file's batches from the first that is not in the store."""
    source = open_source(work.path, work.mapping.reading)
    try:
        target = target_named(work.mapping.target)
        cleaner = TableCleaner(target, work.mapping, source.header, now=work.now)
        for number, batch in enumerate(source.batches(work.batch_size)):
            if number < work.skip:
                continue
            clean = cleaner.clean(batch)
            if work.ahead is not None:
                clean.made = work.ahead.made(clean.rows.columns)
            yield Cleaned(clean, *source.position())
    finally:
        source.close()
