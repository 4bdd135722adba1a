"""Many visitors in one process: each has a socket, and checks itself what comes over it."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from uuid import uuid4

import httpx
from websockets.asyncio.client import ClientConnection, connect

from benchmarks.harness.figures import BenchmarkFailed

T = TypeVar("T")
_AT_ONCE = 24


@dataclass
class SocketVisitor:
    """A conversation and its live view.

    Attributes:
        wrong: what came twice, too early or too late, in words.
        delivery: seconds from the date of each message to its arrival here.
        turns: seconds from the sending of a message to the arrival of its answer.
    """

    token: str
    conversation_id: str
    last_seq: int = 0
    wrong: list[str] = field(default_factory=list)
    delivery: list[float] = field(default_factory=list)
    turns: list[float] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    asked: dict[str, float] = field(default_factory=dict)
    confirmed: list[str] = field(default_factory=list)
    socket: ClientConnection | None = None
    reading: asyncio.Task[None] | None = None

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    async def open(self, client: httpx.AsyncClient, url: str) -> None:
        """Open the socket and begin to listen."""
        answer = await client.post("/api/v1/widget/ws-ticket", headers=self.headers)
        ticket = _ok(answer)["ticket"]
        address = url.replace("http://", "ws://", 1)
        self.socket = await connect(
            f"{address}/api/v1/widget/ws?ticket={ticket}",
            compression=None,
            ping_interval=None,
            proxy=None,
            open_timeout=60,
        )
        await self.socket.send(json.dumps({"type": "hello", "last_seq": self.last_seq}))
        self.reading = asyncio.create_task(self._read(self.socket))

    async def say(self, client: httpx.AsyncClient) -> None:
        """Send one message, once."""
        text = uuid4().hex
        self.asked[text] = time.perf_counter()
        body = {"client_id": text, "text": text}
        _ok(await client.post("/api/v1/widget/messages", json=body, headers=self.headers))
        self.confirmed.append(text)

    async def close(self) -> None:
        if self.reading is not None:
            self.reading.cancel()
        if self.socket is not None:
            await self.socket.close()

    async def _read(self, socket: ClientConnection) -> None:
        async for raw in socket:
            frame = json.loads(raw)
            if frame["type"] == "message":
                self._take(frame["seq"], frame["data"])

    def _take(self, seq: int, message: dict[str, Any]) -> None:
        now = time.time()
        if seq != self.last_seq + 1:
            self.wrong.append(f"{seq} came after {self.last_seq}")
        self.last_seq = seq
        self.texts.append(message["text"])
        self.delivery.append(now - datetime.fromisoformat(message["sent_at"]).timestamp())
        if message["author"] == "bot":
            asked = self.asked.pop(message["text"].removeprefix("You said: "), None)
            if asked is not None:
                self.turns.append(time.perf_counter() - asked)


async def new_visitors(client: httpx.AsyncClient, count: int) -> list[SocketVisitor]:
    """Sessions, without sockets yet."""

    async def start() -> SocketVisitor:
        answer = await client.post("/api/v1/widget/sessions", json={"site_key": "demo-shop"})
        started = _ok(answer)
        return SocketVisitor(started["session_token"], started["conversation_id"])

    return await at_once([start] * count)


async def at_once(tasks: Sequence[Callable[[], Awaitable[T]]], *, limit: int = _AT_ONCE) -> list[T]:
    """All results, a number of tasks side by side."""
    slots = asyncio.Semaphore(limit)

    async def one(task: Callable[[], Awaitable[T]]) -> T:
        async with slots:
            return await task()

    return list(await asyncio.gather(*(one(task) for task in tasks)))


def _ok(answer: httpx.Response) -> dict[str, Any]:
    if answer.is_error:
        raise BenchmarkFailed(f"{answer.request.url.path}: status {answer.status_code}")
    body: dict[str, Any] = answer.json()
    return body
