"""Jobs as rows: enqueued, claimed by one run, finished by that run alone."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, or_, select, text, update
from sqlalchemy.orm import Session

from crm_store.jobs.errors import JobLost, JobNotFound, JobTaken
from crm_store.jobs.kinds import JobKind, JobKinds, Schedule
from crm_store.models import Job, JobStatus
from crm_store.writes import insert_missing
from foundation.clock import utc_now
from foundation.ids import new_id

_UNFINISHED = Job.status.in_((JobStatus.WAITING, JobStatus.RUNNING))
_NOTHING_IN_HAND = {"locked_by": None}
_PERIODIC = "periodic:"
_WORTH_REMEMBERING = timedelta(hours=1)
"""Of what runs more often than that, the last run is kept and not thousands a day."""


class JobService:
    """Commits nothing: a job exists exactly when the caller's transaction does."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def enqueue(
        self,
        kind: str,
        payload: dict[str, Any] | None = None,
        *,
        unique_key: str | None = None,
        run_at: datetime | None = None,
    ) -> Job:
        """Ask for a job; with the ``unique_key`` of an unfinished one, that one is returned.

        Args:
            kind: the name of a ``JobKind``.
            payload: no personal data; ids are enough.
            unique_key: at most one unfinished job has it.
            run_at: not before; None is as soon as possible.
        """
        job_id = new_id()
        values = {
            "id": job_id,
            "kind": kind,
            "payload": payload or {},
            "unique_key": unique_key,
            "status": JobStatus.WAITING,
            "run_at": run_at,
        }
        insert_missing(
            self._session,
            Job,
            [values],
            on="unique_key",
            where=text("status IN ('waiting', 'running')"),
        )
        made = self._session.get(Job, job_id)
        return made if made is not None else self._unfinished(unique_key)

    def get(self, job_id: UUID) -> Job:
        """The job as it is now.

        Raises:
            JobNotFound: absent.
        """
        job = self._session.get(Job, job_id, populate_existing=True)
        if job is None:
            raise JobNotFound
        return job

    def latest(
        self, *, kind: str | None = None, status: JobStatus | None = None, limit: int = 50
    ) -> Sequence[Job]:
        """Jobs, the newest first."""
        statement = select(Job).order_by(Job.id.desc()).limit(limit)
        if kind is not None:
            statement = statement.where(Job.kind == kind)
        if status is not None:
            statement = statement.where(Job.status == status)
        return self._session.scalars(statement).all()

    def retry(self, job_id: UUID) -> Job:
        """Let a dead job be tried again, from its saved state.

        Raises:
            JobNotFound: absent.
            JobTaken: it is not dead.
        """
        job = self.get(job_id)
        if job.status is not JobStatus.DEAD:
            raise JobTaken(f"that job is {job.status.value}, not dead")
        job.status, job.finished_at, job.run_at, job.attempts = JobStatus.WAITING, None, None, 0
        self._session.flush()
        return job

    def needs_planning(self, kinds: JobKinds) -> bool:
        """Whether ``plan`` would change anything; takes no lock."""
        rows = self._session.execute(
            select(Job.unique_key, Job.run_at).where(
                _UNFINISHED, Job.unique_key.startswith(_PERIODIC)
            )
        )
        planned = {row[0]: row[1] for row in rows}
        now = utc_now()
        for kind in kinds:
            if kind.schedule is None:
                continue
            key = periodic_key(kind)
            run_at = planned.get(key)
            if key not in planned or (run_at and run_at > now + 2 * kind.schedule.period):
                return True
        return False

    def plan(self, kinds: JobKinds) -> None:
        """See to it that each periodic kind has its next run in the table.

        A run that lies further ahead than any right clock could have put it was planned by one
        that was wrong; it is planned anew. Within one period nothing is: there the run before
        may have been the one that is due again by the clock that went back.
        """
        now = utc_now()
        for kind in kinds:
            if kind.schedule is None:
                continue
            self._plan(kind, kind.schedule, not_before=now)
            self._session.execute(
                update(Job)
                .where(
                    Job.unique_key == periodic_key(kind),
                    Job.status == JobStatus.WAITING,
                    Job.run_at > now + 2 * kind.schedule.period,
                )
                .values(run_at=kind.schedule.after(now))
            )

    def any_due(self, kinds: Sequence[str]) -> bool:
        """Whether there is something to claim; takes no lock."""
        return bool(self._session.scalar(select(select(Job.id).where(_due(kinds)).exists())))

    def claim(self, kinds: Sequence[str], *, run: str) -> Job | None:
        """Take the job that has waited longest, for the run of that name."""
        job_id = self._session.scalar(
            select(Job.id)
            .where(_due(kinds))
            .order_by(Job.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        return None if job_id is None else self._take(job_id, run)

    def claim_one(self, job_id: UUID, *, run: str) -> Job:
        """Take this job, due or not.

        Raises:
            JobTaken: another run has it, or it is over.
        """
        found = self._session.scalar(
            select(Job.id)
            .where(Job.id == job_id, Job.status == JobStatus.WAITING)
            .with_for_update()
        )
        if found is None:
            raise JobTaken
        return self._take(job_id, run)

    def beat(self, job_id: UUID, *, run: str) -> None:
        """Show that the run lives.

        Raises:
            JobLost: another run has the job.
        """
        self._change(job_id, run, beats=Job.beats + 1)

    def save_state(self, job_id: UUID, state: dict[str, Any], *, run: str) -> None:
        """Remember how far the run has come; raises JobLost like ``beat``."""
        self._change(job_id, run, state=state, beats=Job.beats + 1)

    def finish(self, job: Job, kind: JobKind, result: dict[str, Any] | None, *, run: str) -> None:
        """Done; a periodic job is planned for its next time. Raises JobLost like ``beat``."""
        self._change(
            job.id,
            run,
            **_NOTHING_IN_HAND,
            status=JobStatus.DONE,
            result=result,
            last_error=None,
            finished_at=utc_now(),
        )
        if kind.schedule is not None and kind.schedule.period < _WORTH_REMEMBERING:
            self._forget_runs_before(job)
        self._plan_next(job, kind)

    def fail(self, job: Job, kind: JobKind, error: str, *, run: str) -> bool:
        """Try again after a pause, or give up; returns whether it is dead. Raises JobLost."""
        now = utc_now()
        dead = job.attempts >= kind.attempts
        ending = (
            {"status": JobStatus.DEAD, "finished_at": now}
            if dead
            else {"status": JobStatus.WAITING, "run_at": now + kind.pause_after(job.attempts)}
        )
        self._change(job.id, run, **_NOTHING_IN_HAND, **ending, last_error=error[:100])
        if dead:
            self._plan_next(job, kind)
        return dead

    def give_back(self, job_id: UUID, *, run: str) -> None:
        """Put it back untried: the worker stops. Raises JobLost like ``beat``."""
        self._change(
            job_id,
            run,
            **_NOTHING_IN_HAND,
            status=JobStatus.WAITING,
            run_at=None,
            attempts=Job.attempts - 1,
        )

    def running(self) -> Sequence[tuple[UUID, str, int]]:
        """Every running job: its id, the run that has it, and its beats."""
        rows = self._session.execute(
            select(Job.id, Job.locked_by, Job.beats).where(Job.status == JobStatus.RUNNING)
        )
        return [(row[0], str(row[1]), int(row[2])) for row in rows]

    def take_from_dead(self, job_id: UUID, *, run: str, beats: int, kinds: JobKinds) -> bool:
        """Put back a job whose run has stopped beating; it counts as a failure.

        Returns:
            Whether it was put back; not when the run has shown a sign of life since.
        """
        job = self._session.scalar(
            select(Job)
            .where(Job.id == job_id, Job.locked_by == run, Job.beats == beats)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        if job is None:
            return False
        self.fail(job, kinds[job.kind], "WorkerDied", run=run)
        return True

    def _take(self, job_id: UUID, run: str) -> Job:
        self._session.execute(
            update(Job)
            .where(Job.id == job_id)
            .values(
                status=JobStatus.RUNNING,
                locked_by=run,
                attempts=Job.attempts + 1,
                beats=Job.beats + 1,
                started_at=utc_now(),
            )
        )
        return self.get(job_id)

    def _change(self, job_id: UUID, run: str, **values: Any) -> None:
        changed = self._session.execute(
            update(Job)
            .where(Job.id == job_id, Job.locked_by == run)
            .values(**values)
            .returning(Job.id)
            .execution_options(synchronize_session=False)
        )
        if changed.one_or_none() is None:
            raise JobLost

    def _forget_runs_before(self, job: Job) -> None:
        self._session.execute(
            delete(Job)
            .where(
                Job.kind == job.kind,
                Job.unique_key == job.unique_key,
                Job.status == JobStatus.DONE,
                Job.id != job.id,
            )
            .execution_options(synchronize_session=False)
        )

    def _plan_next(self, job: Job, kind: JobKind) -> None:
        """The clock may have gone back since the run began: the next one is after both times."""
        if kind.schedule is not None and job.unique_key == periodic_key(kind):
            now = utc_now()
            self._plan(kind, kind.schedule, not_before=max(now, job.started_at or now))

    def _plan(self, kind: JobKind, schedule: Schedule, *, not_before: datetime) -> None:
        self.enqueue(kind.name, unique_key=periodic_key(kind), run_at=schedule.after(not_before))

    def _unfinished(self, unique_key: str | None) -> Job:
        return self._session.scalars(
            select(Job).where(Job.unique_key == unique_key, _UNFINISHED)
        ).one()


def periodic_key(kind: JobKind) -> str:
    """The unique key under which a periodic kind's next run stands."""
    return _PERIODIC + kind.name


def _due(kinds: Sequence[str]) -> ColumnElement[bool]:
    """Waiting, and the time has come.

    A retry is never put off by more than the longest pause: further ahead, the clock went back.
    """
    now = utc_now()
    late = and_(Job.attempts > 0, Job.run_at > now + JobKind.MOST_BACKOFF + timedelta(minutes=1))
    return and_(
        Job.status == JobStatus.WAITING,
        Job.kind.in_(kinds),
        or_(Job.run_at.is_(None), Job.run_at <= now, late),
    )
