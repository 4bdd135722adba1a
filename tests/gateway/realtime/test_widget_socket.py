"""A visitor's live view: the gap first, then what happens, each message once."""

import json
import socket
import threading

import pytest
from websockets.exceptions import ConnectionClosed

from gateway.realtime.frames import Frame, conversation_topic
from gateway.realtime.hub import Subscription
from tests.gateway.support.double import AssistantDouble
from tests.gateway.support.running import Gateway, open_socket


def test_messages_come_live_with_typing_in_between(gateway: Gateway) -> None:
    visitor = gateway.visitor()
    with visitor.socket() as socket:
        owner = socket.next("owner")
        assert owner["data"]["kind"] == "bot"
        visitor.say("hello")
        said, answered = socket.messages(2)
    assert (said["seq"], answered["seq"]) == (1, 2)
    assert said["data"]["text"] == "hello"
    assert said["conversation_id"] == str(visitor.conversation_id)
    assert answered["data"]["author"] == "bot"
    assert "nlu" not in answered["data"]
    typing = [f["data"] for f in socket.frames if f["type"] == "typing"]
    assert typing[0] == {"author": "bot", "on": True, "name": None}


def test_the_gap_comes_before_anything_new(gateway: Gateway) -> None:
    visitor = gateway.visitor()
    for number in range(3):
        visitor.say(f"n{number}")
    visitor.wait_for(3)
    with visitor.socket(last_seq=2) as socket:
        visitor.say("new")
        seqs = [frame["seq"] for frame in socket.messages(6)]
    assert seqs == [3, 4, 5, 6, 7, 8]


@pytest.mark.parametrize("settings", [{"message_burst": 1_000}], indirect=True)
def test_nothing_is_lost_or_doubled_while_reconnecting(
    sqlite_gateway: Gateway, assistant: AssistantDouble
) -> None:
    """Two writers and a socket that reconnects all the time."""
    visitor = sqlite_gateway.visitor()

    def talk() -> None:
        for number in range(30):
            assert visitor.say(f"n{number}").status_code == 201

    talker = threading.Thread(target=talk)
    talker.start()
    seen: list[int] = []
    while len(seen) < 60:
        with visitor.socket(last_seq=seen[-1] if seen else 0) as socket:
            for _ in range(min(7, 60 - len(seen))):
                seen.append(socket.next("message")["seq"])
    talker.join()
    assert seen == list(range(1, 61))


def test_a_ticket_opens_one_socket(sqlite_gateway: Gateway) -> None:
    visitor = sqlite_gateway.visitor()
    ticket = visitor.post("/ws-ticket").json()["ticket"]
    address = f"{sqlite_gateway.ws}/api/v1/widget/ws?ticket={ticket}"
    with open_socket(address) as socket:
        socket.send({"type": "hello", "last_seq": 0})
        socket.next("owner")
    for used in (address, f"{sqlite_gateway.ws}/api/v1/widget/ws"):
        with open_socket(used) as socket, pytest.raises(ConnectionClosed) as closed:
            socket.next("owner")
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 4401


def test_what_is_no_hello_closes_the_socket(sqlite_gateway: Gateway) -> None:
    visitor = sqlite_gateway.visitor()
    for hello in (
        "nonsense",
        "[]",
        '{"type": "typing"}',
        '{"type": "hello", "last_seq": -1}',
        "x" * 9_000,
    ):
        ticket = visitor.post("/ws-ticket").json()["ticket"]
        with open_socket(f"{sqlite_gateway.ws}/api/v1/widget/ws?ticket={ticket}") as socket:
            socket.connection.send(hello)
            with pytest.raises(ConnectionClosed) as closed:
                socket.next("owner")
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 4400


def test_a_socket_that_does_not_keep_up_is_told_to_reconnect(
    sqlite_gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = sqlite_gateway.visitor()
    with visitor.socket() as socket:
        socket.next("owner")
        (topic,) = sqlite_gateway.app.state.parts.hub._topics.values()
        (subscription,) = topic
        assert isinstance(subscription, Subscription)
        subscription._limit = 0
        visitor.say("hello")
        with pytest.raises(ConnectionClosed) as closed:
            socket.next("message")
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 4408
    visitor.wait_for(1)
    with visitor.socket() as again:
        assert [frame["seq"] for frame in again.messages(2)] == [1, 2]


def test_a_socket_that_nobody_reads_is_closed_and_its_neighbour_is_not_held_up(
    sqlite_gateway: Gateway,
) -> None:
    """A real one: the network's buffers are full, and nothing is taken out of them."""
    visitor = sqlite_gateway.visitor()
    parts = sqlite_gateway.app.state.parts
    topic = conversation_topic(visitor.conversation_id)
    with visitor.socket() as quick, visitor.socket() as slow:
        quick.next("owner")
        slow.next("owner")
        slow.connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        for number in range(1_200):
            data = {"author": "bot", "on": True, "name": "x" * 16_000, "number": number}
            parts.hub.publish(topic, Frame("typing", visitor.conversation_id, data))
            assert quick.next("typing")["data"]["number"] == number
        assert parts.metrics.registry.get_sample_value("kefu_slow_sockets_total") == 1
        dropped = parts.metrics.registry.get_sample_value(
            "kefu_frames_total", {"outcome": "dropped"}
        )
        assert dropped > 200


def test_typing_reaches_staff(sqlite_gateway: Gateway) -> None:
    visitor = sqlite_gateway.visitor()
    with (
        sqlite_gateway.staff(sqlite_gateway.access.agent) as staff,
        staff.socket() as watching,
        visitor.socket() as socket,
    ):
        watching.next("presence")
        socket.next("owner")
        socket.send({"type": "typing"})
        frame = watching.next("typing")
    assert frame["conversation_id"] == str(visitor.conversation_id)
    assert frame["data"]["author"] == "customer"
    assert json.dumps(frame)
