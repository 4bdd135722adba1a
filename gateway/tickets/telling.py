"""Tells open consoles what the clocks run into.

The worker, another process, writes it down; each gateway looks for what is new while somebody
watches. What nobody was there to see stands in the tickets themselves.
"""

import asyncio
from uuid import UUID

import structlog
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from crm_store.database import Database
from crm_store.sla.news import SlaNews, latest_news
from gateway.background import BackgroundTask
from gateway.realtime.announcer import Announcer

log = structlog.get_logger(__name__)

EVERY_SECONDS = 5.0


class SlaTeller(BackgroundTask):
    """A task beside the gateway's requests; what is there when it starts is no news."""

    def __init__(
        self, *, database: Database, announcer: Announcer, every: float = EVERY_SECONDS
    ) -> None:
        self._database = database
        self._announcer = announcer
        self._every = every
        self._seen: set[UUID] | None = None

    async def _run(self) -> None:
        while True:
            try:
                await run_in_threadpool(self._look)
            except SQLAlchemyError as error:  # an outage: the next look finds the same news
                log.warning("sla_news_not_read", error=type(error).__name__)
            await asyncio.sleep(self._every)

    def _look(self) -> None:
        if not self._announcer.staff_listens():
            self._seen = None  # who comes later reads the list
            return
        with self._database.reading() as session:
            latest = latest_news(session)
        for news in self._unseen(latest):
            self._announcer.ticket_changed(news.ticket_number, event=news.kind)

    def _unseen(self, latest: list[SlaNews]) -> list[SlaNews]:
        before, self._seen = self._seen, {news.event_id for news in latest}
        if before is None:
            return []
        return [news for news in latest if news.event_id not in before]
