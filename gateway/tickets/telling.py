"""Tells open consoles what the clocks run into.

The worker, another process, writes it down; each gateway looks for what is new while somebody
watches. What nobody was there to see stands in the tickets themselves.
"""

from uuid import UUID

from starlette.concurrency import run_in_threadpool

from crm_store.database import Database
from crm_store.sla.news import SlaNews, latest_news
from gateway.background import PeriodicTask
from gateway.realtime.announcer import Announcer

EVERY_SECONDS = 5.0


class SlaTeller(PeriodicTask):
    """A task beside the gateway's requests; what is there when it starts is no news."""

    def __init__(
        self, *, database: Database, announcer: Announcer, every: float = EVERY_SECONDS
    ) -> None:
        super().__init__(every=every)
        self._database = database
        self._announcer = announcer
        self._seen: set[UUID] | None = None

    async def look(self) -> None:
        await run_in_threadpool(self._tell_news)

    def _tell_news(self) -> None:
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
