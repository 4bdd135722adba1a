"""The peer of the sockets benchmark: Starlette's echo, served as the gateway is.

``python -m benchmarks.harness.socket_echo PORT``
"""

import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket


async def _echo(websocket: WebSocket) -> None:
    await websocket.accept()
    async for text in websocket.iter_text():
        await websocket.send_text(text)


async def _healthz(_request: Request) -> JSONResponse:
    return JSONResponse({})


app = Starlette(routes=[WebSocketRoute("/ws", _echo), Route("/healthz", _healthz)])

if __name__ == "__main__":
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=int(sys.argv[1]),
        log_level="warning",
        ws="websockets-sansio",
        ws_per_message_deflate=False,
    )
