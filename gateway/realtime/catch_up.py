"""Feeds this process's sockets from the store while other processes cannot be heard.

One question a second for all sockets together finds the conversations in which something was said;
only their sockets read their gaps. Typing and presence are missing meanwhile, messages are not.
"""

from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from crm_store.conversations.service import ConversationService
from crm_store.database import Database
from foundation.clock import utc_now
from gateway.background import PeriodicTask
from gateway.realtime.announcer import Announcer
from gateway.realtime.frames import STAFF, conversation_topic
from gateway.realtime.hub import Hub

log = structlog.get_logger(__name__)

EVERY_SECONDS = 1.0
_FIRST_REACH = timedelta(seconds=20)
"""Longer than it takes to find out that somebody is silent."""
_OVERLAP = timedelta(seconds=5)
"""What is said is dated before its commit; a commit may wait for another."""


class CatchUp(PeriodicTask):
    """A task beside the gateway's requests; it sleeps while the hub hears everybody."""

    def __init__(
        self,
        *,
        hub: Hub,
        database: Database,
        announcer: Announcer,
        every: float = EVERY_SECONDS,
    ) -> None:
        super().__init__(every=every)
        self._hub = hub
        self._database = database
        self._announcer = announcer
        self._since: datetime | None = None
        self._seen: dict[UUID, int] = {}

    async def look(self) -> None:
        if not self._hub.cut_off:
            if self._since is not None:
                log.info("hub_hears_all")
            self._since, self._seen = None, {}
            return
        if self._since is None:
            log.warning("hub_cut_off")
        begun = utc_now()
        try:
            spoken = await run_in_threadpool(self._spoken, self._since or begun - _FIRST_REACH)
            await self._feed(spoken)
        except SQLAlchemyError as error:  # the same question again finds the same and more
            log.warning("catching_up_failed", error=type(error).__name__)
            self._since = self._since or begun - _FIRST_REACH
        else:
            self._since = begun - _OVERLAP

    def _spoken(self, since: datetime) -> dict[UUID, int]:
        with self._database.reading() as session:
            return ConversationService(session).spoken_since(since)

    async def _feed(self, spoken: dict[UUID, int]) -> None:
        for conversation_id, last_seq in spoken.items():
            before = self._seen.get(conversation_id)
            if before == last_seq:
                continue
            self._seen[conversation_id] = last_seq
            self._hub.resync(conversation_topic(conversation_id))
            if self._hub.has_listeners(STAFF):
                after = before if before is not None else last_seq - 1
                await run_in_threadpool(self._announcer.spoken, conversation_id, after)
