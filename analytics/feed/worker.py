"""The worker's loop: short jobs at their own pace, each failing by itself."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

log = structlog.get_logger(__name__)


@dataclass
class Job:
    """Something to do every ``every`` seconds; ``run`` returns how much it did."""

    name: str
    every: float
    run: Callable[[], int]
    due: float = field(default=0.0)


def run_jobs(jobs: list[Job], stop: threading.Event, *, tick: float = 0.25) -> None:
    """Run each job when it is due, until ``stop``; a failure waits for the job's next turn."""
    while not stop.is_set():
        for job in jobs:
            now = time.monotonic()
            if now < job.due or stop.is_set():
                continue
            job.due = now + job.every
            try:
                done = job.run()
            except Exception as error:  # the other jobs go on; supervision sees the log
                # The class only: messages of drivers quote what they were given.
                log.warning("job_failed", job=job.name, error=type(error).__name__)
                continue
            if done:
                log.info("job_done", job=job.name, count=done)
        stop.wait(tick)
