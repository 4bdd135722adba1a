"""What every request passes through."""

import pytest

from crm_store.conversations.service import ConversationService
from gateway.http import security_headers
from tests.gateway.support.double import AssistantDouble
from tests.gateway.support.running import SHOP_ORIGIN, Gateway, wait_until

WIDGET = "/api/v1/widget/messages"


def test_unknown_paths_and_methods_are_problems(sqlite_gateway: Gateway) -> None:
    for method, path, status in (("GET", "/api/v1/nothing", 404), ("DELETE", WIDGET, 405)):
        answer = sqlite_gateway.client.request(method, path)
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["request_id"] == answer.headers["x-request-id"]


def test_an_unforeseen_error_tells_nothing(
    sqlite_gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object, **_named: object) -> None:
        raise RuntimeError("secret of mia@example.com")

    visitor = sqlite_gateway.visitor()
    monkeypatch.setattr(ConversationService, "messages", fail)
    answer = sqlite_gateway.client.get(WIDGET, headers=visitor.headers)
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "mia" not in answer.text
    assert "RuntimeError" not in answer.text


def test_pages_and_api_have_their_policies(sqlite_gateway: Gateway) -> None:
    api = sqlite_gateway.client.get("/api/v1/openapi.json").headers
    assert api["content-security-policy"] == security_headers.API_POLICY
    assert api["cache-control"] == "no-store"
    page = sqlite_gateway.client.get("/shop").headers
    assert page["content-security-policy"] == security_headers.PAGE_POLICY
    for headers in (api, page):
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert "server" not in headers


def test_only_a_sites_pages_may_ask_across_origins(sqlite_gateway: Gateway) -> None:
    def preflight(origin: str, path: str = WIDGET):
        return sqlite_gateway.client.options(
            path,
            headers={
                "Origin": origin,
                "Access-Control-Request-Method": "POST",
                "Access-Control-Request-Headers": "authorization, content-type",
            },
        )

    allowed = preflight(SHOP_ORIGIN)
    assert allowed.status_code == 204
    assert allowed.headers["access-control-allow-origin"] == SHOP_ORIGIN
    assert "access-control-allow-credentials" not in allowed.headers
    refused = preflight("https://elsewhere.example.com")
    assert refused.status_code == 403
    assert "access-control-allow-origin" not in refused.headers
    staff = preflight(SHOP_ORIGIN, "/api/v1/auth/login")
    assert "access-control-allow-origin" not in staff.headers
    plain = sqlite_gateway.client.get(WIDGET, headers={"Origin": SHOP_ORIGIN})
    assert plain.status_code == 401
    assert plain.headers["access-control-allow-origin"] == SHOP_ORIGIN


def test_ready_names_each_part(sqlite_gateway: Gateway, assistant: AssistantDouble) -> None:
    assert sqlite_gateway.client.get("/healthz").json() == {"status": "ok"}
    answer = sqlite_gateway.client.get("/readyz")
    assert answer.status_code == 503  # no action server in this test
    states = {name: part["state"] for name, part in answer.json()["parts"].items()}
    assert states == {
        "database": "ready",
        "assistant": "ready",
        "actions": "down",
        "turns": "ready",
        "broker": "ready",
    }
    assistant.ready = False
    assert sqlite_gateway.client.get("/readyz").json()["parts"]["assistant"]["state"] == "down"


def test_metrics_count_by_route_and_outcome(sqlite_gateway: Gateway) -> None:
    visitor = sqlite_gateway.visitor()
    visitor.say("hello")
    visitor.wait_for(1)

    def counted() -> str | None:
        text = sqlite_gateway.client.get("/metrics").text
        return text if 'kefu_turns_total{outcome="answered"} 1.0' in text else None

    text = wait_until(counted)
    assert 'route="send_widget_message",status="201"' in text
    assert str(visitor.conversation_id) not in text


def test_operation_ids_are_stable_names(sqlite_gateway: Gateway) -> None:
    document = sqlite_gateway.client.get("/api/v1/openapi.json").json()
    ids = [op["operationId"] for path in document["paths"].values() for op in path.values()]
    assert len(ids) == len(set(ids))
    assert {"start_widget_session", "send_widget_message", "list_conversations"} <= set(ids)


@pytest.mark.parametrize("name", ["%00", "a" * 300, "a/" * 3_000])
def test_names_that_no_file_can_have_are_no_failure(sqlite_gateway: Gateway, name: str) -> None:
    for place in ("widget", "console"):
        assert sqlite_gateway.client.get(f"/{place}/{name}").status_code in (200, 404, 503)


@pytest.mark.parametrize("origin", ["http://[", "http://[::1", "null", "//127.0.0.1", "x" * 5_000])
def test_an_origin_that_is_none_is_another_page(sqlite_gateway: Gateway, origin: str) -> None:
    headers = {"Origin": origin}
    body = {"site_key": "demo-shop"}
    started = sqlite_gateway.client.post("/api/v1/widget/sessions", json=body, headers=headers)
    assert started.status_code == 403
    assert "access-control-allow-origin" not in started.headers
    form = {"customer": "01890000-0000-7000-8000-000000000000"}
    login = sqlite_gateway.client.post("/shop/login", data=form, headers=headers)
    assert login.status_code == 403


def test_numbers_that_no_browser_counts_are_refused(sqlite_gateway: Gateway) -> None:
    headers = {**sqlite_gateway.visitor().headers, "Content-Type": "application/json"}

    def status(number: str) -> int:
        body = f'{{"attributes": {{"a": {number}}}}}'
        return sqlite_gateway.client.post(
            "/api/v1/widget/attributes", content=body, headers=headers
        ).status_code

    assert [status(n) for n in ("7", "-0.5", "1e3")] == [204] * 3
    assert [status(n) for n in ("NaN", "-Infinity", "1e999", "9" * 30)] == [422] * 4
