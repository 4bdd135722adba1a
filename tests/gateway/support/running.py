"""What tests do with a running gateway."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID, uuid4

import httpx
from argon2 import PasswordHasher
from fastapi import FastAPI
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from crm_store.asking import AsSystem
from crm_store.database import Database
from crm_store.models import Role, Site, User
from crm_store.sites.service import SiteService
from crm_store.users.service import UserService

T = TypeVar("T")
PASSWORD = "a long enough password"
SHOP_ORIGIN = "https://shop.example.com"
OPERATOR = AsSystem("a test")


@dataclass
class Access:
    """Who may come in."""

    site: Site
    agent: User
    colleague: User
    admin: User


def seed_access(database: Database) -> Access:
    with database.transaction() as session:
        users = UserService(session, hasher=PasswordHasher(time_cost=1, memory_cost=64))
        site = SiteService(session).add(
            site_key="demo-shop", name="Lantern & Pine", origins=[SHOP_ORIGIN], asker=OPERATOR
        )
        people = [
            users.add(email=email, name=name, password=PASSWORD, role=role, asker=OPERATOR)
            for email, name, role in (
                ("ann@demo.shop", "Ann Agent", Role.AGENT),
                ("cal@demo.shop", "Cal Colleague", Role.AGENT),
                ("ada@demo.shop", "Ada Admin", Role.ADMIN),
            )
        ]
    return Access(site, *people)


@dataclass
class Visitor:
    """A widget with a session."""

    gateway: "Gateway"
    token: str
    conversation_id: UUID
    started: dict[str, Any] = field(default_factory=dict)

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def post(self, path: str, **arguments: Any) -> httpx.Response:
        return self.gateway.client.post(f"/api/v1/widget{path}", headers=self.headers, **arguments)

    def say(self, text: str | None = None, **more: Any) -> httpx.Response:
        body = {"client_id": uuid4().hex, **({"text": text} if text is not None else {}), **more}
        return self.post("/messages", json=body)

    def messages(self, after: int = 0) -> list[dict[str, Any]]:
        answer = self.gateway.client.get(
            "/api/v1/widget/messages", params={"after": after}, headers=self.headers
        )
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    def wait_for(self, count: int, *, author: str = "bot", seconds: float = 10) -> list[Any]:
        """The messages, once so many are by that author."""

        def enough() -> list[Any] | None:
            found = self.messages()
            return found if sum(m["author"] == author for m in found) >= count else None

        return wait_until(enough, seconds=seconds)

    @contextmanager
    def socket(self, last_seq: int = 0) -> Iterator["Socket"]:
        ticket = self.post("/ws-ticket").json()["ticket"]
        address = self.gateway.url.replace("http", "ws", 1)
        with open_socket(f"{address}/api/v1/widget/ws?ticket={ticket}") as socket:
            socket.send({"type": "hello", "last_seq": last_seq})
            yield socket


@dataclass
class StaffClient:
    """A logged-in browser."""

    gateway: "Gateway"
    client: httpx.Client
    user: dict[str, Any]

    def get(self, path: str, **params: Any) -> httpx.Response:
        return self.client.get(f"/api/v1{path}", params=params)

    def post(self, path: str, json: Any = None) -> httpx.Response:
        return self.client.post(f"/api/v1{path}", json=json)

    @contextmanager
    def socket(self, **hello: Any) -> Iterator["Socket"]:
        ticket = self.post("/staff/ws-ticket").json()["ticket"]
        with open_socket(f"{self.gateway.ws}/api/v1/staff/ws?ticket={ticket}") as socket:
            socket.send({"type": "hello", **hello})
            yield socket


@dataclass
class Socket:
    """A WebSocket that keeps what it got."""

    connection: ClientConnection
    frames: list[dict[str, Any]] = field(default_factory=list)

    def send(self, frame: dict[str, Any]) -> None:
        self.connection.send(json.dumps(frame))

    def next(self, kind: str, *, seconds: float = 10) -> dict[str, Any]:
        """The next frame of a kind; those before it are kept in ``frames``."""
        deadline = time.monotonic() + seconds
        while True:
            left = max(0.01, deadline - time.monotonic())
            frame: dict[str, Any] = json.loads(self.connection.recv(timeout=left))
            self.frames.append(frame)
            if frame["type"] == kind:
                return frame

    def messages(self, count: int) -> list[dict[str, Any]]:
        """The next so many messages."""
        return [self.next("message") for _ in range(count)]


@contextmanager
def open_socket(url: str, *, origin: str | None = None) -> Iterator[Socket]:
    with connect(url, proxy=None, origin=Origin(origin) if origin else None) as connection:
        yield Socket(connection)


@dataclass
class Gateway:
    url: str
    client: httpx.Client
    app: FastAPI
    database: Database
    access: Access

    @property
    def ws(self) -> str:
        return self.url.replace("http", "ws", 1)

    def visitor(self, **body: Any) -> Visitor:
        answer = self.client.post("/api/v1/widget/sessions", json={"site_key": "demo-shop", **body})
        assert answer.status_code == 201, answer.text
        started = answer.json()
        return Visitor(self, started["session_token"], UUID(started["conversation_id"]), started)

    @contextmanager
    def staff(self, user: User) -> Iterator[StaffClient]:
        with httpx.Client(base_url=self.url, timeout=10, trust_env=False) as client:
            answer = client.post(
                "/api/v1/auth/login", json={"email": user.email, "password": PASSWORD}
            )
            assert answer.status_code == 200, answer.text
            client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
            yield StaffClient(self, client, answer.json()["user"])


def wait_until(probe: Callable[[], T | None], *, seconds: float = 10) -> T:
    """What the probe gives once it gives something."""
    deadline = time.monotonic() + seconds
    while True:
        found = probe()
        if found:
            return found
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.03)
