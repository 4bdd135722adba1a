"""The worker's loop of chores: short, harmless when done twice, each failing by itself.

What must be done once, or must not be lost half-way, is a job (``crm_store.jobs``) instead.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

log = structlog.get_logger(__name__)


@dataclass
class Chore:
    """Something to do every ``every`` seconds; ``run`` returns how much it did."""

    name: str
    every: float
    run: Callable[[], int]
    due: float = field(default=0.0)


def run_chores(chores: list[Chore], stop: threading.Event, *, tick: float = 0.25) -> None:
    """Run each chore when it is due, until ``stop``; a failure waits for the chore's next turn."""
    while not stop.is_set():
        for chore in chores:
            now = time.monotonic()
            if now < chore.due or stop.is_set():
                continue
            chore.due = now + chore.every
            try:
                done = chore.run()
            except Exception as error:  # the other chores go on; supervision sees the log
                # The class only: messages of drivers quote what they were given.
                log.warning("chore_failed", chore=chore.name, error=type(error).__name__)
                continue
            if done:
                log.info("chore_done", chore=chore.name, count=done)
        stop.wait(tick)
