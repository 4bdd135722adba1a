"""``/healthz``: the process; ``/readyz``: its parts; ``/metrics``: its counts."""

from collections.abc import Callable
from functools import partial
from typing import Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from crm_store.database import Database
from crm_store.depths import people_waiting, turns_waiting
from gateway.health.access import require_scraper
from gateway.health.parts import PartState, part_states
from gateway.parts import PartsDep

router = APIRouter(tags=["health"])

_METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Alive(BaseModel):
    status: Literal["ok"] = "ok"


class Readiness(BaseModel):
    """``ready`` while no part is down."""

    status: Literal["ready", "not_ready"]
    parts: dict[str, PartState]


@router.get("/healthz")
async def healthz() -> Alive:
    """The process answers."""
    return Alive()


@router.get("/readyz", responses={503: {"model": Readiness}})
async def readyz(parts: PartsDep, response: Response) -> Readiness:
    """Each part with its state; 503 while any is down."""
    states = await part_states(parts)
    ready = all(part.state != "down" for part in states.values())
    if not ready:
        response.status_code = 503
    return Readiness(status="ready" if ready else "not_ready", parts=states)


@router.get("/metrics", include_in_schema=False)
async def metrics(request: Request, parts: PartsDep) -> Response:
    """Prometheus text format, for this machine or with the token."""
    require_scraper(request, parts.settings)
    depths = {
        "turns": partial(_depth, parts.database, turns_waiting),
        "people": partial(_depth, parts.database, people_waiting),
    }
    text = await run_in_threadpool(parts.metrics.render, depths)
    return Response(text, media_type=_METRICS_TYPE)


def _depth(database: Database, count: Callable[[Session], int]) -> float:
    """Not a number while the database is away: the other figures matter then all the more."""
    try:
        with database.reading() as session:
            return count(session)
    except SQLAlchemyError:
        return float("nan")
