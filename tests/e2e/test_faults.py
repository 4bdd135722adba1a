"""kill -9 in the middle of a conversation: nothing is lost, nothing is answered twice."""

import threading
import time

import httpx
import pytest

from foundation.errors import KefuError
from kefu.chat.client import ChatClient, Message
from tests.e2e.system import System

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

QUESTIONS = [
    "what are your opening hours?",
    "how much is shipping to France?",
    "what is your return policy?",
    "which payment methods do you take?",
]
RECOVERY_SECONDS = 120


def send_until_accepted(client: ChatClient, text: str, client_id: str) -> Message:
    """As the widget does: the same client_id again and again until the gateway has it."""
    deadline = time.monotonic() + RECOVERY_SECONDS
    while True:
        try:
            return client.send(text, client_id=client_id)
        except KefuError:
            assert time.monotonic() < deadline, "the gateway did not come back"
            time.sleep(0.3)


def history_when_answered(client: ChatClient, questions: int) -> list[Message]:
    deadline = time.monotonic() + RECOVERY_SECONDS
    while time.monotonic() < deadline:
        try:
            messages = client.history()
        except KefuError:
            time.sleep(0.3)
            continue
        answered = {m["in_reply_to"] for m in messages if m["author"] == "bot"} - {None}
        if len(answered) >= questions:
            return messages
        time.sleep(0.3)
    raise AssertionError(f"not all answered: {[(m['author'], m['text']) for m in messages]}")


@pytest.mark.parametrize("part", ["assistant", "actions", "gateway"])
def test_killed_in_the_middle(system: System, part: str) -> None:
    client = ChatClient(system.url, site_key="demo-shop")
    accepted: list[Message] = []

    def talk() -> None:
        for number, question in enumerate(QUESTIONS):
            accepted.append(send_until_accepted(client, question, f"{part}-{number}"))

    talking = threading.Thread(target=talk)
    talking.start()
    time.sleep(0.15)
    killed = system.kill(part)
    talking.join(timeout=RECOVERY_SECONDS)
    assert len(accepted) == len(QUESTIONS)

    history = history_when_answered(client, len(QUESTIONS))
    system.wait_until_ready()
    time.sleep(2)  # a second answer, were there one, would come now
    history = client.history()
    client.close()

    assert system.pid_of(part) != killed
    assert [m["seq"] for m in history] == list(range(1, len(history) + 1))
    said = [m for m in history if m["author"] == "customer"]
    assert [m["text"] for m in said] == QUESTIONS
    for message in said:
        answers = [m for m in history if m["in_reply_to"] == message["id"]]
        texts = [m["text"] for m in answers]
        assert texts, f"no answer to {message['text']!r}"
        assert len(set(texts)) == len(texts), f"answered twice: {texts}"


def test_restart_keeps_the_conversation(system: System) -> None:
    client = ChatClient(system.url, site_key="demo-shop")
    list(client.answers(client.send("what is your return policy?"), seconds=30))
    before = client.history()
    assert system.stop() == 0
    with pytest.raises(httpx.HTTPError):
        httpx.get(f"{system.url}/healthz", timeout=2)
    system.start()
    assert system.ready_seconds < 60
    assert client.history() == before
    assert list(client.answers(client.send("and how long do refunds take?"), seconds=30))
    client.close()
