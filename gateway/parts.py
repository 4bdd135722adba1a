"""What a running gateway is made of, and how handlers get at it."""

from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends
from starlette.requests import HTTPConnection

from crm_store.database import Database
from foundation.settings import Settings
from gateway.assistant import Assistant
from gateway.metrics import Metrics
from gateway.rates import RateLimit
from gateway.realtime.announcer import Announcer
from gateway.realtime.hub import Hub
from gateway.realtime.presence import Presence
from gateway.turns.dispatcher import Dispatcher
from gateway.widget.admission import Visitors
from gateway.widget.live import LiveSessions


@dataclass(frozen=True, slots=True)
class Parts:
    """Made once per app by ``create_app`` and kept on ``app.state.parts``."""

    settings: Settings
    database: Database
    assistant: Assistant
    hub: Hub
    announcer: Announcer
    presence: Presence
    dispatcher: Dispatcher
    metrics: Metrics
    visitors: Visitors
    live_sessions: LiveSessions
    message_rate: RateLimit
    session_rate: RateLimit
    site_session_rate: RateLimit
    page_rate: RateLimit
    upload_rate: RateLimit
    api_rate: RateLimit
    bad_key_rate: RateLimit


def parts_of(connection: HTTPConnection) -> Parts:
    """The parts behind a request or a socket."""
    return cast(Parts, connection.app.state.parts)


async def _parts(connection: HTTPConnection) -> Parts:
    return parts_of(connection)


PartsDep = Annotated[Parts, Depends(_parts)]
