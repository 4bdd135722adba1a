"""The webhook that Rasa calls, as a small ASGI app.

rasa-sdk brings a server of its own; this one answers nobody without the shared token, limits what
it reads, listens on loopback only, and never puts an exception's text or the customer's words into
an error.
"""

import hmac
import json
import re
from typing import Any

import structlog
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionNotFoundException
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from foundation.errors import KefuError

MAX_BODY_BYTES = 4_000_000
"""A whole conversation's events come with each call."""

_log = structlog.get_logger(__name__)
_ID = re.compile(r"[0-9a-f]{1,64}")


def create_app(executor: ActionExecutor, *, token: str) -> Starlette:
    """The action server.

    Args:
        executor: with every action registered.
        token: what callers must send as ``X-Kefu-Token``; not empty.
    """
    if not token:
        raise ValueError("the action server needs a token")

    async def health(_request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def actions(request: Request) -> Response:
        if not _allowed(request, token):
            return _refused()
        return JSONResponse([{"name": name} for name in executor.actions])

    async def webhook(request: Request) -> Response:
        if not _allowed(request, token):
            return _refused()
        body = await _body(request)
        if body is None:
            return _error(413, "the request is too large")
        try:
            call = json.loads(body)
            name = str(call["next_action"])
            # Rasa sends no domain when it need not (selective domain); the executor wants one.
            call.setdefault("domain", {})
        except (ValueError, KeyError, TypeError, AttributeError):
            return _error(400, "not an action call")
        with structlog.contextvars.bound_contextvars(request_id=_request_id(call)):
            return await _run(executor, call, name)

    return Starlette(
        routes=[
            Route("/health", health),
            Route("/actions", actions),
            Route("/webhook", webhook, methods=["POST"]),
        ]
    )


async def _run(executor: ActionExecutor, call: dict[str, Any], name: str) -> Response:
    try:
        result = await executor.run(call)
    except ActionNotFoundException:
        return _error(404, "no such action", name)
    except KefuError as error:
        return _error(int(error.status), error.title, name)
    except Exception as error:
        _log.error("webhook_failed", action=name, reason=type(error).__name__)
        return _error(500, "the action failed", name)
    _log.info("action_run", action=name)
    return JSONResponse(result.model_dump())


def _request_id(call: dict[str, Any]) -> str | None:
    """That of the customer's request, which came with the message through the assistant."""
    message = (call.get("tracker") or {}).get("latest_message") or {}
    value = (message.get("metadata") or {}).get("request_id")
    return value if isinstance(value, str) and _ID.fullmatch(value) else None


async def _body(request: Request) -> bytes | None:
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > MAX_BODY_BYTES:
            return None
        chunks.append(chunk)
    return b"".join(chunks)


def _allowed(request: Request, token: str) -> bool:
    given = request.headers.get("X-Kefu-Token", "")
    return hmac.compare_digest(given.encode(), token.encode())


def _refused() -> Response:
    return _error(401, "the X-Kefu-Token header is missing or wrong")


def _error(status: int, reason: str, action: str = "") -> Response:
    return JSONResponse({"error": reason, "action_name": action}, status_code=status)
