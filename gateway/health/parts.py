"""What each part of the system says when it is asked whether it works."""

import asyncio
import sqlite3
import ssl
import time
from functools import cache
from typing import Literal

import httpx
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from analytics.feed.source import SqliteEventSource
from crm_store.database import Database
from crm_store.health import is_answering
from foundation.settings import Settings
from gateway.parts import Parts

_TIMEOUT_SECONDS = 2.0
_LATE_SECONDS = 60.0


class PartState(BaseModel):
    """``degraded``: something is slower or later than it should be, and nothing is refused."""

    state: Literal["ready", "degraded", "down"]
    detail: str | None = None


READY = PartState(state="ready")


async def part_states(parts: Parts) -> dict[str, PartState]:
    """Each part by its name; what is not used is not named."""
    database, assistant, actions, broker = await asyncio.gather(
        _database_state(parts.database),
        _assistant_state(parts),
        _actions_state(parts.settings),
        run_in_threadpool(_broker_state, parts.settings),
    )
    running = parts.dispatcher.is_running
    states = {
        "database": database,
        "assistant": assistant,
        "actions": actions,
        "turns": READY if running else _down("the dispatcher has stopped"),
        "broker": broker,
    }
    if parts.settings.redis_url.get_secret_value():
        states["redis"] = _redis_state(parts)
    return states


async def _database_state(database: Database) -> PartState:
    try:
        answering = await asyncio.wait_for(
            run_in_threadpool(is_answering, database), _TIMEOUT_SECONDS
        )
    except TimeoutError:
        answering = False
    return READY if answering else _down("it does not answer")


async def _assistant_state(parts: Parts) -> PartState:
    if await parts.assistant.is_ready():
        return READY
    return _down("it does not answer or is still loading its model")


async def _actions_state(settings: Settings) -> PartState:
    token = settings.internal_token.get_secret_value()
    try:
        async with httpx.AsyncClient(
            timeout=_TIMEOUT_SECONDS, trust_env=False, verify=_certificates()
        ) as client:
            answer = await client.get(
                f"{settings.actions_url}/health", headers={"X-Kefu-Token": token}
            )
    except httpx.HTTPError:
        return _down("it does not answer")
    if answer.status_code == httpx.codes.OK:
        return READY
    return _down(f"it answers with status {answer.status_code}")


@cache
def _certificates() -> ssl.SSLContext:
    # Reading them takes 20 ms, in which no socket is served: not with every look.
    return httpx.create_ssl_context(trust_env=False)


def _broker_state(settings: Settings) -> PartState:
    """Rasa's events wait in a file; when they wait for long, nobody takes them to the store."""
    try:
        since = SqliteEventSource(settings.var / "assistant-events.db").waiting_since()
    except sqlite3.Error as error:
        return _down(f"its file cannot be read ({type(error).__name__})")
    if since is not None and time.time() - since > _LATE_SECONDS:
        return PartState(state="degraded", detail="events wait: is the worker running?")
    return READY


def _redis_state(parts: Parts) -> PartState:
    if parts.hub.cut_off:
        detail = "it, or a gateway process, is not heard; messages are read from the database"
        return PartState(state="degraded", detail=detail)
    return READY


def _down(detail: str) -> PartState:
    return PartState(state="down", detail=detail)
