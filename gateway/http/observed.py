"""Outermost: an identifier for each request, one log line, its metrics, and the last safety net."""

import logging
import time
from http import HTTPStatus
from uuid import uuid4

import structlog
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from foundation.logging import where
from gateway.metrics import Metrics
from gateway.problems import unexpected_error
from gateway.tracing import span

log = structlog.get_logger(__name__)

_QUIET = frozenset({"/healthz", "/readyz", "/metrics"})


class Observed:
    """Logs and counts by the route's name, so that no identifier or query text is kept."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = uuid4().hex
        scope.setdefault("state", {})["request_id"] = request_id
        structlog.contextvars.bind_contextvars(request_id=request_id)
        started = time.perf_counter()
        status = 0

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-ID"] = request_id
            await send(message)

        try:
            with span("request", request_id=request_id) as current:
                await self._app(scope, receive, watched)
                current.rename(getattr(scope.get("route"), "name", "unmatched"))
        except Exception as error:
            log.error("request_failed", error=type(error).__name__, where=where(error))
            if status:
                raise  # half an answer is out; the server closes the connection
            status = 500
            await unexpected_error(request_id)(scope, receive, send)
        finally:
            seconds = time.perf_counter() - started
            self._report(scope, status, seconds)
            structlog.contextvars.unbind_contextvars("request_id")

    def _report(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "name", "unmatched")
        self._metrics.request(scope["method"], route, status, seconds)
        # Good reads are many and say little.
        dull = scope["method"] == "GET" and status < HTTPStatus.BAD_REQUEST
        log.log(
            logging.DEBUG if dull or scope["path"] in _QUIET else logging.INFO,
            "request",
            method=scope["method"],
            route=route,
            status=status,
            ms=round(seconds * 1000, 1),
        )
