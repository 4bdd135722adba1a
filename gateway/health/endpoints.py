"""``/healthz``: the process; ``/readyz``: its parts; ``/metrics``: its counts."""

import asyncio
from typing import Literal

import httpx
from fastapi import APIRouter, Response
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from crm_store.database import Database
from crm_store.health import is_answering
from gateway.parts import Parts, PartsDep

router = APIRouter(tags=["health"])

_TIMEOUT_SECONDS = 2.0
_METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Alive(BaseModel):
    status: Literal["ok"] = "ok"


class PartState(BaseModel):
    state: Literal["ready", "down"]
    detail: str | None = None


class Readiness(BaseModel):
    """``ready`` when every part is."""

    status: Literal["ready", "not_ready"]
    parts: dict[str, PartState]


@router.get("/healthz")
async def healthz() -> Alive:
    """The process answers."""
    return Alive()


@router.get("/readyz", responses={503: {"model": Readiness}})
async def readyz(parts: PartsDep, response: Response) -> Readiness:
    """Each part with its state; 503 while any is down."""
    database, assistant, actions = await asyncio.gather(
        _database_state(parts.database), _assistant_state(parts), _actions_state(parts)
    )
    running = parts.dispatcher.is_running
    states = {
        "database": database,
        "assistant": assistant,
        "actions": actions,
        "turns": PartState(state="ready") if running else _down("the dispatcher has stopped"),
    }
    ready = all(part.state == "ready" for part in states.values())
    if not ready:
        response.status_code = 503
    return Readiness(status="ready" if ready else "not_ready", parts=states)


@router.get("/metrics", include_in_schema=False)
async def metrics(parts: PartsDep) -> Response:
    """Prometheus text format."""
    return Response(parts.metrics.render(), media_type=_METRICS_TYPE)


async def _database_state(database: Database) -> PartState:
    try:
        answering = await asyncio.wait_for(
            run_in_threadpool(is_answering, database), _TIMEOUT_SECONDS
        )
    except TimeoutError:
        answering = False
    return PartState(state="ready") if answering else _down("it does not answer")


async def _assistant_state(parts: Parts) -> PartState:
    if await parts.assistant.is_ready():
        return PartState(state="ready")
    return _down("it does not answer or is still loading its model")


async def _actions_state(parts: Parts) -> PartState:
    token = parts.settings.internal_token.get_secret_value()
    try:
        async with httpx.AsyncClient(timeout=_TIMEOUT_SECONDS, trust_env=False) as client:
            answer = await client.get(
                f"{parts.settings.actions_url}/health", headers={"X-Kefu-Token": token}
            )
    except httpx.HTTPError:
        return _down("it does not answer")
    if answer.status_code == httpx.codes.OK:
        return PartState(state="ready")
    return _down(f"it answers with status {answer.status_code}")


def _down(detail: str) -> PartState:
    return PartState(state="down", detail=detail)
