"""Tasks beside a gateway's requests, from its start to its stop."""

import asyncio
import contextlib
from abc import ABC, abstractmethod


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
