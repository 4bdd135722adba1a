"""The life of a WebSocket: a hello, what was missed, then what happens; read and write at once."""

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import structlog
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from foundation.errors import NotAllowed, NotAuthenticated
from gateway.realtime.hub import TooSlow

log = structlog.get_logger(__name__)

HELLO_SECONDS = 10.0
MAX_FRAME_CHARS = 4_096

# Close codes that clients know what to do about; 4000 to 4999 are free for applications.
BAD_FRAME = 4400
BAD_TICKET = 4401  # or the session behind it has ended
BAD_ORIGIN = 4403
TOO_SLOW = 4408
GOING_AWAY = 1012

Handler = Callable[[dict[str, Any]], Awaitable[None]]


class BadFrame(Exception):
    """The client sent something that is not a frame of ours."""


async def receive_frame(websocket: WebSocket) -> dict[str, Any]:
    """The client's next frame.

    Raises:
        BadFrame: not a small JSON object with a type.
        WebSocketDisconnect: the client has gone.
    """
    message = await websocket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code", 1000))
    text = message.get("text")
    if text is None or len(text) > MAX_FRAME_CHARS:
        raise BadFrame
    try:
        frame = json.loads(text)
    except (ValueError, RecursionError):
        raise BadFrame from None
    if not isinstance(frame, dict) or not isinstance(frame.get("type"), str):
        raise BadFrame
    return frame


async def receive_hello(websocket: WebSocket) -> dict[str, Any]:
    """The first frame, which has to be a hello and come soon."""
    try:
        frame = await asyncio.wait_for(receive_frame(websocket), HELLO_SECONDS)
    except TimeoutError:
        raise BadFrame from None
    if frame["type"] != "hello":
        raise BadFrame
    return frame


def seq_of(frame: dict[str, Any], key: str = "last_seq") -> int:
    """A sequence number that the client names; 0 when it has seen nothing."""
    value = frame.get(key, 0)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**31:
        raise BadFrame
    return value


async def serve(
    websocket: WebSocket, *, write: Coroutine[Any, Any, None], on_frame: Handler
) -> None:
    """Read a socket until its client goes, with its writer beside it.

    When the writer fails it closes the socket with a telling code, which ends the reading too. One
    task besides the caller's own: there are thousands of sockets.
    """
    writer = asyncio.create_task(_close_on_failure(websocket, write))
    try:
        while True:
            await on_frame(await receive_frame(websocket))
    finally:
        writer.cancel()
        await asyncio.gather(writer, return_exceptions=True)


async def close_for(websocket: WebSocket, reason: Exception) -> None:
    """Close the socket with the code that says why, unless the client has gone by itself."""
    if isinstance(reason, WebSocketDisconnect):
        return
    if isinstance(reason, TooSlow):
        code = TOO_SLOW
    elif isinstance(reason, BadFrame):
        code = BAD_FRAME
    elif isinstance(reason, NotAuthenticated):
        code = BAD_TICKET
    elif isinstance(reason, NotAllowed):
        code = BAD_ORIGIN
    else:
        log.error("socket_failed", error=type(reason).__name__)
        code = GOING_AWAY
    if websocket.application_state is WebSocketState.CONNECTED:
        with contextlib.suppress(RuntimeError, WebSocketDisconnect):
            await websocket.close(code)


async def _close_on_failure(websocket: WebSocket, write: Coroutine[Any, Any, None]) -> None:
    try:
        await write
    except Exception as reason:
        await close_for(websocket, reason)
