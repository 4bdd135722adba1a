"""Programs log in with a key instead of a cookie."""

from typing import Any

import httpx
import pytest

from crm_store.users.service import UserService
from foundation.settings import Settings, load_settings
from tests.gateway.support.running import OPERATOR, Gateway


def make_key(gateway: Gateway, *permissions: str) -> dict[str, Any]:
    with gateway.staff(gateway.access.admin) as admin:
        answer = admin.post("/api-keys", {"name": "sync", "permissions": permissions})
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made


def ask(gateway: Gateway, method: str, path: str, secret: str, **more: Any) -> httpx.Response:
    headers = {"Authorization": f"Bearer {secret}"}
    return gateway.client.request(method, f"/api/v1{path}", headers=headers, **more)


def test_a_key_does_what_it_carries_and_no_more(gateway: Gateway) -> None:
    made = make_key(gateway, "customers:read", "users:manage")
    secret = made["secret"]
    assert ask(gateway, "GET", "/customers", secret).status_code == 200
    assert ask(gateway, "GET", "/auth/me", secret).json()["user"]["name"] == "Ada Admin"
    refused = ask(gateway, "GET", "/orders", secret)
    assert refused.status_code == 403
    assert "orders:read" in refused.json()["detail"]
    # Changes need no CSRF token: no browser sends the header by itself.
    key = {"name": "child", "permissions": ["customers:read"]}
    assert ask(gateway, "POST", "/api-keys", secret, json=key).status_code == 201
    more = {"name": "child", "permissions": ["audit:read"]}
    assert ask(gateway, "POST", "/api-keys", secret, json=more).status_code == 403


def test_the_secret_is_shown_once(gateway: Gateway) -> None:
    made = make_key(gateway, "customers:read")
    with gateway.staff(gateway.access.admin) as admin:
        listed = admin.get("/api-keys")
        assert made["secret"] not in listed.text
        assert listed.json()["items"][0]["last_used_at"] is None
        ask(gateway, "GET", "/customers", made["secret"])
        assert admin.get("/api-keys").json()["items"][0]["last_used_at"] is not None


def test_a_revoked_key_and_one_of_a_disabled_user_open_nothing(gateway: Gateway) -> None:
    made, other = make_key(gateway, "customers:read"), make_key(gateway, "customers:read")
    with gateway.staff(gateway.access.admin) as admin:
        path = f"/api/v1/api-keys/{made['key']['id']}"
        assert admin.client.delete(path).json()["revoked_at"] is not None
    assert ask(gateway, "GET", "/customers", made["secret"]).status_code == 401
    assert ask(gateway, "GET", "/customers", other["secret"]).status_code == 200
    with gateway.database.transaction() as session:
        UserService(session).disable("ada@demo.shop", asker=OPERATOR)
    assert ask(gateway, "GET", "/customers", other["secret"]).status_code == 401


def test_a_key_opens_no_session(sqlite_gateway: Gateway) -> None:
    secret = make_key(sqlite_gateway, "conversations:read")["secret"]
    assert ask(sqlite_gateway, "POST", "/staff/ws-ticket", secret).status_code == 403
    assert ask(sqlite_gateway, "POST", "/auth/logout", secret).status_code == 403


def test_a_wrong_key_is_not_saved_by_a_cookie(sqlite_gateway: Gateway) -> None:
    with sqlite_gateway.staff(sqlite_gateway.access.admin) as admin:
        admin.client.headers["Authorization"] = "Bearer kefu_guess"
        assert admin.get("/customers").status_code == 401


def test_guessing_is_slowed(sqlite_gateway: Gateway) -> None:
    tries = [ask(sqlite_gateway, "GET", "/customers", f"kefu_{n}").status_code for n in range(40)]
    assert tries[:30] == [401] * 30
    assert 429 in tries[30:]
    good = make_key(sqlite_gateway, "customers:read")["secret"]
    assert ask(sqlite_gateway, "GET", "/customers", good).status_code == 200


class TestLimit:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return load_settings(
            env_file=None,
            var=settings.var,
            internal_token=settings.internal_token,
            secret_keys=settings.secret_keys,
            api_requests_per_minute=5,
        )

    def test_each_key_has_its_own_limit(self, sqlite_gateway: Gateway) -> None:
        one = make_key(sqlite_gateway, "customers:read")["secret"]
        other = make_key(sqlite_gateway, "customers:read")["secret"]
        tries = [ask(sqlite_gateway, "GET", "/customers", one) for _ in range(6)]
        assert [answer.status_code for answer in tries] == [200] * 5 + [429]
        assert int(tries[-1].headers["Retry-After"]) > 0
        assert ask(sqlite_gateway, "GET", "/customers", other).status_code == 200
