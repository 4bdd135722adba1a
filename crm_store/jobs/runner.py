"""Running jobs in a worker: claim, beat while it lasts, finish; and notice who has died."""

import threading
import time
from contextlib import suppress
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy.exc import SQLAlchemyError

from crm_store.database import Database
from crm_store.jobs.context import Claimed, RunningJob, Watching
from crm_store.jobs.errors import JobInterrupted, JobLost
from crm_store.jobs.kinds import JobKinds
from crm_store.jobs.service import JobService
from crm_store.models import Job
from foundation.errors import KefuError, Unavailable
from foundation.ids import new_id
from foundation.settings import Settings

log = structlog.get_logger(__name__)


class JobRunner:
    """One after the other does what is due.

    A job belongs to the run that claimed it for as long as its beats rise. Whether they do is
    judged by the watcher's own steady clock, never by a time in the table: so a clock that goes
    back, or differs between machines, gives no job to two runs and withholds none.

    Args:
        lease_seconds: so long without a beat, and a run is taken for dead.
    """

    def __init__(
        self,
        database: Database,
        settings: Settings,
        kinds: JobKinds,
        *,
        lease_seconds: float = 60.0,
    ) -> None:
        self._database = database
        self._settings = settings
        self._kinds = kinds
        self._lease = lease_seconds
        self._seen: dict[UUID, tuple[str, int, float]] = {}

    def run_until(self, stop: threading.Event, *, pause: float = 1.0) -> None:
        """Do jobs until ``stop`` is set; the one in hand is then given back."""
        while not stop.is_set():
            try:
                ran = self.run_due(stop)
            except (SQLAlchemyError, Unavailable) as error:
                # The database is away or busy: what is in the table waits.
                log.warning("jobs_wait", error=type(error).__name__)
                ran = False
            if not ran:
                stop.wait(pause)

    def run_due(self, stop: threading.Event | None = None) -> bool:
        """Do one job that is due; returns whether there was one."""
        self._plan()
        self._look_for_dead()
        names = self._kinds.names
        with self._database.reading() as session:
            if not JobService(session).any_due(names):
                return False
        run = _run_name()
        with self._database.transaction() as session:
            job = JobService(session).claim(names, run=run)
        if job is None:
            return False
        self._do(job, run, stop or threading.Event(), watching=None)
        return True

    def run_job(
        self, job_id: UUID, *, stop: threading.Event, watching: Watching | None = None
    ) -> Job:
        """Do this job now, due or not; returns it as it is afterwards.

        Raises:
            JobTaken: another run has it, or it is over.
        """
        run = _run_name()
        with self._database.transaction() as session:
            job = JobService(session).claim_one(job_id, run=run)
        self._do(job, run, stop, watching=watching)
        with self._database.reading() as session:
            return JobService(session).get(job_id)

    def _do(self, job: Job, run: str, stop: threading.Event, watching: Watching | None) -> None:
        kind = self._kinds[job.kind]
        started = time.monotonic()
        context = RunningJob(
            self._database, self._settings, Claimed(job, run), stop=stop, watching=watching
        )
        try:
            with _Heart(context, seconds=self._lease / 4):
                result = kind.run(context)
            with self._database.transaction() as session:
                JobService(session).finish(job, kind, result, run=run)
        except JobLost:
            log.warning("job_lost", kind=kind.name, id=str(job.id))
        except JobInterrupted:
            with suppress(JobLost), self._database.transaction() as session:
                JobService(session).give_back(job.id, run=run)
            log.info("job_given_back", kind=kind.name, id=str(job.id))
        except Exception as error:
            self._failed(job, run, error)
        else:
            seconds = round(time.monotonic() - started, 3)
            log.info("job_done", kind=kind.name, id=str(job.id), seconds=seconds)

    def _failed(self, job: Job, run: str, error: Exception) -> None:
        # The class only, or our own code: messages of drivers quote what they were given.
        reason = error.code if isinstance(error, KefuError) else type(error).__name__
        with suppress(JobLost), self._database.transaction() as session:
            dead = JobService(session).fail(job, self._kinds[job.kind], reason, run=run)
            log.warning("job_failed", kind=job.kind, id=str(job.id), error=reason, dead=dead)

    def _plan(self) -> None:
        with self._database.reading() as session:
            if not JobService(session).needs_planning(self._kinds):
                return
        with self._database.transaction() as session:
            JobService(session).plan(self._kinds)

    def _look_for_dead(self) -> None:
        """Put back the jobs whose runs have been silent for the length of a lease."""
        now = time.monotonic()
        with self._database.reading() as session:
            running = JobService(session).running()
        seen, self._seen = self._seen, {}
        for job_id, run, beats in running:
            before = seen.get(job_id)
            alive = before is None or before[:2] != (run, beats)
            since = now if before is None or alive else before[2]
            self._seen[job_id] = (run, beats, since)
            if now - since > self._lease:
                with self._database.transaction() as session:
                    JobService(session).take_from_dead(
                        job_id, run=run, beats=beats, kinds=self._kinds
                    )


class _Heart:
    """Beats in a thread of its own for as long as the block lasts."""

    def __init__(self, context: RunningJob, *, seconds: float) -> None:
        self._context = context
        self._seconds = seconds
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="job heartbeat", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: Any) -> None:
        self._over.set()
        self._thread.join()

    def _beat(self) -> None:
        while not self._over.wait(self._seconds):
            try:
                self._context.beat()
            except JobLost:
                return
            except (SQLAlchemyError, Unavailable) as error:
                log.warning("heartbeat_missed", error=type(error).__name__)


def _run_name() -> str:
    return new_id().hex
