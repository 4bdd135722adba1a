"""Staff log in."""

import pytest
from websockets.exceptions import ConnectionClosed

from crm_store.users.service import UserService
from foundation.settings import Settings, load_settings
from gateway.console import socket
from tests.gateway.support.running import OPERATOR, PASSWORD, Gateway, open_socket

LOGIN = "/api/v1/auth/login"


def test_the_session_cookie_is_out_of_reach_and_changes_need_the_token(gateway: Gateway) -> None:
    user = gateway.access.agent
    answer = gateway.client.post(LOGIN, json={"email": user.email.upper(), "password": PASSWORD})
    assert answer.status_code == 200
    assert answer.json()["user"]["role"] == "agent"
    cookies = {
        header.split("=")[0]: header.lower() for header in answer.headers.get_list("set-cookie")
    }
    assert "httponly" in cookies["kefu_session"]
    assert "samesite=lax" in cookies["kefu_session"]
    assert "httponly" not in cookies["kefu_csrf"]
    assert gateway.client.get("/api/v1/auth/me").json()["user"]["name"] == "Ann Agent"
    without = gateway.client.post("/api/v1/staff/ws-ticket")
    assert without.status_code == 403
    wrong = gateway.client.post("/api/v1/staff/ws-ticket", headers={"X-CSRF-Token": "guess"})
    assert wrong.status_code == 403
    token = {"X-CSRF-Token": answer.json()["csrf_token"]}
    assert gateway.client.post("/api/v1/staff/ws-ticket", headers=token).status_code == 200
    assert gateway.client.post("/api/v1/auth/logout", headers=token).status_code == 204
    assert gateway.client.get("/api/v1/auth/me").status_code == 401


@pytest.mark.parametrize(
    ("email", "password"), [("ann@demo.shop", "wrong password"), ("nobody@demo.shop", PASSWORD)]
)
def test_a_wrong_log_in_does_not_say_what_was_wrong(
    sqlite_gateway: Gateway, email: str, password: str
) -> None:
    answer = sqlite_gateway.client.post(LOGIN, json={"email": email, "password": password})
    assert answer.status_code == 401
    assert answer.json()["detail"] == "e-mail or password is wrong"
    assert "set-cookie" not in answer.headers


def test_guessing_is_slowed_and_a_log_in_forgives(gateway: Gateway) -> None:
    def guess(password: str) -> int:
        return gateway.client.post(
            LOGIN, json={"email": "ann@demo.shop", "password": password}
        ).status_code

    assert [guess("wrong") for _ in range(9)] == [401] * 9
    assert guess(PASSWORD) == 200
    assert [guess("wrong") for _ in range(11)] == [401] * 10 + [429]
    assert guess(PASSWORD) == 429


def test_a_disabled_user_is_out_at_once(sqlite_gateway: Gateway) -> None:
    with sqlite_gateway.staff(sqlite_gateway.access.agent) as staff:
        assert staff.get("/auth/me").status_code == 200
        with sqlite_gateway.database.transaction() as session:
            UserService(session).disable("ann@demo.shop", asker=OPERATOR)
        assert staff.get("/auth/me").status_code == 401


@pytest.mark.parametrize("settings", [{"trusted_proxies": "127.0.0.1"}], indirect=True)
def test_nobody_is_locked_out_from_elsewhere(sqlite_gateway: Gateway) -> None:
    def log_in(password: str, address: str) -> int:
        return sqlite_gateway.client.post(
            LOGIN,
            json={"email": "ann@demo.shop", "password": password},
            headers={"X-Forwarded-For": address},
        ).status_code

    assert [log_in("wrong", "192.0.2.1") for _ in range(11)] == [401] * 10 + [429]
    assert log_in(PASSWORD, "198.51.100.7") == 200


def test_cookies_need_tls_where_the_public_address_does() -> None:
    def settings(**given: object) -> Settings:
        return load_settings(env_file=None, **given)

    assert not settings(public_url="http://shop.example").cookies_are_secure
    assert settings(public_url="https://shop.example").cookies_are_secure
    assert settings(secure_cookies=True).cookies_are_secure


@pytest.mark.parametrize("end", ["disable", "log out"])
def test_a_live_view_ends_with_its_log_in(
    sqlite_gateway: Gateway, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    monkeypatch.setattr(socket, "ASK_AGAIN_SECONDS", 0.1)
    with sqlite_gateway.staff(sqlite_gateway.access.agent) as staff, staff.socket() as live:
        live.next("presence")
        if end == "disable":
            with sqlite_gateway.database.transaction() as session:
                UserService(session).disable("ann@demo.shop", asker=OPERATOR)
        else:
            assert staff.client.post("/api/v1/auth/logout").status_code == 204
        with pytest.raises(ConnectionClosed) as closed:
            live.next("never")
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4401


def test_a_ticket_opens_nothing_after_the_log_out(sqlite_gateway: Gateway) -> None:
    with sqlite_gateway.staff(sqlite_gateway.access.agent) as staff:
        ticket = staff.post("/staff/ws-ticket").json()["ticket"]
        staff.client.post("/api/v1/auth/logout")
        address = f"{sqlite_gateway.ws}/api/v1/staff/ws?ticket={ticket}"
        with open_socket(address) as live, pytest.raises(ConnectionClosed) as closed:
            live.next("presence")
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 4401
