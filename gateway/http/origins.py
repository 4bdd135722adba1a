"""Which web pages may use the widget's endpoints: those of a site, and our own."""

import time
from uuid import UUID

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crm_store.asking import AsSystem
from crm_store.database import Database
from crm_store.sites.service import SiteService
from gateway.problems import problem_response

_CACHE_SECONDS = 15.0
_PREFIX = "/api/v1/widget/"
_ALLOWED_HEADERS = "authorization, content-type"
_ALLOWED_METHODS = "GET, POST, OPTIONS"
_READER = AsSystem("which pages may show the widget")


def is_own_origin(origin: str, host: str | None) -> bool:
    """Whether a page of ours asks: its origin names the host that was asked."""
    return bool(host) and origin.partition("://")[2] == host


class SiteOrigins:
    """The origins of each site in service, read anew every few seconds."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._of_site: dict[UUID, frozenset[str]] = {}
        self._all: frozenset[str] = frozenset()
        self._expires = 0.0

    async def allow(self, origin: str) -> bool:
        """Whether a page of any site asks: a preflight does not say of which it is."""
        await self._refresh()
        return origin in self._all

    async def allow_on(self, site_id: UUID, origin: str) -> bool:
        """Whether a page of this site asks."""
        await self._refresh()
        return origin in self._of_site.get(site_id, ())

    async def _refresh(self) -> None:
        if time.monotonic() >= self._expires:
            self._of_site = await run_in_threadpool(self._read)
            self._all = frozenset().union(*self._of_site.values())
            self._expires = time.monotonic() + _CACHE_SECONDS

    def _read(self) -> dict[UUID, frozenset[str]]:
        with self._database.reading() as session:
            sites = SiteService(session).list(asker=_READER)
        return {site.id: frozenset(site.origins) for site in sites if site.disabled_at is None}


class WidgetCors:
    """CORS for the widget's endpoints alone; every other path stays same-origin.

    The session token travels in a header that no browser adds by itself, so credentials are never
    allowed across origins.
    """

    def __init__(self, app: ASGIApp, *, origins: SiteOrigins) -> None:
        self._app = app
        self._origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(_PREFIX):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        if origin is None:
            await self._app(scope, receive, send)
            return
        allowed = is_own_origin(origin, headers.get("host")) or await self._origins.allow(origin)
        if scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            await _preflight(origin, allowed=allowed)(scope, receive, send)
            return

        async def with_origin(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                answer.add_vary_header("Origin")
                if allowed:
                    answer["Access-Control-Allow-Origin"] = origin
                    answer["Access-Control-Expose-Headers"] = "Retry-After, X-Request-ID"
            await send(message)

        await self._app(scope, receive, with_origin)


def _preflight(origin: str, *, allowed: bool) -> Response:
    if not allowed:
        return problem_response(
            403,
            code="not_allowed",
            title="Not allowed",
            detail="This page is not one of the site's origins.",
            headers={"Vary": "Origin"},
        )
    return Response(
        status_code=204,
        headers={
            "Access-Control-Allow-Origin": origin,
            "Access-Control-Allow-Methods": _ALLOWED_METHODS,
            "Access-Control-Allow-Headers": _ALLOWED_HEADERS,
            "Access-Control-Max-Age": "600",
            "Vary": "Origin",
        },
    )
