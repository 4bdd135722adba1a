"""Importing a file from its first row that is not in the store to its last."""

import gc
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from crm_store.asking import Asker, AsStaff
from crm_store.audit import record
from crm_store.crypto.lookup import keyring_of
from crm_store.database import Database
from crm_store.importing.cleaning.table import CleanBatch, Reject, settle
from crm_store.importing.errors import BadMapping, CutShort, NoSpaceLeft
from crm_store.importing.mapping import Mapping
from crm_store.importing.pipeline.second_process import cleaned_batches
from crm_store.importing.pipeline.work import Cleaned, Work
from crm_store.importing.reading import Source, open_source
from crm_store.importing.run.applying import CUT_SHORT, REFUSED, apply_batch, apply_in_parts
from crm_store.importing.run.folder import ImportFolder, fingerprint_of
from crm_store.importing.run.records import ImportRuns
from crm_store.importing.run.rejects import RejectFile
from crm_store.importing.run.report import Report
from crm_store.importing.run.writing import IntoTheStore, ThrownAway, dry
from crm_store.importing.targets import target_named
from crm_store.importing.upsert import Outcome, Upserter, ahead_for, upserter_for
from crm_store.jobs import JobService
from crm_store.linkage.job import LINK_NEW
from crm_store.models import ImportRun, ImportStatus
from crm_store.outages import is_full
from crm_store.permissions import Permission, require
from crm_store.texts import storable
from foundation.clock import utc_now
from foundation.errors import Conflict, KefuError

BATCH_SIZE = 10_000
"""Rows; others wait for SQLite's lock as long as a batch takes, smaller ones write more pages."""
SAMPLE_ROWS = 5_000
"""Rows that decide how a column's dates and numbers are written."""
_TRIES = 3
_CUSTOMERS = "customers"
_COUNTS = ("created", "updated", "unchanged", "erased", "possible_duplicates")
Progress = Callable[[int, int, int], None]
"""Called with the rows done, the place in the file, and its end."""


class Importer:
    """Imports files into a store."""

    def __init__(
        self,
        database: Database,
        var: Path,
        asker: Asker,
        *,
        batch_size: int = BATCH_SIZE,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._database = database
        self.folder = ImportFolder(var)
        self._asker = asker
        self._batch_size = batch_size
        self._clock = clock

    def run(
        self,
        path: Path,
        mapping: Mapping,
        *,
        source_name: str | None = None,
        dry_run: bool = False,
        run_id: UUID | None = None,
        progress: Progress | None = None,
        check: Callable[[], None] | None = None,
    ) -> Report:
        """Import the file; a run of the same file and mapping that was cut short goes on.

        Args:
            path: the file.
            mapping: which column is which field.
            source_name: what the file is called; by default its own name.
            dry_run: do everything and keep nothing but the report.
            run_id: a run that waits for this file.
            progress: told after each batch.
            check: called between batches; what it raises stops the run, which can go on later.

        Raises:
            NotAllowed: the asker may not import.
            UnreadableFile, FileTooLarge, BadMapping: nothing or not all can be imported.
            ImportUnderWay: another process is importing this file.
            CutShort: the database went away, or a disk is full (NoSpaceLeft); it can go on later.
        """
        require(self._asker, Permission.IMPORTS_RUN)
        target = target_named(mapping.target)
        header, mapping = _settled(path, mapping)
        fingerprint = fingerprint_of(path)
        with self.folder.locked(fingerprint, target.name):
            run, resumed = self._begin(
                mapping,
                name=source_name or path.name,
                fingerprint=fingerprint,
                dry_run=dry_run,
                run_id=run_id,
            )
            dialect = self._database.engine.dialect
            work = Work(
                path,
                mapping,
                batch_size=run.batch_size,
                skip=run.batches,
                now=self._clock(),
                ahead=ahead_for(mapping, dialect.name, keyring_of(dialect)),
            )
            rejects = RejectFile(
                self.folder.of(run.id) / "rejects.csv", header, size=run.reject_bytes
            )
            try:
                self._write_all(run, work, rejects, progress, check)
            except KefuError as error:
                self._fail(run.id, error)
                raise
            except CUT_SHORT as error:
                # Left as a kill leaves it: it could not even be written down that it failed.
                if is_full(error):
                    raise NoSpaceLeft from error
                if isinstance(error, OSError):
                    raise
                raise CutShort from error
            run = self._finish(run)
        return Report.of(run, rejects.path, resumed=resumed)

    def _begin(
        self,
        mapping: Mapping,
        *,
        name: str,
        fingerprint: str,
        dry_run: bool,
        run_id: UUID | None,
    ) -> tuple[ImportRun, bool]:
        plain = mapping.model_dump(mode="json")
        with self._database.transaction() as session:
            runs = ImportRuns(session)
            if run_id is not None:
                run: ImportRun | None = runs.get(run_id)
            else:
                run = None if dry_run else runs.unfinished(fingerprint, mapping.target, plain)
            if run is None:
                run = ImportRun(
                    target=mapping.target,
                    source_name=storable(name)[-200:],
                    fingerprint=fingerprint,
                    mapping=plain,
                    status=ImportStatus.RUNNING,
                    dry_run=dry_run,
                    batch_size=self._batch_size,
                    user_id=self._asker.user_id if isinstance(self._asker, AsStaff) else None,
                )
                session.add(run)
            resumed = bool(run.batches)
            run.mapping = plain
            run.status, run.error = ImportStatus.RUNNING, None
            run.started_at = run.started_at or self._clock()
            session.flush()
            facts = {"as": run.target, "dry_run": run.dry_run, "resumed": resumed}
            record(session, self._asker, "import.started", "import", run.id, facts)
        return run, resumed

    def _write_all(
        self,
        run: ImportRun,
        work: Work,
        rejects: RejectFile,
        progress: Progress | None,
        check: Callable[[], None] | None,
    ) -> None:
        upserter = upserter_for(work.mapping)
        opened = (
            dry(self._database, self.folder.of(run.id))
            if run.dry_run
            else IntoTheStore.opened(self._database)
        )
        with opened as writing:
            for cleaned in cleaned_batches(work):
                if check is not None:
                    check()
                with _no_collections():
                    self._write(run, writing, upserter, cleaned, rejects)
                if progress is not None:
                    progress(run.read, cleaned.position, cleaned.total)

    def _write(
        self,
        run: ImportRun,
        writing: IntoTheStore | ThrownAway,
        upserter: Upserter,
        cleaned: Cleaned,
        rejects: RejectFile,
    ) -> None:
        """Write a batch, its rejects and the checkpoint in one transaction.

        Somebody else may add the same key at the same moment: then the batch is done once more,
        and finds it. What is refused still is a row of the batch's own, and found by halves.
        """
        for attempt in range(1, _TRIES + 1):
            apply = apply_batch if attempt < _TRIES else apply_in_parts
            values = _values(run)
            try:
                with writing.batch() as session:
                    outcome = apply(session, upserter, cleaned.batch)
                    size = rejects.append(_sorted_rejects(cleaned.batch, outcome))
                    _add_up(values, cleaned, outcome, size)
                    _save(session, run.id, values)
                break
            except REFUSED:
                if attempt == _TRIES:
                    raise Conflict("others change the same rows all the time") from None
        rejects.keep(size)
        for name, value in values.items():
            setattr(run, name, value)

    def _finish(self, run: ImportRun) -> ImportRun:
        with self._database.transaction() as session:
            stored = ImportRuns(session).get(run.id)
            for name, value in _values(run).items():
                setattr(stored, name, value)
            stored.status = ImportStatus.DONE
            stored.finished_at = self._clock()
            counts = {name: getattr(run, name) for name in ("read", *_COUNTS, "rejected")}
            facts = counts | {"as": run.target, "dry_run": run.dry_run}
            record(session, self._asker, "import.finished", "import", run.id, facts)
            if run.target == _CUSTOMERS and run.created and not run.dry_run:
                # Keys grow with time: whoever is new has one after the run's own.
                JobService(session).enqueue(
                    LINK_NEW, {"since": str(run.id)}, unique_key=f"{LINK_NEW}:{run.id}"
                )
        return stored

    def _fail(self, run_id: UUID, error: KefuError) -> None:
        with self._database.transaction() as session:
            run = ImportRuns(session).get(run_id)
            run.status, run.error = ImportStatus.FAILED, error.detail[:300]
            record(session, self._asker, "import.failed", "import", run_id, {"reason": error.code})


def sample_rows(source: Source) -> list[list[Any]]:
    """The first rows of a file, by which its columns are judged."""
    first = next(source.batches(SAMPLE_ROWS), None)
    return first.rows if first is not None else []


@contextmanager
def _no_collections() -> Iterator[None]:
    """A batch is many objects and hardly a cycle: looking for cycles takes a tenth of its time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _settled(path: Path, mapping: Mapping) -> tuple[list[str], Mapping]:
    """The file's header, and the mapping with what its values decide."""
    target = target_named(mapping.target)
    source = open_source(path, mapping.reading)
    try:
        mapping.check(target, source.header)
        if not mapping.columns:
            raise BadMapping("columns: none is mapped")
        return source.header, settle(mapping, target, source.header, sample_rows(source))
    finally:
        source.close()


def _sorted_rejects(batch: CleanBatch, outcome: Outcome) -> list[Reject]:
    return sorted([*batch.rejects, *outcome.rejects], key=lambda reject: reject.number)


def _values(run: ImportRun) -> dict[str, Any]:
    names = ("batches", "read", *_COUNTS, "rejected", "reject_bytes", "position", "total", "rules")
    return {name: getattr(run, name) for name in names}


def _add_up(values: dict[str, Any], cleaned: Cleaned, outcome: Outcome, size: int) -> None:
    batch = cleaned.batch
    for name in _COUNTS:
        values[name] += getattr(outcome, name)
    values["batches"] += 1
    values["read"] += batch.read
    values["rejected"] += len(batch.rejects) + len(outcome.rejects)
    values["reject_bytes"] = size
    values["position"], values["total"] = cleaned.position, cleaned.total
    values["rules"] = dict(Counter(values["rules"]) + batch.tally)


def _save(session: Session, run_id: UUID, values: dict[str, Any]) -> None:
    stored = ImportRuns(session).get(run_id)
    for name, value in values.items():
        setattr(stored, name, value)
