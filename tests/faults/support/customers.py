"""Customers who talk through every outage as a widget does, and write down what reached them."""

import asyncio
import contextlib
import json
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidHandshake, WebSocketException

QUESTIONS = (
    "what are your opening hours?",
    "how much is shipping to France?",
    "what is your return policy?",
    "which payment methods do you take?",
    "do you sell gift cards?",
)
_PAUSE_SECONDS = 0.3
_PATIENCE_SECONDS = 240.0
_CATCH_UP_SECONDS = 60.0


class NotAnswered(AssertionError):
    """A message was not taken, or not answered, although everything has long been up again."""


@dataclass
class Customer:
    """One conversation.

    Attributes:
        got: the messages in the order in which the socket brought them.
        wrong: numbers that came twice or too early.
        accepted: client ids that the gateway has confirmed, each with its message's id.
    """

    url: str
    client: httpx.AsyncClient
    dice: random.Random
    token: str = ""
    conversation_id: str = ""
    got: list[dict[str, Any]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    accepted: dict[str, str] = field(default_factory=dict)
    connections: int = 0
    _came: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def last_seq(self) -> int:
        return self.got[-1]["seq"] if self.got else 0

    async def begin(self) -> None:
        """Start the conversation."""
        started = await self._until_ok("/api/v1/widget/sessions", {"site_key": "demo-shop"})
        self.token, self.conversation_id = started["session_token"], started["conversation_id"]
        self.client.headers["Authorization"] = f"Bearer {self.token}"

    async def listen(self) -> None:
        """Keep a socket, opened again whenever it breaks; until cancelled."""
        while True:
            with contextlib.suppress(
                httpx.HTTPError, OSError, WebSocketException, InvalidHandshake
            ):
                await self._listen_once()
            await asyncio.sleep(self.dice.uniform(0.5, 1.0) * _PAUSE_SECONDS)

    async def ask(self, text: str) -> None:
        """Send until it is confirmed, then wait until it is answered."""
        client_id = uuid4().hex
        body = {"client_id": client_id, "text": text}
        message = (await self._until_ok("/api/v1/widget/messages", body))["message"]
        self.accepted[client_id] = message["id"]
        await self.wait_for_answer(message["id"])

    async def wait_for_answer(self, message_id: str) -> None:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not any(said["in_reply_to"] == message_id for said in self.got):
            if time.monotonic() > deadline:
                raise NotAnswered(f"{message_id} after {self.connections} connections")
            self._came.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._came.wait(), 1.0)

    async def catch_up(self) -> None:
        """Wait until the socket has brought what is there; an answer may be several messages."""
        deadline = time.monotonic() + _CATCH_UP_SECONDS
        while time.monotonic() < deadline:
            with contextlib.suppress(httpx.HTTPError):
                answer = await self.client.get(
                    "/api/v1/widget/messages", params={"after": self.last_seq}
                )
                if answer.is_success and not answer.json()["items"]:
                    return
            await asyncio.sleep(_PAUSE_SECONDS)

    async def _listen_once(self) -> None:
        answer = await self.client.post("/api/v1/widget/ws-ticket")
        answer.raise_for_status()
        address = self.url.replace("http://", "ws://", 1)
        ticket = answer.json()["ticket"]
        async with connect(
            f"{address}/api/v1/widget/ws?ticket={ticket}", proxy=None, compression=None
        ) as socket:
            self.connections += 1
            await socket.send(json.dumps({"type": "hello", "last_seq": self.last_seq}))
            async for raw in socket:
                frame = json.loads(raw)
                if frame["type"] == "message":
                    self._take(frame["data"])

    def _take(self, message: dict[str, Any]) -> None:
        if message["seq"] <= self.last_seq:
            self.wrong.append(f"{message['seq']} came after {self.last_seq}")
        self.got.append(message)
        self._came.set()

    async def _until_ok(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while True:
            with contextlib.suppress(httpx.HTTPError):
                answer = await self.client.post(path, json=body)
                if answer.is_success:
                    found: dict[str, Any] = answer.json()
                    return found
                assert answer.status_code in {429, 503}, f"{path}: {answer.status_code}"
            if time.monotonic() > deadline:
                raise NotAnswered(f"{path} is not answered")
            await asyncio.sleep(_PAUSE_SECONDS)


async def talk(customers: Sequence[Customer], *, turns: int, stop: asyncio.Event) -> None:
    """Each asks its share of the turns one after the other, or until told to stop."""
    listening = [asyncio.create_task(customer.listen()) for customer in customers]

    async def one(customer: Customer) -> None:
        for _ in range(turns // len(customers)):
            if stop.is_set():
                return
            await customer.ask(customer.dice.choice(QUESTIONS))

    try:
        await asyncio.gather(*(one(customer) for customer in customers))
        await asyncio.gather(*(customer.catch_up() for customer in customers))
    finally:
        for task in listening:
            task.cancel()
        await asyncio.gather(*listening, return_exceptions=True)
