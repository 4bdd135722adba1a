"""`kefu job`: what the worker has done, is doing and will do."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any
from uuid import UUID

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from analytics.feed.kinds import job_kinds
from crm_store.database import Database
from crm_store.jobs import DailyAt, JobKind, JobRunner, JobService
from crm_store.jobs.context import Watching
from crm_store.jobs.errors import JobTaken
from crm_store.jobs.service import periodic_key
from crm_store.models import Job, JobStatus
from foundation.errors import Conflict
from foundation.logging import configure_logging
from foundation.settings import Settings, load_settings
from kefu.cli.context import JsonFlag, open_store, out, print_json

_LOOK_SECONDS = 0.5

app = typer.Typer(help="Background work.", no_args_is_help=True)


@app.command("list")
def list_jobs(
    kind: Annotated[str | None, typer.Option(help="Only this kind.")] = None,
    status: Annotated[JobStatus | None, typer.Option(help="Only these.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1_000)] = 20,
    json: JsonFlag = False,
) -> None:
    """Jobs, the newest first, and what is done periodically."""
    if kind is not None:
        kind = job_kinds()[kind].name
    with open_store() as database, database.reading() as session:
        jobs = JobService(session).latest(kind=kind, status=status, limit=limit)
    if json:
        print_json({"kinds": [_kind(one) for one in job_kinds()], "items": list(map(_job, jobs))})
        return
    table = Table("kind", "status", "due", "tries", "started", "finished", "result", box=None)
    for job in jobs:
        table.add_row(
            job.kind,
            job.status.value,
            _short(job.run_at) or "at once",
            str(job.attempts),
            _short(job.started_at),
            _short(job.finished_at),
            job.last_error or ", ".join(f"{k} {v}" for k, v in (job.result or {}).items()),
        )
    out.print(table)


@app.command("run")
def run_job(
    kind: Annotated[str, typer.Argument(help="A kind that runs periodically.")],
    json: JsonFlag = False,
) -> None:
    """Do a periodic job now, in this process; its next time is planned from here."""
    found = job_kinds()[kind]
    if found.schedule is None:
        raise typer.BadParameter(f"{kind} is not done periodically; it is asked for where needed")
    settings = load_settings()
    with open_store(settings) as database:
        with database.transaction() as session:
            job = JobService(session).enqueue(found.name, unique_key=periodic_key(found))
        done = run_in_front(database, settings, job)
    if json:
        print_json(_job(done))
    else:
        counts = ", ".join(f"{name} {value}" for name, value in (done.result or {}).items())
        out.print(f"{kind}: {counts or 'done'}")


@app.command("retry")
def retry_job(
    job_id: Annotated[UUID, typer.Argument(help="Id of a dead job: `kefu job list --json`.")],
) -> None:
    """Let a job that was given up be tried again, from where it came to."""
    with open_store() as database, database.transaction() as session:
        job = JobService(session).retry(job_id)
    out.print(f"{job.kind}: the worker tries again")


def run_in_front(database: Database, settings: Settings, job: Job) -> Job:
    """Do this job now behind a progress bar, or wait for the worker that is at it.

    Ctrl-C leaves it to the worker.

    Raises:
        Conflict: it failed or was interrupted.
    """
    configure_logging(level="WARNING")
    runner = JobRunner(database, settings, job_kinds())
    stop = threading.Event()
    with _stopped_by_ctrl_c(stop), _bar(job.kind) as watching:
        try:
            done = runner.run_job(job.id, stop=stop, watching=watching)
        except JobTaken:
            done = _watch_the_worker(database, job, stop)
    if done.status is not JobStatus.DONE:
        raise Conflict(f"{job.kind}: {_why_not_done(done, stopped=stop.is_set())}")
    return done


def _why_not_done(job: Job, *, stopped: bool) -> str:
    if stopped:
        return "stopped; the worker goes on with it"
    if job.status is JobStatus.DEAD:
        return f"given up ({job.last_error}); `kefu job retry {job.id}` tries again"
    return f"not done ({job.last_error}); the worker tries again"


def _watch_the_worker(database: Database, job: Job, stop: threading.Event) -> Job:
    """A worker was faster: its end is as good as ours."""
    while True:
        with database.reading() as session:
            job = JobService(session).get(job.id)
        if job.status in {JobStatus.DONE, JobStatus.DEAD} or stop.wait(_LOOK_SECONDS):
            return job


@contextmanager
def _bar(kind: str) -> Iterator[Watching]:
    columns = (TextColumn(kind), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=out, disable=not out.is_terminal) as bar:
        task = bar.add_task(kind, total=None)

        def watch(done: int, total: int | None) -> None:
            bar.update(task, completed=done, total=total)

        yield watch


@contextmanager
def _stopped_by_ctrl_c(stop: threading.Event) -> Iterator[None]:
    before = signal.signal(signal.SIGINT, lambda *_: stop.set())
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _job(job: Job) -> dict[str, Any]:
    return {
        "id": job.id,
        "kind": job.kind,
        "status": job.status.value,
        "run_at": job.run_at,
        "attempts": job.attempts,
        "state": job.state,
        "result": job.result,
        "last_error": job.last_error,
        "created_at": job.created_at,
        "started_at": job.started_at,
        "finished_at": job.finished_at,
    }


def _kind(kind: JobKind) -> dict[str, Any]:
    schedule = kind.schedule
    when = None
    if isinstance(schedule, DailyAt):
        when = f"daily at {schedule.at:%H:%M} UTC"
    elif schedule is not None:
        when = f"every {schedule.period}"
    return {"kind": kind.name, "schedule": when}


def _short(value: Any) -> str:
    return f"{value:%Y-%m-%d %H:%M:%S}" if value else ""
