"""Sessions and messages over HTTP."""

import time
from uuid import uuid4

from crm_store.sites.service import SiteService
from tests.gateway.support.double import AssistantDouble, reply
from tests.gateway.support.running import SHOP_ORIGIN, Gateway

PROBLEM = "application/problem+json"


def test_a_message_is_stored_and_answered(gateway: Gateway, assistant: AssistantDouble) -> None:
    visitor = gateway.visitor()
    answer = visitor.say("where is my order?")
    assert answer.status_code == 201
    message = answer.json()["message"]
    assert message["seq"] == 1
    assert message["author"] == "customer"
    assert set(message) == {
        "id", "seq", "client_id", "author", "name", "text", "payload", "in_reply_to", "sent_at",
    }  # fmt: skip
    messages = visitor.wait_for(1)
    assert [m["text"] for m in messages] == ["where is my order?", "You said: where is my order?"]
    (turn,) = assistant.requests
    assert turn["turn_id"] == message["id"]
    assert turn["conversation_id"] == str(visitor.conversation_id)
    assert turn["payload"] is None
    assert turn["metadata"] == {
        "message_id": message["id"],
        "locale": "en",
        "verified": False,
        "request_id": answer.headers["X-Request-ID"],
    }
    assert assistant.tokens == ["internal-token-of-the-tests"]


def test_a_repeat_gives_the_same_message_and_one_answer(
    gateway: Gateway, assistant: AssistantDouble
) -> None:
    visitor = gateway.visitor()
    first = visitor.say("hello", client_id="one")
    again = visitor.say("hello", client_id="one")
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    visitor.wait_for(1)
    time.sleep(0.3)
    assert len(visitor.messages()) == 2
    assert len(assistant.requests) == 1


def test_messages_after_a_seq(sqlite_gateway: Gateway) -> None:
    visitor = sqlite_gateway.visitor()
    visitor.say("one")
    visitor.wait_for(1)
    assert [m["seq"] for m in visitor.messages(after=1)] == [2]
    assert visitor.messages(after=2) == []


def test_nothing_is_refused(sqlite_gateway: Gateway) -> None:
    visitor = sqlite_gateway.visitor()
    for text in ("", "   \n", "\x00\x01\x1b", "\u200b"):
        answer = visitor.say(text)
        assert answer.status_code == 422
        assert answer.headers["content-type"] == PROBLEM
        assert "empty" in answer.json()["detail"]


def test_anything_else_is_plain_text(gateway: Gateway) -> None:
    texts = [
        "🙂🙃",
        "<script>alert(1)</script>",
        "'; DROP TABLE messages; --",
        "{{ 7 * 7 }}",
        "我的订单在哪里？",
        "/order_cancel",
        "مرحبا",
    ]
    visitor = gateway.visitor()
    for text in texts:
        assert visitor.say(text).json()["message"]["text"] == text
    said = [m["text"] for m in visitor.wait_for(len(texts)) if m["author"] == "bot"]
    assert said == [f"You said: {text}" for text in texts]


def test_control_characters_are_dropped(gateway: Gateway) -> None:
    stored = gateway.visitor().say("a\x00b\x1b[31m\r\nc\td").json()["message"]["text"]
    assert stored == "ab[31m\nc\td"


def test_a_long_text_is_refused_with_the_limit(sqlite_gateway: Gateway) -> None:
    answer = sqlite_gateway.visitor().say("x" * 4_001)
    assert answer.status_code == 413
    assert "4,000" in answer.json()["detail"]


def test_a_hundred_kilobytes_are_refused_unread(sqlite_gateway: Gateway) -> None:
    visitor = sqlite_gateway.visitor()
    answer = visitor.say("x" * 100_000)
    assert answer.status_code == 413
    assert answer.headers["content-type"] == PROBLEM
    assert visitor.say("hello").status_code == 201


def test_a_streamed_body_is_counted_too(sqlite_gateway: Gateway) -> None:
    visitor = sqlite_gateway.visitor()
    chunks = (b" " * 10_000 for _ in range(20))
    answer = visitor.post("/messages", content=chunks)
    assert answer.status_code == 413
    assert answer.headers["content-type"] == PROBLEM


def test_broken_bodies_are_refused_without_an_echo(sqlite_gateway: Gateway) -> None:
    headers = {**sqlite_gateway.visitor().headers, "Content-Type": "application/json"}
    for body in (
        b'{"client_id": "a", "text": "\xff\xfe"}',
        b'{"client_id": "a", "text": "\\ud800"}',
        b"not json",
        b"[]",
        b'{"client_id": "a", "text": 7}',
        b'{"text": "no client id"}',
        b'{"client_id": "", "text": "x"}',
    ):
        answer = sqlite_gateway.client.post(
            "/api/v1/widget/messages", content=body, headers=headers
        )
        assert answer.status_code in {400, 422}, body
        assert answer.headers["content-type"] == PROBLEM
        assert "no client id" not in answer.text


def test_fifty_at_once_are_slowed_and_nothing_sticks(
    sqlite_gateway: Gateway, assistant: AssistantDouble
) -> None:
    visitor = sqlite_gateway.visitor()
    answers = [visitor.say(f"number {number}") for number in range(50)]
    taken = [answer for answer in answers if answer.status_code == 201]
    slowed = [answer for answer in answers if answer.status_code == 429]
    assert len(taken) + len(slowed) == 50
    assert 10 <= len(taken) <= 20
    assert int(slowed[0].headers["retry-after"]) >= 1
    assert "too many" in slowed[0].json()["detail"].lower()
    messages = visitor.wait_for(len(taken))
    assert [m["seq"] for m in messages] == list(range(1, 2 * len(taken) + 1))
    answered = [request["text"] for request in assistant.requests]
    assert answered == [answer.json()["message"]["text"] for answer in taken]


def test_a_payload_counts_only_when_it_was_offered_here(
    gateway: Gateway, assistant: AssistantDouble
) -> None:
    buttons = {"buttons": [{"title": "Yes, cancel it", "payload": "/affirm"}]}
    assistant.behave = lambda turn: reply("Cancel?", payload=buttons)
    asked, other = gateway.visitor(), gateway.visitor()
    asked.say("cancel my order")
    asked.wait_for(1)
    refused = other.say(payload="/affirm")
    assert refused.status_code == 422
    assert asked.say(payload='/order_cancel{"order_number":"KF-1"}').status_code == 422
    chosen = asked.say(payload="/affirm").json()["message"]
    assert chosen["text"] == "Yes, cancel it"
    assert chosen["payload"] == {"button": {"title": "Yes, cancel it", "payload": "/affirm"}}
    asked.wait_for(2)
    assert [request["payload"] for request in assistant.requests] == [None, "/affirm"]


def test_without_a_session_nothing_is_taken(sqlite_gateway: Gateway) -> None:
    for headers in ({}, {"Authorization": "Bearer nobody"}, {"Authorization": "Basic eDp5"}):
        answer = sqlite_gateway.client.post(
            "/api/v1/widget/messages", json={"client_id": "a", "text": "hi"}, headers=headers
        )
        assert answer.status_code == 401


def test_an_unknown_site_is_not_found(sqlite_gateway: Gateway) -> None:
    answer = sqlite_gateway.client.post(
        "/api/v1/widget/sessions", json={"site_key": "someone-else"}
    )
    assert answer.status_code == 404


def test_only_the_sites_own_pages_may_start_a_conversation(sqlite_gateway: Gateway) -> None:
    def start(origin: str) -> int:
        return sqlite_gateway.client.post(
            "/api/v1/widget/sessions",
            json={"site_key": "demo-shop"},
            headers={"Origin": origin},
        ).status_code

    assert start(SHOP_ORIGIN) == 201
    assert start(sqlite_gateway.url) == 201
    assert start("https://elsewhere.example.com") == 403


def test_a_signed_identity_is_known_and_resumes(gateway: Gateway) -> None:
    subject = f"host-{uuid4()}"

    def signed() -> str:
        with gateway.database.reading() as session:
            return SiteService(session).sign_identity(
                gateway.access.site, subject=subject, email="mia@example.com", name="Mia"
            )

    first = gateway.visitor(identity=signed())
    assert first.started["verified"] is True
    first.say("hello")
    first.wait_for(1)
    identity = signed()
    second = gateway.visitor(identity=identity)
    assert second.conversation_id == first.conversation_id
    assert len(second.messages()) == 2
    forged = gateway.client.post(
        "/api/v1/widget/sessions",
        json={"site_key": "demo-shop", "identity": identity[:-4] + "AAAA"},
    )
    assert forged.status_code == 401


def test_the_grade_and_the_transcript(gateway: Gateway) -> None:
    visitor = gateway.visitor()
    visitor.say("hello")
    visitor.wait_for(1)
    assert visitor.post("/csat", json={"score": 6}).status_code == 422
    assert visitor.post("/csat", json={"score": 5, "comment": "<b>good</b>"}).json() == {
        "score": 5,
        "comment": "<b>good</b>",
    }
    transcript = visitor.post("/transcript").json()
    assert "Customer: hello" in transcript["text"]
    assert transcript["filename"].endswith(".txt")
    assert visitor.post("/typing").status_code == 204
