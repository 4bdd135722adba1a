"""Real gateway processes on one store and one Redis: what one takes, the other's sockets get."""

import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from tests.faults.support.gateway import RunningGateway, prepare, running_gateway
from tests.fixtures.redis_server import RedisServer
from tests.gateway.support.double import AssistantDouble
from tests.gateway.support.running import (
    PASSWORD,
    Access,
    Socket,
    Visitor,
    open_socket,
    wait_until,
)

pytestmark = pytest.mark.slow


@pytest.fixture
def installed(tmp_path: Path) -> tuple[Path, Access]:
    var = tmp_path / "var"
    return var, prepare(var, f"sqlite:///{var / 'kefu.db'}")


@contextmanager
def two_gateways(
    var: Path, assistant: AssistantDouble, redis: RedisServer
) -> Iterator[tuple[RunningGateway, RunningGateway]]:
    """As on two machines: two ports, one database."""
    with (
        running_gateway(var, assistant_url=assistant.url, KEFU_REDIS_URL=redis.url) as one,
        running_gateway(var, assistant_url=assistant.url, KEFU_REDIS_URL=redis.url) as two,
    ):
        for gateway in (one, two):
            wait_until(lambda g=gateway: redis_state(g) == "ready", seconds=20)  # type: ignore[misc]
        yield one, two


def redis_state(gateway: RunningGateway) -> Any:
    return gateway.client.get("/readyz").json()["parts"]["redis"]["state"]


def visitor_of(gateway: RunningGateway) -> Visitor:
    started = gateway.client.post("/api/v1/widget/sessions", json={"site_key": "demo-shop"}).json()
    return Visitor(gateway, started["session_token"], started["conversation_id"])  # type: ignore[arg-type]


def elsewhere(visitor: Visitor, gateway: RunningGateway) -> Visitor:
    """The same customer in another tab, which another process happens to serve."""
    return Visitor(gateway, visitor.token, visitor.conversation_id)  # type: ignore[arg-type]


@contextmanager
def staff_socket(gateway: RunningGateway, email: str) -> Iterator[Socket]:
    with httpx.Client(base_url=gateway.url, trust_env=False) as client:
        login = client.post("/api/v1/auth/login", json={"email": email, "password": PASSWORD})
        client.headers["X-CSRF-Token"] = login.json()["csrf_token"]
        ticket = client.post("/api/v1/staff/ws-ticket").json()["ticket"]
        address = gateway.url.replace("http", "ws", 1)
        with open_socket(f"{address}/api/v1/staff/ws?ticket={ticket}") as socket:
            socket.send({"type": "hello"})
            yield socket


def customer_presence(desk: Socket, visitor: Visitor) -> bool:
    """The next news of whether the customer is online."""
    while True:
        frame = desk.next("presence", seconds=15)
        if frame["conversation_id"] == str(visitor.conversation_id):
            assert frame["data"]["author"] == "customer"
            online: bool = frame["data"]["online"]
            return online


def test_what_one_process_takes_the_others_sockets_get(
    installed: tuple[Path, Access], assistant: AssistantDouble, redis_server: RedisServer
) -> None:
    var, access = installed
    with two_gateways(var, assistant, redis_server) as (one, two):
        visitor = visitor_of(one)
        with staff_socket(two, access.agent.email) as desk:
            assert access.agent.name in json.dumps(desk.next("presence"))
            with elsewhere(visitor, two).socket() as far, visitor.socket() as near:
                assert customer_presence(desk, visitor) is True
                near.next("owner")
                far.next("owner")
                for number in range(5):
                    assert visitor.say(f"n{number}").status_code == 201
                for socket in (far, near):
                    seqs = [frame["seq"] for frame in socket.messages(10)]
                    assert seqs == list(range(1, 11))
                near.send({"type": "typing"})
                typing = desk.next("typing")
                assert typing["data"]["author"] == "customer"
            assert customer_presence(desk, visitor) is False
            with staff_socket(one, access.colleague.email):
                assert desk.next("presence")["data"]["user"]["name"] == access.colleague.name


def test_while_redis_is_away_messages_come_from_the_store_and_none_is_lost(
    installed: tuple[Path, Access], assistant: AssistantDouble, redis_server: RedisServer
) -> None:
    var, _ = installed
    with two_gateways(var, assistant, redis_server) as (one, two):
        visitor = visitor_of(one)
        with elsewhere(visitor, two).socket() as far:
            far.next("owner")
            visitor.say("before")
            assert [frame["seq"] for frame in far.messages(2)] == [1, 2]
            redis_server.kill()
            wait_until(lambda: redis_state(two) == "degraded", seconds=15)
            assert visitor.say("meanwhile").status_code == 201
            assert [frame["seq"] for frame in far.messages(2)] == [3, 4]
            stop = threading.Event()

            def talk() -> None:
                while not stop.wait(0.05):
                    assert visitor.say("on and on").status_code == 201

            talker = threading.Thread(target=talk)
            talker.start()
            redis_server.start()
            wait_until(lambda: redis_state(one) == redis_state(two) == "ready", seconds=30)
            time.sleep(1)
            stop.set()
            talker.join()
            visitor.say("after")
            wait_until(lambda: len(visitor.messages()) % 2 == 0, seconds=30)
            stored = [message["seq"] for message in visitor.messages()]
            seen = [frame["seq"] for frame in far.messages(len(stored) - 4)]
            assert seen == stored[4:]


def test_workers_share_a_port_and_a_killed_one_is_replaced(
    installed: tuple[Path, Access], assistant: AssistantDouble, redis_server: RedisServer
) -> None:
    var, _ = installed
    with running_gateway(
        var, assistant_url=assistant.url, KEFU_REDIS_URL=redis_server.url, KEFU_GATEWAY_WORKERS="2"
    ) as gateway:
        wait_until(lambda: len(workers_of(gateway)) == 2, seconds=30)
        visitors = [visitor_of(gateway) for _ in range(4)]
        assistant.delay = 1.0
        for visitor in visitors:
            assert visitor.say("hello").status_code == 201
        wait_until(lambda: len(assistant.requests) == 4)
        killed = workers_of(gateway)[0]
        os.kill(killed, signal.SIGKILL)
        assistant.delay = 0.0
        wait_until(lambda: len(set(workers_of(gateway)) - {killed}) == 2, seconds=60)
        for visitor in visitors:
            messages = visitor.wait_for(1, seconds=30)
            assert [message["text"] for message in messages] == ["hello", "You said: hello"]
        before = set(workers_of(gateway))
        gateway.process.send_signal(signal.SIGHUP)  # all of them anew, one after the other
        wait_until(
            lambda: (
                gateway.client.get("/healthz").is_success
                and not before & set(workers_of(gateway))
                and len(workers_of(gateway)) == 2
            ),
            seconds=90,
        )
        visitors[0].say("and now?")
        assert visitors[0].wait_for(2, seconds=30)[-1]["text"] == "You said: and now?"
        with visitors[0].socket() as socket, visitors[1].socket() as other:
            socket.next("owner")
            other.next("owner")
            counted = wait_until(lambda: metric(gateway, 'kefu_sockets{audience="widget"}') == 2)
            assert counted
            gateway.process.send_signal(signal.SIGTERM)
            for each in (socket, other):
                with pytest.raises(ConnectionClosed) as closed:
                    each.next("nothing", seconds=20)
                assert closed.value.rcvd is not None
                assert closed.value.rcvd.code == 1012
        assert gateway.process.wait(timeout=30) == 0


def metric(gateway: RunningGateway, name: str) -> float | None:
    """A figure of /metrics, whichever worker answers."""
    for line in gateway.client.get("/metrics").text.splitlines():
        if line.startswith(name + " "):
            return float(line.rsplit(" ", 1)[1])
    return None


def workers_of(gateway: RunningGateway) -> list[int]:
    """Who sits in the gateway's places, as their files say, and lives."""
    folder = Path(f"/proc/{gateway.process.pid}/task/{gateway.process.pid}/children")
    children = {int(pid) for pid in folder.read_text().split()}
    return [pid for pid in children if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]
