"""The gateway: the one public port."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from crm_store.database import Database
from crm_store.leads.rules import load_rules
from crm_store.opening import open_database
from foundation.settings import Settings
from gateway.accounts import endpoints as accounts
from gateway.api_keys import endpoints as api_keys
from gateway.assistant import Assistant, HttpAssistant
from gateway.audit import endpoints as audit
from gateway.auth import endpoints as auth
from gateway.auth import users
from gateway.campaigns import endpoints as campaigns
from gateway.canned_replies import endpoints as canned_replies
from gateway.chat.pages import chat_pages
from gateway.console import pages as console_pages
from gateway.console import socket as staff_socket
from gateway.conversations import endpoints as conversations
from gateway.conversations.closed_teller import ClosedTeller
from gateway.customers import endpoints as customers
from gateway.customers import notes as customer_notes
from gateway.describing import DescribedApi
from gateway.duplicates import endpoints as duplicates
from gateway.health import endpoints as health
from gateway.http.body_limit import BodyLimit
from gateway.http.compressed import Compressed
from gateway.http.observed import Observed
from gateway.http.origins import SiteOrigins, WidgetCors
from gateway.http.security_headers import SecurityHeaders
from gateway.http.sockets_first import SocketsFirst
from gateway.imports import endpoints as imports
from gateway.insights import endpoints as insights
from gateway.labels import endpoints as labels
from gateway.leads import endpoints as leads
from gateway.metrics import Metrics, forget_process
from gateway.nlu import endpoints as nlu
from gateway.opportunities import endpoints as opportunities
from gateway.orders import endpoints as orders
from gateway.outreach import endpoints as outreach
from gateway.outreach.teller import OutreachTeller
from gateway.parts import Parts
from gateway.pipelines import endpoints as pipelines
from gateway.privacy import endpoints as privacy
from gateway.problems import PROBLEM_RESPONSES, install_problem_handlers
from gateway.rates import RateLimit, RateLimiter
from gateway.realtime.announcer import Announcer
from gateway.realtime.catch_up import CatchUp
from gateway.realtime.hub import Hub, LocalHub
from gateway.realtime.presence import Presence
from gateway.realtime.redis_hub import RedisHub
from gateway.reports import endpoints as sales_reports
from gateway.search import endpoints as search
from gateway.shop import endpoints as shop
from gateway.sites import endpoints as sites
from gateway.sla import calendars as business_calendars
from gateway.sla import policies as sla_policies
from gateway.tasks import endpoints as tasks
from gateway.tickets import endpoints as tickets
from gateway.tickets import report as service_report
from gateway.tickets.telling import SlaTeller
from gateway.tracing import start_tracing
from gateway.transcripts import endpoints as transcripts
from gateway.turns.dispatcher import Dispatcher
from gateway.turns.worker import take_place
from gateway.widget import config as widget_config
from gateway.widget import details as widget_details
from gateway.widget import endpoints as widget
from gateway.widget import files as widget_files
from gateway.widget import offline as widget_offline
from gateway.widget import sessions as widget_sessions
from gateway.widget import socket as widget_socket
from gateway.widget import transcript as widget_transcript
from gateway.widget.admission import Visitors
from gateway.widget.live import LiveSessions

PREFIX = "/api/v1"
_MULTIPART_ROOM = 16 * 1024
_BAD_KEYS = 30  # wrong API keys from one address, a minute


def create_app(
    settings: Settings, *, database: Database | None = None, assistant: Assistant | None = None
) -> FastAPI:
    """The gateway's ASGI app.

    Args:
        settings: read once at the process's edge.
        database: the caller's, which it disposes of itself; else one is opened and closed here.
        assistant: what answers turns; by default the Rasa server of the settings.
    """
    store = database or open_database(settings)
    start_tracing(settings.otlp_endpoint)
    load_rules(settings.lead_scoring)  # a wrong file stops the start, not a seller's request
    origins = SiteOrigins(store)
    parts = _make_parts(settings, store, assistant or HttpAssistant(settings), origins)
    teller = SlaTeller(database=store, announcer=parts.announcer)
    sayer = OutreachTeller(
        database=store, announcer=parts.announcer, watched=parts.live_sessions.conversations
    )
    closed = ClosedTeller(
        database=store,
        announcer=parts.announcer,
        hub=parts.hub,
        watched=parts.live_sessions.conversations,
    )
    catch_up = CatchUp(hub=parts.hub, database=store, announcer=parts.announcer)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        place = await run_in_threadpool(take_place, settings)
        if place.predecessor is not None:
            forget_process(place.predecessor)
        await parts.hub.start()
        await parts.dispatcher.start(place.prefix)
        teller.start()
        sayer.start()
        closed.start()
        catch_up.start()
        parts.live_sessions.start()
        try:
            yield
        finally:
            await parts.live_sessions.stop()
            await catch_up.stop()
            await closed.stop()
            await sayer.stop()
            await teller.stop()
            await parts.dispatcher.stop()
            place.leave()
            await parts.hub.stop()
            await parts.assistant.aclose()
            if database is None:
                store.dispose()

    app = DescribedApi(
        title="Kefu",
        version="1",
        summary="A customer-service assistant with a memory.",
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        generate_unique_id_function=_operation_id,
        middleware=_middleware(settings, origins, parts.metrics),
    )
    app.state.parts = parts
    install_problem_handlers(app)
    app.include_router(_api())
    app.include_router(health.router)
    app.include_router(console_pages.static_pages())
    app.include_router(chat_pages())
    app.include_router(shop.shop_pages(settings))
    return app


def _make_parts(
    settings: Settings, database: Database, assistant: Assistant, origins: SiteOrigins
) -> Parts:
    metrics = Metrics()
    hub = _make_hub(settings, metrics)
    announcer = Announcer(hub=hub, database=database)
    dispatcher = Dispatcher(
        settings=settings,
        database=database,
        assistant=assistant,
        announcer=announcer,
        metrics=metrics,
        wake_others=lambda: hub.tell("turns"),
    )
    hub.on_told("turns", lambda _peer, _body: dispatcher.wake_here())
    limiter = RateLimiter(settings)
    return Parts(
        settings=settings,
        database=database,
        assistant=assistant,
        hub=hub,
        announcer=announcer,
        presence=Presence(hub=hub, announcer=announcer),
        dispatcher=dispatcher,
        metrics=metrics,
        visitors=Visitors(settings, database, origins=origins, limiter=limiter),
        live_sessions=LiveSessions(database, announcer, hours=settings.session_hours),
        message_rate=RateLimit(
            limiter,
            "messages",
            amount=settings.message_burst,
            seconds=settings.message_burst * 60 / settings.messages_per_minute,
        ),
        session_rate=RateLimit(
            limiter, "sessions", amount=settings.sessions_per_minute, seconds=60
        ),
        site_session_rate=RateLimit(
            limiter,
            "site-sessions",
            amount=settings.site_sessions_per_minute or 10 * settings.sessions_per_minute,
            seconds=60,
        ),
        page_rate=RateLimit(limiter, "pages", amount=settings.page_reads_per_minute, seconds=60),
        upload_rate=RateLimit(limiter, "uploads", amount=settings.uploads_per_hour, seconds=3_600),
        api_rate=RateLimit(limiter, "api", amount=settings.api_requests_per_minute, seconds=60),
        bad_key_rate=RateLimit(limiter, "bad-keys", amount=_BAD_KEYS, seconds=60),
    )


def _make_hub(settings: Settings, metrics: Metrics) -> Hub:
    told = metrics.socket_overflowed
    url = settings.redis_url.get_secret_value()
    if url:
        return RedisHub(url, prefix=settings.redis_prefix, on_overflow=told)
    return LocalHub(on_overflow=told)


def _middleware(settings: Settings, origins: SiteOrigins, metrics: Metrics) -> list[Middleware]:
    """Outermost first."""
    uploads = settings.max_attachment_bytes + _MULTIPART_ROOM
    return [
        Middleware(ProxyHeadersMiddleware, trusted_hosts=settings.trusted_networks),
        Middleware(
            SocketsFirst,
            sockets={
                f"{PREFIX}/widget/ws": widget_socket.widget_socket,
                f"{PREFIX}/staff/ws": staff_socket.staff_socket,
            },
        ),
        Middleware(Observed, metrics=metrics),
        Middleware(SecurityHeaders),
        Middleware(Compressed),
        Middleware(WidgetCors, origins=origins),
        Middleware(
            BodyLimit,
            larger={f"{PREFIX}/widget/attachments": uploads}
            | dict.fromkeys(
                (f"{PREFIX}/imports", f"{PREFIX}/imports/proposals"),
                settings.max_import_bytes + _MULTIPART_ROOM,
            ),
        ),
    ]


def _api() -> APIRouter:
    api = APIRouter(prefix=PREFIX, responses=PROBLEM_RESPONSES)
    for feature in (
        widget,
        widget_sessions,
        widget_config,
        widget_details,
        widget_files,
        widget_offline,
        widget_transcript,
        auth,
        staff_socket,
        conversations,
        customers,
        customer_notes,
        search,
        duplicates,
        orders,
        tickets,
        service_report,
        sla_policies,
        business_calendars,
        sites,
        labels,
        canned_replies,
        accounts,
        leads,
        pipelines,
        opportunities,
        tasks,
        campaigns,
        outreach,
        sales_reports,
        privacy,
        transcripts,
        imports,
        insights,
        nlu,
        users,
        api_keys,
        audit,
    ):
        api.include_router(feature.router)
    return api


def _operation_id(route: APIRoute) -> str:
    """The function's name, so that the generated client's names stay when paths move."""
    return route.name
