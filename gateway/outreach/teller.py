"""Says what waits for the customers who are in a chat now."""

import asyncio
from collections.abc import Callable, Collection
from uuid import UUID

import structlog
from starlette.concurrency import run_in_threadpool

from crm_store.database import Database
from crm_store.outages import DATABASE_AWAY
from crm_store.outreach.delivery import Delivery, Due, due_in
from foundation.clock import utc_now
from gateway.background import BackgroundTask
from gateway.realtime.announcer import Announcer

log = structlog.get_logger(__name__)

EVERY_SECONDS = 5.0
_BATCH = 500


class OutreachTeller(BackgroundTask):
    """A task beside the gateway's requests; each gateway looks after its own open sockets.

    A customer without a socket hears it when their next session starts.
    """

    def __init__(
        self,
        *,
        database: Database,
        announcer: Announcer,
        watched: Callable[[], Collection[UUID]],
        every: float = EVERY_SECONDS,
    ) -> None:
        """Args:
        database: where messages wait.
        announcer: tells the sockets.
        watched: the conversations that somebody has open at this gateway.
        every: seconds between two looks.
        """
        self._database = database
        self._announcer = announcer
        self._watched = watched
        self._every = every

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(self._every)
            watched = list(self._watched())
            try:
                for start in range(0, len(watched), _BATCH):
                    await run_in_threadpool(self.look, watched[start : start + _BATCH])
            except DATABASE_AWAY as error:  # what waits goes on waiting
                log.warning("outreach_not_looked_for", error=type(error).__name__)

    def look(self, conversations: Collection[UUID]) -> None:
        """Say what may be said in these conversations, one message in each."""
        with self._database.reading() as session:
            found = due_in(session, conversations, at=utc_now())
        for due in found:
            self._say(due)

    def _say(self, due: Due) -> None:
        with self._database.transaction() as session:
            said = Delivery(session).deliver(due)
        if said is not None:
            self._announcer.messages([said])
            self._announcer.conversation_changed(due.conversation_id, owner_changed=False)
