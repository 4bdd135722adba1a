"""Tells open sockets of the chats that the worker, another process, has closed."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from uuid import UUID

from starlette.concurrency import run_in_threadpool

from crm_store.conversations.inactive import closed_since
from crm_store.database import Database
from foundation.clock import utc_now
from gateway.background import PeriodicTask
from gateway.realtime.announcer import Announcer
from gateway.realtime.frames import conversation_topic
from gateway.realtime.hub import Hub

EVERY_SECONDS = 5.0
_OVERLAP = timedelta(seconds=30)
"""What is closed is dated before its commit; a commit may wait for another."""


class ClosedTeller(PeriodicTask):
    """Each gateway looks after its own sockets; what is closed when it starts is no news."""

    def __init__(
        self,
        *,
        database: Database,
        announcer: Announcer,
        hub: Hub,
        watched: Callable[[], Collection[UUID]],
        every: float = EVERY_SECONDS,
    ) -> None:
        """Args:
        database: where the worker writes it down.
        announcer: tells the consoles.
        hub: has the customers' sockets.
        watched: the conversations that somebody has open at this gateway.
        every: seconds between two looks.
        """
        super().__init__(every=every)
        self._database = database
        self._announcer = announcer
        self._hub = hub
        self._watched = watched
        self._since = utc_now()
        self._told: set[UUID] = set()

    async def look(self) -> None:
        begun, watched = utc_now(), frozenset(self._watched())
        if watched or self._announcer.staff_listens():
            closed = await run_in_threadpool(self._closed, self._since)
            for event_id, conversation_id in closed:
                if event_id in self._told:
                    continue
                if conversation_id in watched:
                    self._hub.resync(conversation_topic(conversation_id))
                await run_in_threadpool(self._announcer.closed_elsewhere, conversation_id)
                self._told.add(event_id)
            self._told &= {event_id for event_id, _ in closed}
        # Who was not there reads the list, or the gap.
        self._since = max(self._since, begun - _OVERLAP)

    def _closed(self, since: datetime) -> list[tuple[UUID, UUID]]:
        with self._database.reading() as session:
            return closed_since(session, since)
