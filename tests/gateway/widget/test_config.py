"""What the page's widget learns, and what a visitor says on arriving."""

from typing import Any

import httpx
import pytest

from crm_store.asking import AsSystem
from crm_store.sites.configuration import SiteConfiguration
from tests.factories import make_calendar
from tests.factories.widget import FORM, GREETING, PRE_CHAT
from tests.gateway.support.double import AssistantDouble
from tests.gateway.support.running import SHOP_ORIGIN, Gateway, wait_until

OPERATOR = AsSystem("a test")
ALWAYS = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
NEVER = {"mon": [["00:00", "00:01"]]}


def configure(gateway: Gateway, **changes: Any) -> None:
    with gateway.database.transaction() as session:
        if "hours" in changes:
            changes["calendar"] = make_calendar(session, hours=changes.pop("hours")).name
        SiteConfiguration(session).change("demo-shop", changes, asker=OPERATOR)


def ask(gateway: Gateway, **headers: str) -> httpx.Response:
    return gateway.client.get(
        "/api/v1/widget/config", params={"site_key": "demo-shop"}, headers=headers
    )


def test_a_new_site_has_defaults(sqlite_gateway: Gateway) -> None:
    config = ask(sqlite_gateway).json()
    assert config == {
        "site_key": "demo-shop",
        "name": "Lantern & Pine",
        "locales": {"default": "en", "offered": ["en"]},
        "appearance": {"title": None, "accent": None, "theme": "auto", "side": "right"},
        "texts": {},
        "pre_chat": None,
        "hours": None,
        "offline_form": False,
        "greetings": [],
        "attachments": {
            "max_bytes": 5_000_000,
            "types": [
                "application/pdf",
                "image/gif",
                "image/jpeg",
                "image/png",
                "image/webp",
                "text/plain",
            ],
        },
        "identity_required": False,
        "sound": True,
    }


def test_the_config_is_cached_and_holds_no_secret(sqlite_gateway: Gateway) -> None:
    configure(sqlite_gateway, pre_chat=PRE_CHAT, greetings=[GREETING], forms=[FORM], hours=NEVER)
    first = ask(sqlite_gateway, Origin=SHOP_ORIGIN)
    assert first.headers["Cache-Control"] == "public, max-age=60"
    assert first.headers["Access-Control-Allow-Origin"] == SHOP_ORIGIN
    body = first.json()
    assert (body["hours"]["open"], body["offline_form"]) == (False, True)
    assert body["hours"]["opens_at"] is not None
    assert body["greetings"] == [GREETING]
    assert "forms" not in body
    assert "secret" not in first.text
    same = ask(sqlite_gateway, **{"If-None-Match": first.headers["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    configure(sqlite_gateway, sound=False)
    assert ask(sqlite_gateway, **{"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_foreign_pages_and_unknown_sites_learn_nothing(sqlite_gateway: Gateway) -> None:
    foreign = ask(sqlite_gateway, Origin="https://evil.example")
    assert foreign.status_code == 403
    assert "Access-Control-Allow-Origin" not in foreign.headers
    unknown = sqlite_gateway.client.get(
        "/api/v1/widget/config", params={"site_key": "no-such-shop"}
    )
    assert unknown.status_code == 404


def test_answers_before_the_chat_are_checked_and_shown(sqlite_gateway: Gateway) -> None:
    gateway = sqlite_gateway
    configure(gateway, pre_chat=PRE_CHAT, locales={"default": "en", "offered": ["en", "zh-CN"]})
    start = {"site_key": "demo-shop"}
    for said in ({}, {"pre_chat": {"email": "nobody"}}):
        refused = gateway.client.post("/api/v1/widget/sessions", json={**start, **said})
        assert refused.status_code == 422
        problem = refused.json()
        assert problem["errors"][0]["field"] == "pre_chat.email"
        assert problem["errors"][0]["message"]
        assert "nobody" not in refused.text
    visitor = gateway.visitor(
        pre_chat={"email": "ann@shop.example", "topic": "order"},
        locale="zh-TW",
        page={"path": "/cart?token=secret", "title": "Cart"},
    )
    visitor.post("/attributes", json={"attributes": {"plan": "gold", "orders": 3}})
    with gateway.staff(gateway.access.agent) as agent:
        shown = agent.get(f"/conversations/{visitor.conversation_id}").json()
    assert shown["customer"] is None
    assert shown["visitor"] == {
        "locale": "zh-CN",
        "answers": [
            {"name": "email", "label": "E-mail", "value": "ann@shop.example"},
            {"name": "topic", "label": "What is it about?", "value": "order"},
            {"name": "agree", "label": "I have read the terms", "value": False},
        ],
        "attributes": {"plan": "gold", "orders": 3},
        "page": {"path": "/cart", "title": "Cart"},
    }


def test_a_site_without_questions_takes_no_answers(sqlite_gateway: Gateway) -> None:
    refused = sqlite_gateway.client.post(
        "/api/v1/widget/sessions", json={"site_key": "demo-shop", "pre_chat": {"rank": "admin"}}
    )
    assert refused.status_code == 422
    assert refused.json()["errors"] == [
        {"field": "pre_chat", "message": "this site asks nothing before a chat"}
    ]


def test_the_assistant_hears_the_language(
    sqlite_gateway: Gateway, assistant: AssistantDouble
) -> None:
    configure(sqlite_gateway, locales={"default": "en", "offered": ["en", "zh-CN"]})
    visitor = sqlite_gateway.visitor()
    visitor.say("Hello")
    visitor.wait_for(1)
    assert visitor.post("/locale", json={"locale": "zh-Hans"}).status_code == 204
    assert visitor.post("/locale", json={"locale": "../etc"}).status_code == 422
    visitor.say("你好")
    visitor.wait_for(2)
    spoken = [turn["metadata"]["locale"] for turn in assistant.requests]
    assert spoken == ["en", "zh-CN"]


@pytest.mark.parametrize(
    "wrong", [{"a": {"b": 1}}, {"a": [1]}, {"a": "x" * 201}, {f"a{i}": i for i in range(21)}]
)
def test_attributes_are_small_and_flat(sqlite_gateway: Gateway, wrong: dict[str, Any]) -> None:
    visitor = sqlite_gateway.visitor()
    assert visitor.post("/attributes", json={"attributes": wrong}).status_code == 422


def test_an_answered_greeting_is_part_of_the_chat(sqlite_gateway: Gateway) -> None:
    configure(sqlite_gateway, greetings=[GREETING])
    visitor = sqlite_gateway.visitor()
    with visitor.socket() as socket:
        visitor.say("Yes, a small one", greeting_id="tents")
        first, second = socket.messages(2)
    assert [m["data"]["text"] for m in (first, second)] == [
        "Looking for a tent?",
        "Yes, a small one",
    ]
    assert first["data"]["author"] == "bot"
    other = sqlite_gateway.visitor()
    other.say("Hello", greeting_id="gone-by-now")
    assert other.messages()[0]["text"] == "Hello"


def test_a_message_is_left_only_outside_hours(gateway: Gateway) -> None:
    words = {"client_id": "off-1", "email": "Ann@Shop.example", "name": "Ann", "text": "Call me"}
    configure(gateway, hours=ALWAYS)
    visitor = gateway.visitor()
    refused = visitor.post("/offline-message", json=words)
    assert (refused.status_code, refused.json()["code"]) == (409, "desk_open")
    configure(gateway, hours=NEVER)
    wrong = visitor.post("/offline-message", json={**words, "email": "nobody"})
    assert wrong.json()["errors"][0]["field"] == "email"
    left = visitor.post("/offline-message", json=words)
    again = visitor.post("/offline-message", json=words)
    assert (left.status_code, again.status_code) == (201, 200)
    assert left.json() == again.json()
    number = left.json()["ticket_number"]
    assert [m["author"] for m in visitor.messages()] == ["customer", "system"]
    assert number in visitor.messages()[1]["text"]
    with gateway.staff(gateway.access.agent) as agent:
        ticket = agent.get(f"/tickets/{number}").json()
        assert ticket["conversation_id"] == str(visitor.conversation_id)
        shown = agent.get(f"/conversations/{visitor.conversation_id}").json()["visitor"]
    assert {one["name"]: one["value"] for one in shown["answers"]} == {
        "email": "ann@shop.example",
        "name": "Ann",
    }


def test_a_form_goes_out_and_comes_back(
    sqlite_gateway: Gateway, assistant: AssistantDouble
) -> None:
    gateway = sqlite_gateway
    configure(gateway, forms=[FORM])
    visitor = gateway.visitor()
    path = f"/conversations/{visitor.conversation_id}"
    with gateway.staff(gateway.access.agent) as agent:
        agent.post(f"{path}/claim")
        assert agent.get(path).json()["forms"] == [{"id": "callback", "title": "Call me back"}]
        unknown = agent.post(f"{path}/messages", {"client_id": "a", "form_id": "x"})
        assert (unknown.status_code, unknown.json()["code"]) == (404, "form_not_found")
        sent = agent.post(f"{path}/messages", {"client_id": "b", "form_id": "callback"})
        assert sent.status_code == 201, sent.text
        form = visitor.messages()[-1]["payload"]["form"]
        assert (form["title"], form["submit"], form["answered"]) == ("Call me back", "Send", False)
        agent.post(f"{path}/release", {"to": "bot"})
    wrong = visitor.say(form={"id": "callback", "values": {"phone": "12"}})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "phone")
    values = {"phone": "+49 30 1234567"}
    answer = visitor.say(form={"id": "callback", "values": values})
    assert answer.status_code == 201
    assert answer.json()["message"]["text"] == "Your number: +49 30 1234567"
    twice = visitor.say(form={"id": "callback", "values": values})
    assert (twice.status_code, twice.json()["code"]) == (409, "form_answered")
    asked = next(m for m in visitor.messages() if (m["payload"] or {}).get("form"))
    assert asked["payload"]["form"]["answered"] is True
    turn = wait_until(lambda: assistant.requests[-1] if assistant.requests else None)
    assert turn["metadata"]["form"] == {"id": "callback", "values": values}


def test_a_visitor_answers_no_form_of_another(gateway: Gateway) -> None:
    configure(gateway, forms=[FORM])
    stranger = gateway.visitor()
    refused = stranger.say(form={"id": "callback", "values": {"phone": "+49 30 1234567"}})
    assert refused.status_code == 404


def test_who_ends_a_chat_is_asked_for_a_grade(gateway: Gateway) -> None:
    visitor = gateway.visitor()
    assert visitor.started["asks_rating"] is False
    visitor.say("Hello")
    visitor.wait_for(1)
    ended = visitor.post("/end")
    assert (ended.json()["status"], ended.json()["asks_rating"]) == ("resolved", True)
    visitor.post("/csat", json={"score": 5})
    assert visitor.post("/end").json()["asks_rating"] is False


def test_a_place_in_line_comes_with_an_estimate(gateway: Gateway) -> None:
    with gateway.staff(gateway.access.agent) as agent:
        for _ in range(3):
            waiting = gateway.visitor()
            path = f"/conversations/{waiting.conversation_id}"
            agent.post(f"{path}/claim")
            agent.post(f"{path}/release", {"to": "queue"})
            with waiting.socket() as socket:
                place = socket.next("queue")["data"]
            agent.post(f"{path}/claim")
        assert (place["queue_position"], place["wait_seconds"]) == (1, None)
        last = gateway.visitor()
        path = f"/conversations/{last.conversation_id}"
        agent.post(f"{path}/claim")
        agent.post(f"{path}/release", {"to": "queue"})
    state = gateway.client.get("/api/v1/widget/messages", headers=last.headers).json()
    assert state["conversation"]["wait_seconds"] == 30
