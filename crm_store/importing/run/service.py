"""Imports that staff upload: the file is kept, and a job brings it in."""

import os
import shutil
from pathlib import Path, PurePath
from typing import Any, BinaryIO
from uuid import UUID

from sqlalchemy.orm import Session

from crm_store.asking import Asker, user_of
from crm_store.audit import record
from crm_store.importing.errors import BadMapping, ImportRunNotFound
from crm_store.importing.mapping import Mapping
from crm_store.importing.mapping.propose import Proposal, propose
from crm_store.importing.reading import open_source, sheets_of
from crm_store.importing.reading.opening import KNOWN_ENDINGS
from crm_store.importing.run.folder import ImportFolder, fingerprint_of
from crm_store.importing.run.records import ImportRuns
from crm_store.importing.run.runner import BATCH_SIZE, sample_rows
from crm_store.importing.targets import target_named
from crm_store.jobs import JobService
from crm_store.models import ImportRun, ImportStatus
from crm_store.pages import Page
from crm_store.permissions import Permission, require
from foundation.ids import new_id

IMPORT_JOB = "import"
_FREE_NAME = "file"


class ImportService:
    """What the API needs: take a file in, tell how it goes."""

    def __init__(self, session: Session, var: Path) -> None:
        self._session = session
        self._runs = ImportRuns(session)
        self._folder = ImportFolder(var)

    def upload(
        self,
        file: BinaryIO,
        name: str | None,
        *,
        target: str,
        asker: Asker,
        mapping: dict[str, Any] | None = None,
        dry_run: bool = False,
        region: str | None = None,
    ) -> ImportRun:
        """Keep the file and ask for its import.

        Args:
            file: its bytes.
            name: what the sender calls it.
            target: what its rows are.
            asker: needs to be allowed to import.
            mapping: None: the proposed one, where it is certain.
            dry_run: report what would happen.
            region: of phone numbers and dates, for a proposal.

        Raises:
            NotAllowed: the asker may not import.
            UnreadableFile, FileTooLarge: it is not a file that is read.
            BadMapping: the mapping does not fit, or the proposal is doubtful; the detail says why.
        """
        require(asker, Permission.IMPORTS_RUN)
        target = target_named(target).name
        run_id = new_id()
        path = keep(file, self._folder.of(run_id), name)
        try:
            agreed = self._mapping(path, target, mapping, region)
        except Exception:
            shutil.rmtree(path.parent, ignore_errors=True)
            raise
        run = ImportRun(
            id=run_id,
            target=target,
            source_name=PurePath(name or _FREE_NAME).name[-200:] or _FREE_NAME,
            fingerprint=fingerprint_of(path),
            mapping=agreed.model_dump(mode="json"),
            status=ImportStatus.WAITING,
            dry_run=dry_run,
            batch_size=BATCH_SIZE,
            user_id=user_of(asker),
        )
        self._session.add(run)
        self._session.flush()
        JobService(self._session).enqueue(
            IMPORT_JOB, {"run_id": str(run_id)}, unique_key=f"import:{run_id}"
        )
        facts = {"as": target, "dry_run": dry_run}
        record(self._session, asker, "import.uploaded", "import", run_id, facts)
        return run

    def get(self, run_id: UUID, *, asker: Asker) -> ImportRun:
        """One run.

        Raises:
            ImportRunNotFound: there is none.
        """
        require(asker, Permission.IMPORTS_RUN)
        return self._runs.get(run_id)

    def list(self, *, asker: Asker, cursor: str | None = None, limit: int = 50) -> Page[ImportRun]:
        """Runs, the newest first."""
        require(asker, Permission.IMPORTS_RUN)
        return self._runs.page(cursor=cursor, limit=limit)

    def rejects(self, run_id: UUID, *, asker: Asker) -> Path:
        """The file of the run's rejected rows.

        Raises:
            ImportRunNotFound: there is no such run, or it rejected nothing.
        """
        run = self.get(run_id, asker=asker)
        path = self._folder.rejects(run.id)
        if not run.rejected or not path.exists():
            raise ImportRunNotFound("this import has no rejected rows")
        record(self._session, asker, "import.rejects_read", "import", run_id)
        return path

    @staticmethod
    def _mapping(
        path: Path, target: str, given: dict[str, Any] | None, region: str | None
    ) -> Mapping:
        if given is None:
            proposal = proposal_for(path, target, region=region)
            if not proposal.is_certain:
                raise BadMapping("the mapping is doubtful: " + "; ".join(proposal.doubts))
            return proposal.mapping
        mapping = Mapping.read(given | {"target": target})
        source = open_source(path, mapping.reading)
        try:
            mapping.check(target_named(target), source.header)
        finally:
            source.close()
        return mapping


def proposal_for(path: Path, target: str, *, region: str | None = None) -> Proposal:
    """A mapping for a file that is on the disk."""
    source = open_source(path)
    try:
        return propose(
            target_named(target),
            source.header,
            sample_rows(source),
            region=region,
            sheets=sheets_of(source),
        )
    finally:
        source.close()


def keep(file: BinaryIO, folder: Path, name: str | None) -> Path:
    """Write an upload down, readable for the owner alone; its ending is kept where it says much."""
    ending = PurePath(name or "").suffix.lower()
    path = folder / f"upload{ending if ending in KNOWN_ENDINGS else ''}"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as target:
        file.seek(0)
        shutil.copyfileobj(file, target, 1 << 20)
        target.flush()
        os.fsync(target.fileno())
    return path
