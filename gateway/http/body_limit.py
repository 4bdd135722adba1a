"""A ceiling on request bodies, for stated and for streamed lengths alike."""

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.problems import problem_response

JSON_LIMIT = 64 * 1024


class BodyLimit:
    """Refuses bodies above a limit with 413, before anything has been read into memory."""

    def __init__(self, app: ASGIApp, *, larger: dict[str, int]) -> None:
        """Args:
        larger: paths with a limit of their own, in bytes.
        """
        self._app = app
        self._larger = larger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._larger.get(scope["path"], JSON_LIMIT)
        if _stated_length(scope) > limit:
            response = problem_response(
                413,
                code="too_large",
                title="That is too large",
                detail=_detail(limit),
                request_id=scope.get("state", {}).get("request_id"),
                headers={"Connection": "close"},
            )
            await response(scope, receive, send)
            return
        received = 0

        async def counting() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit:
                # An HTTPException, for FastAPI passes those on while it reads a body.
                raise HTTPException(413, _detail(limit))
            return message

        await self._app(scope, counting, send)


def _detail(limit: int) -> str:
    return f"The request is larger than {limit:,} bytes."


def _stated_length(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() else 0
    return 0
