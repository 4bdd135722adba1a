"""WebSockets go past the layers that are made for requests.

A layer does nothing for a socket but await the next one, and its frame and its exit stack stay in
memory for as long as the socket is open: 5 KB for all of them, times thousands.
"""

from collections.abc import Awaitable, Callable, Mapping

from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket

SocketHandler = Callable[[WebSocket], Awaitable[None]]


class SocketsFirst:
    """Hands sockets to their handlers by their whole path, and everything else on."""

    def __init__(self, app: ASGIApp, *, sockets: Mapping[str, SocketHandler]) -> None:
        self._app = app
        self._sockets = sockets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            handler = self._sockets.get(scope["path"])
            if handler is not None:
                await handler(WebSocket(scope, receive, send))
                return
        await self._app(scope, receive, send)
