"""What a job sees of its run."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from crm_store.database import Database
from crm_store.jobs.errors import JobInterrupted, JobLost
from crm_store.jobs.service import JobService
from crm_store.models import Job
from foundation.settings import Settings

Watching = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class Claimed:
    """A job and the name of the run that has it."""

    job: Job
    run: str


class RunningJob:
    """The ``JobContext`` of one run."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        claimed: Claimed,
        *,
        stop: threading.Event,
        watching: Watching | None = None,
    ) -> None:
        self.database = database
        self.settings = settings
        self._job = claimed.job
        self._run = claimed.run
        self._stop = stop
        self._watching = watching
        self._state: dict[str, Any] = dict(claimed.job.state or {})
        self._lost = threading.Event()

    @property
    def payload(self) -> dict[str, Any]:
        return dict(self._job.payload)

    @property
    def state(self) -> dict[str, Any]:
        return dict(self._state)

    def save(self, state: dict[str, Any]) -> None:
        self.check()
        with self.database.transaction() as session:
            JobService(session).save_state(self._job.id, state, run=self._run)
        self._state = dict(state)

    def check(self) -> None:
        if self._lost.is_set():
            raise JobLost
        if self._stop.is_set():
            raise JobInterrupted

    def progress(self, done: int, total: int | None = None) -> None:
        if self._watching is not None:
            self._watching(done, total)

    def beat(self) -> None:
        """Show that the run lives; a loss is told at the job's next ``check``."""
        try:
            with self.database.transaction() as session:
                JobService(session).beat(self._job.id, run=self._run)
        except JobLost:
            self._lost.set()
            raise
