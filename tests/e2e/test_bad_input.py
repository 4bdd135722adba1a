"""What nobody should send, and somebody does: a clear answer, never a stuck conversation."""

from typing import Any

import httpx
import pytest

from kefu.chat.client import ChatClient, Refused
from tests.e2e.system import System

pytestmark = pytest.mark.e2e

STRANGE = [
    "🙂🙃😡",
    "\u202eright to left override\u202c",
    "a\x01b\x07c\x1b[31m",
    "Guten Tag, wo ist meine Bestellung? Ich warte schon ewig.",
    "我的订单在哪里？",
    "<script>alert('x')</script><img src=x onerror=alert(1)>",
    "'; DROP TABLE customers; --",
    "/restart",
    '/order_status{"order_number": "KF-0000001"}',
    "{{7*7}} ${7*7} %s %n",
    "?" * 3000,
]


@pytest.fixture
def client(system: System) -> Any:
    chat = ChatClient(system.url, site_key="demo-shop")
    yield chat
    chat.close()


@pytest.mark.parametrize("text", STRANGE)
def test_strange_texts_are_answered_in_words(client: ChatClient, text: str) -> None:
    answers = list(client.answers(client.send(text), seconds=30))
    assert answers
    said = " ".join(message["text"] for message in answers)
    assert "Traceback" not in said
    assert "Error" not in said
    assert list(client.answers(client.send("what are your opening hours?"), seconds=30))


@pytest.mark.parametrize("text", ["", "   ", "\x00\x01", "\u200b"])
def test_nothing_is_refused_with_the_reason(client: ChatClient, text: str) -> None:
    with pytest.raises(Refused, match="empty"):
        client.send(text)


def test_a_hundred_kilobytes_are_refused_with_the_limit(client: ChatClient) -> None:
    with pytest.raises(Refused, match=r"(?i)large|long|limit"):
        client.send("x" * 100_000)
    assert list(client.answers(client.send("hello"), seconds=30))


def test_broken_utf8_is_refused(system: System, client: ChatClient) -> None:
    answer = httpx.post(
        f"{system.url}/api/v1/widget/messages",
        content=b'{"client_id": "broken", "text": "\xff\xfe"}',
        headers={
            "Authorization": client._http.headers["Authorization"],
            "Content-Type": "application/json",
        },
    )
    assert answer.status_code in {400, 422}
    assert answer.headers["content-type"].startswith("application/problem+json")


def test_fifty_messages_in_a_second(client: ChatClient) -> None:
    accepted, refused = [], []
    for number in range(50):
        try:
            accepted.append(client.send(f"hello number {number}"))
        except Refused as error:
            refused.append(error.detail)
    assert accepted
    assert all("too many" in reason.lower() or "slow" in reason.lower() for reason in refused)
    last = accepted[-1]
    answered = list(client.answers(last, seconds=90))
    assert any(message["author"] == "bot" for message in answered)
