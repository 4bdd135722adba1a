"""Who may ask something as a visitor: from which page, and how often."""

import time
from collections import OrderedDict
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from starlette.concurrency import run_in_threadpool

from crm_store.conversations.service import ConversationService
from crm_store.conversations.sessions import KEEP_EVERY
from crm_store.database import Database
from crm_store.sites.errors import OriginNotAllowed
from foundation.clock import utc_now
from foundation.ids import token_digest
from foundation.settings import Settings
from gateway.http.origins import SiteOrigins, is_own_origin
from gateway.rates import RateLimit, RateLimiter

_MAX_KNOWN = 50_000
_KNOWN_SECONDS = KEEP_EVERY.total_seconds()
_TOO_OFTEN = "That is too much at once."


@dataclass(frozen=True, slots=True)
class Visitor:
    """A session as it was when it was last looked up; it says nothing of its being alive."""

    session_id: UUID
    site_id: UUID
    seen_at: float


class Visitors:
    """Admits the bearers of session tokens.

    The handler reads the session itself, in the transaction in which it acts. What is kept here
    saves a second look at the database for what does not change: the session's site, and whether
    its end was moved within the last minutes.
    """

    def __init__(
        self,
        settings: Settings,
        database: Database,
        *,
        origins: SiteOrigins,
        limiter: RateLimiter,
    ) -> None:
        self._database = database
        self._origins = origins
        self._hours = settings.session_hours
        self._lifetime = timedelta(hours=settings.session_hours)
        self._known: OrderedDict[str, Visitor] = OrderedDict()
        per_minute = settings.messages_per_minute
        self._by_address = RateLimit(
            limiter,
            "address-changes",
            amount=settings.address_messages_per_minute or 20 * per_minute,
            seconds=60,
        )
        self._by_site = RateLimit(
            limiter,
            "site-changes",
            amount=settings.site_messages_per_minute or 200 * per_minute,
            seconds=60,
        )

    async def admit(self, token: str, *, origin: str | None, host: str | None) -> Visitor:
        """The visitor who bears this token; their session lives on.

        Raises:
            NotAuthenticated: unknown or expired.
            OriginNotAllowed: the page that asks is not one of the session's own site.
        """
        digest = token_digest(token)
        visitor = self._known.get(digest)
        if visitor is None or time.monotonic() - visitor.seen_at > _KNOWN_SECONDS:
            visitor = await run_in_threadpool(self._look_up, token)
            self._known[digest] = visitor
            self._known.move_to_end(digest)
            if len(self._known) > _MAX_KNOWN:
                self._known.popitem(last=False)
        await self.check_origin(visitor.site_id, origin=origin, host=host)
        return visitor

    async def check_origin(self, site_id: UUID, *, origin: str | None, host: str | None) -> None:
        """Let a page pass that is the site's or ours; other callers have no page and need none.

        Raises:
            OriginNotAllowed: the page is neither.
        """
        if origin is None or is_own_origin(origin, host):
            return
        if not await self._origins.allow_on(site_id, origin):
            raise OriginNotAllowed

    async def count(self, visitor: Visitor, *, address: str) -> None:
        """Count a change that somebody at this address asks for on the visitor's site.

        Raises:
            TooManyAttempts: there are too many, from there or on that site.
        """
        if self._by_site.may_block:
            await run_in_threadpool(self._count, visitor, address)
        else:
            self._count(visitor, address)

    def _count(self, visitor: Visitor, address: str) -> None:
        self._by_address.take(address, detail=_TOO_OFTEN)
        self._by_site.take(str(visitor.site_id), detail=_TOO_OFTEN)

    def _look_up(self, token: str) -> Visitor:
        with self._database.reading() as session:
            conversation, found = ConversationService(session).by_session_token(token)
        is_fresh = found.expires_at - utc_now() > self._lifetime - KEEP_EVERY
        if not is_fresh:
            with self._database.transaction() as session:
                ConversationService(session).keep([found.id], hours=self._hours)
        return Visitor(found.id, conversation.site_id, time.monotonic())
