"""What is counted, and who may read it."""

import httpx
import pytest
from starlette.requests import Request

from foundation.errors import NotAllowed
from foundation.settings import Settings
from gateway.health.access import require_scraper
from tests.gateway.support.double import AssistantDouble, reply
from tests.gateway.support.running import Gateway, wait_until

TOKEN = "a-token-for-the-scraper"


def figures(gateway: Gateway) -> dict[str, float]:
    answer = gateway.client.get("/metrics")
    assert answer.status_code == 200
    lines = [line for line in answer.text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def test_a_turn_is_counted_by_its_stages(
    sqlite_gateway: Gateway, assistant: AssistantDouble
) -> None:
    visitor = sqlite_gateway.visitor()
    with visitor.socket() as socket:
        socket.next("owner")
        visitor.say("hello")
        socket.messages(2)
        assert figures(sqlite_gateway)['kefu_sockets{audience="widget"}'] == 1
    wait_until(lambda: figures(sqlite_gateway).get("kefu_turn_seconds_count") == 1)
    counted = figures(sqlite_gateway)
    for stage in ("queued", "assistant", "commit"):
        assert counted[f'kefu_turn_stage_seconds_count{{stage="{stage}"}}'] == 1
    assert counted['kefu_frames_total{outcome="delivered"}'] >= 4
    assert counted['kefu_waiting{what="turns"}'] == 0


def test_handoffs_by_reason_and_who_waits(
    sqlite_gateway: Gateway, assistant: AssistantDouble
) -> None:
    for reason in ("asked_for_person", "Because my name is Grete"):
        handoff = {"reason": reason, "brief": {}}
        assistant.behave = lambda turn, h=handoff: reply("One moment", handoff=h)  # type: ignore[misc]
        visitor = sqlite_gateway.visitor()
        visitor.say("a person please")
        visitor.wait_for(1)
    # Counted after the commit that the customer reads.
    wait_until(lambda: figures(sqlite_gateway).get('kefu_handoffs_total{reason="other"}') == 1)
    counted = figures(sqlite_gateway)
    assert counted['kefu_handoffs_total{reason="asked_for_person"}'] == 1
    assert counted['kefu_waiting{what="people"}'] == 2


def test_errors_of_the_assistant_by_kind(
    sqlite_gateway: Gateway, assistant: AssistantDouble
) -> None:
    assistant.status = 500
    visitor = sqlite_gateway.visitor()
    visitor.say("hello")
    visitor.wait_for(1)
    assert figures(sqlite_gateway)['kefu_assistant_errors_total{kind="status"}'] == 3
    assistant.status, assistant.behave = 200, lambda turn: {"surprise": True}
    other = sqlite_gateway.visitor()
    other.say("hello")
    other.wait_for(1)
    assert figures(sqlite_gateway)['kefu_assistant_errors_total{kind="not_an_answer"}'] == 3


def test_a_proxy_on_this_machine_does_not_open_them_to_the_public(sqlite_gateway: Gateway) -> None:
    for headers in (
        {"X-Forwarded-For": "203.0.113.7"},
        {"Forwarded": "for=203.0.113.7"},
        {"Via": "1.1 proxy"},
        {"Host": "shop.example.com"},
    ):
        answer = sqlite_gateway.client.get("/metrics", headers=headers)
        assert answer.status_code == 403, headers
        assert "kefu_turns" not in answer.text


@pytest.mark.parametrize(
    ("client", "authorization", "allowed"),
    [
        ("203.0.113.7", f"Bearer {TOKEN}", True),
        ("203.0.113.7", f"bearer {TOKEN}", True),
        ("203.0.113.7", f"Bearer {TOKEN}x", False),
        ("203.0.113.7", TOKEN, False),
        ("203.0.113.7", None, False),
        ("127.0.0.1", None, True),
        ("127.0.0.1", "Bearer wrong", False),
    ],
)
def test_the_token_lets_a_scraper_in_from_elsewhere(
    settings: Settings, client: str, authorization: str | None, allowed: bool
) -> None:
    with_token = Settings.model_validate({**settings.model_dump(), "metrics_token": TOKEN})
    headers = [(b"host", b"127.0.0.1:8080")]
    if authorization is not None:
        headers.append((b"authorization", authorization.encode()))
    request = Request(
        {
            "type": "http",
            "method": "GET",
            "path": "/metrics",
            "headers": headers,
            "client": (client, 5000),
            "server": ("127.0.0.1", 8080),
            "scheme": "http",
            "query_string": b"",
        }
    )
    if allowed:
        require_scraper(request, with_token)
    else:
        with pytest.raises(NotAllowed):
            require_scraper(request, with_token)


def test_readiness_names_the_broker_and_not_a_redis_that_is_not_used(
    sqlite_gateway: Gateway,
) -> None:
    answer: httpx.Response = sqlite_gateway.client.get("/readyz")
    parts = answer.json()["parts"]
    assert parts["broker"] == {"state": "ready", "detail": None}
    assert "redis" not in parts
    assert parts["actions"]["state"] == "down"
    assert answer.status_code == 503
