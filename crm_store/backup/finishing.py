"""Making a store that was put back fit to serve.

The schema is brought up to date; erased people are erased again, and ended accounts and keys ended.
"""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from crm_store.asking import Asker
from crm_store.audit import record
from crm_store.audit.anchor import Anchored
from crm_store.audit.verify import verify
from crm_store.backup.errors import RestoreRefused
from crm_store.backup.folder import alone
from crm_store.backup.making import Progress
from crm_store.crypto.opening import keyring_from
from crm_store.database import Database
from crm_store.ended_access import Ended, end_again
from crm_store.jobs import JobKinds, JobRunner
from crm_store.migrate import upgrade
from crm_store.models import Job, JobStatus
from crm_store.opening import RESTORE_MARKER, open_database
from crm_store.permissions import Permission, require
from crm_store.privacy.erasing.job import ERASURE_KIND
from crm_store.privacy.erasing.service import reapply_tombstones
from crm_store.privacy.ledger import LEDGER_FILE, ErasureLedger
from crm_store.users.service import UserService
from foundation.settings import Settings


@dataclass(frozen=True, slots=True)
class Restored:
    """A store that is fit to serve again.

    Attributes:
        erased_again: people whom the backup knew and who were erased since.
        ended_again: accounts and API keys that the backup knew and that were ended since.
        audit_entries: how many the log that came along has.
        audit_fault: what is wrong with that log, if anything.
    """

    erased_again: int
    ended_again: int
    audit_entries: int
    audit_fault: str | None


def finish_restore(
    settings: Settings,
    *,
    asker: Asker,
    ledger: Path | None = None,
    progress: Progress = lambda what, done, total: None,
) -> Restored:
    """Migrate, erase and end again, log everybody out, and let the store be opened.

    Args:
        settings: with the secrets that came along.
        asker: who wants it.
        ledger: a newer list of erasures and ended access than the one in ``var``, if there is one
            elsewhere.
        progress: told what is being done.

    Raises:
        NotAllowed: the asker may not manage settings.
        RestoreRefused: somebody could not be erased again; the store stays shut.
    """
    require(asker, Permission.SETTINGS_MANAGE)
    with alone(settings.var):
        progress("bringing the schema up to date", 0, None)
        upgrade(settings.resolved_database_url, keyring=keyring_from(settings))
        database = open_database(settings, unfinished_restore=True)
        try:
            checked = verify(
                database,
                anchored=False,
                progress=lambda done, total: progress("checking the audit log", done, total),
            )
            jobs = _tombstones(database, settings, ledger)
            _run(database, settings, jobs, progress)
            with database.transaction() as session:
                ended = end_again(session, _ended(settings, ledger))
                UserService(session).end_every_session(asker=asker)
                facts = {"erased_again": len(jobs), "ended_again": ended}
                record(session, asker, "store.restored", facts=facts)
            _anchor(database)
        finally:
            database.dispose()
        (settings.var / RESTORE_MARKER).unlink(missing_ok=True)
    fault = checked.broken.detail if checked.broken is not None else None
    return Restored(len(jobs), ended, checked.entries, fault)


def _tombstones(database: Database, settings: Settings, ledger: Path | None) -> list[Job]:
    jobs: dict[UUID, Job] = {}
    for known in _ledgers(settings, ledger):
        with database.transaction() as session:
            jobs |= {job.id: job for job in reapply_tombstones(session, known)}
    return list(jobs.values())


def _ended(settings: Settings, ledger: Path | None) -> Iterator[Ended]:
    for known in _ledgers(settings, ledger):
        yield from known.ended()


def _ledgers(settings: Settings, ledger: Path | None) -> list[ErasureLedger]:
    own = settings.var / LEDGER_FILE
    return [ErasureLedger(path) for path in (own, ledger) if path is not None]


def _run(database: Database, settings: Settings, jobs: list[Job], progress: Progress) -> None:
    runner = JobRunner(database, settings, JobKinds.of([ERASURE_KIND]))
    for done, job in enumerate(jobs):
        progress("erasing again who was erased", done, len(jobs))
        ended = runner.run_job(job.id, stop=threading.Event())
        if ended.status is not JobStatus.DONE:
            raise RestoreRefused(
                f"somebody who was erased could not be erased again ({ended.last_error}): "
                "try once more"
            )


def _anchor(database: Database) -> None:
    """The log goes on from what the backup brought; what came after it is gone with the rest."""
    if database.anchor is not None:
        end = verify(database, anchored=False)
        database.anchor.set(Anchored(end.seq, end.hash))
