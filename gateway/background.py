"""Tasks beside a gateway's requests, from its start to its stop."""

import asyncio
import contextlib
from abc import ABC, abstractmethod

import structlog

from foundation.logging import where

log = structlog.get_logger(__name__)

MOST_PAUSE_SECONDS = 60.0


class BackgroundTask(ABC):
    """One task; on the event loop only."""

    _task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin."""
        self._task = asyncio.create_task(self._run(), name=type(self).__name__)

    async def stop(self) -> None:
        """End; returns when it has."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    @abstractmethod
    async def _run(self) -> None:
        """What it does until it is cancelled."""


class PeriodicTask(BackgroundTask):
    """Looks every so many seconds; no error ends it.

    After a failure the pauses double, up to a minute, until a look succeeds: what fails each time
    shall not fill the log or the database's connections.
    """

    def __init__(self, *, every: float) -> None:
        """Args:
        every: seconds between two looks.
        """
        self._every = every

    @abstractmethod
    async def look(self) -> None:
        """Do it once."""

    async def _run(self) -> None:
        failures = 0
        while True:
            try:
                await self.look()
            except Exception as error:
                failures += 1
                log.warning(
                    "background_task_failed",
                    task=type(self).__name__,
                    failures=failures,
                    error=type(error).__name__,
                    where=where(error),
                )
            else:
                failures = 0
            await asyncio.sleep(pause_after(failures, self._every))


def pause_after(failures: int, every: float) -> float:
    """Seconds until the next look, after so many failures running."""
    longest = max(every, MOST_PAUSE_SECONDS)
    return min(every * (1 << min(failures, 10)), longest)
