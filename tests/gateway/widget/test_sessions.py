"""Whose session it is, how long it lives, and who is told when it ends."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, update
from websockets.exceptions import ConnectionClosed

from crm_store.models import Site, WidgetSession
from crm_store.sites.service import SiteService
from foundation.clock import utc_now
from foundation.ids import token_digest
from gateway.widget import live
from tests.gateway.support.running import (
    OPERATOR,
    SHOP_ORIGIN,
    Gateway,
    Socket,
    Visitor,
    open_socket,
)

SESSIONS = "/api/v1/widget/sessions"
BROWSER_KEY = "a key that this browser made up"


def signed(gateway: Gateway, subject: str = "c-1", *, seconds: int = 300) -> str:
    """As the shop's own server would."""
    with gateway.database.reading() as session:
        return SiteService(session).sign_identity(
            gateway.access.site,
            subject=subject,
            email=f"{subject}@example.com",
            name="Mia",
            ttl_seconds=seconds,
        )


def identify(visitor: Visitor, identity: str, **more: str) -> Visitor:
    answer = visitor.post("/sessions/identify", json={"identity": identity, **more})
    assert answer.status_code == 201, answer.text
    started = answer.json()
    return Visitor(visitor.gateway, started["session_token"], started["conversation_id"], started)


def opens(visitor: Visitor) -> bool:
    """Whether the token opens anything."""
    answer = visitor.gateway.client.get("/api/v1/widget/messages", headers=visitor.headers)
    assert answer.status_code in (200, 401)
    return answer.status_code == 200


def close_code(socket: Socket, *, seconds: float = 5) -> int:
    """The code with which the gateway closes the socket."""
    with pytest.raises(ConnectionClosed) as closed:
        socket.next("never", seconds=seconds)
    assert closed.value.rcvd is not None
    return closed.value.rcvd.code


def code_of(gateway: Gateway, **body: str) -> tuple[int, str]:
    answer = gateway.client.post(SESSIONS, json={"site_key": "demo-shop", **body})
    return answer.status_code, answer.json().get("code", "")


class TestIdentify:
    def test_a_guest_who_logs_in_keeps_what_they_said(self, gateway: Gateway) -> None:
        guest = gateway.visitor()
        guest.say("where is my parcel?")
        guest.wait_for(1)
        with guest.socket() as socket:
            socket.next("owner")
            known = identify(guest, signed(gateway))
            assert close_code(socket) == 4401
        assert known.started["verified"] is True
        assert str(known.conversation_id) == str(guest.conversation_id)
        assert not opens(guest)
        assert known.messages()[0]["text"] == "where is my parcel?"

    def test_another_customers_conversation_is_not_taken_over(self, gateway: Gateway) -> None:
        mia = gateway.visitor(identity=signed(gateway, "mia"))
        mia.say("my secret is plover")
        mia.wait_for(1)
        tom = identify(mia, signed(gateway, "tom"))
        assert str(tom.conversation_id) != str(mia.conversation_id)
        assert tom.messages() == []
        assert not opens(mia)
        again = gateway.visitor(identity=signed(gateway, "mia"))
        assert again.conversation_id == mia.conversation_id

    def test_a_bad_identity_leaves_the_session_as_it_was(self, sqlite_gateway: Gateway) -> None:
        guest = sqlite_gateway.visitor()
        answer = guest.post("/sessions/identify", json={"identity": "a.b.c"})
        assert (answer.status_code, answer.json()["code"]) == (401, "identity_invalid")
        assert answer.headers["content-type"] == "application/problem+json"
        assert opens(guest)

    def test_an_unsigned_claim_is_no_identity(self, sqlite_gateway: Gateway) -> None:
        guest = sqlite_gateway.visitor(email="mia@example.com", sub="mia", customer_id=str(uuid4()))
        assert guest.started["verified"] is False


class TestReset:
    def test_the_token_is_dead_and_its_sockets_are_closed(self, gateway: Gateway) -> None:
        phone = gateway.visitor(identity=signed(gateway))
        laptop = gateway.visitor(identity=signed(gateway))
        assert laptop.conversation_id == phone.conversation_id
        with phone.socket() as socket, laptop.socket() as other:
            socket.next("owner")
            other.next("owner")
            assert phone.post("/sessions/reset").status_code == 204
            assert close_code(socket) == 4401
            laptop.say("still here")
            assert other.next("message")["data"]["text"] == "still here"
            assert "session_ended" not in {frame["type"] for frame in other.frames}
        assert not opens(phone)
        assert opens(laptop)
        assert phone.post("/sessions/reset").status_code == 401


class TestReplay:
    def test_an_identity_is_taken_once(self, gateway: Gateway) -> None:
        identity = signed(gateway)
        gateway.visitor(identity=identity)
        assert code_of(gateway, identity=identity) == (401, "identity_replayed")
        guest = gateway.visitor()
        answer = guest.post("/sessions/identify", json={"identity": identity})
        assert answer.json()["code"] == "identity_replayed"

    def test_the_same_browser_may_load_the_page_again(self, gateway: Gateway) -> None:
        identity = signed(gateway)
        first = gateway.visitor(identity=identity, browser_key=BROWSER_KEY)
        again = gateway.visitor(identity=identity, browser_key=BROWSER_KEY)
        assert again.conversation_id == first.conversation_id
        other = code_of(gateway, identity=identity, browser_key=BROWSER_KEY + "!")
        assert other == (401, "identity_replayed")

    def test_what_ran_out_is_named(self, sqlite_gateway: Gateway) -> None:
        identity = signed(sqlite_gateway, seconds=-60)
        assert code_of(sqlite_gateway, identity=identity) == (401, "identity_expired")


class TestSites:
    def test_a_site_may_refuse_guests(self, gateway: Gateway) -> None:
        guest = gateway.visitor()
        with gateway.database.transaction() as session:
            SiteService(session).require_identity("demo-shop", required=True, asker=OPERATOR)
        assert code_of(gateway) == (401, "identity_required")
        assert not opens(guest)
        known = gateway.visitor(identity=signed(gateway))
        assert known.started["verified"] is True

    def test_a_site_without_a_secret_vouches_for_nobody(self, sqlite_gateway: Gateway) -> None:
        add_site(sqlite_gateway, "guests", guests_only=True)
        answer = sqlite_gateway.client.post(SESSIONS, json={"site_key": "guests", "identity": "x"})
        assert (answer.status_code, answer.json()["code"]) == (401, "identity_unsupported")
        assert sqlite_gateway.client.post(SESSIONS, json={"site_key": "guests"}).status_code == 201

    def test_another_sites_identity_is_refused(self, sqlite_gateway: Gateway) -> None:
        add_site(sqlite_gateway, "other")
        answer = sqlite_gateway.client.post(
            SESSIONS, json={"site_key": "other", "identity": signed(sqlite_gateway)}
        )
        assert (answer.status_code, answer.json()["code"]) == (401, "identity_invalid")


class TestLife:
    def test_use_moves_its_end(self, gateway: Gateway) -> None:
        visitor = gateway.visitor()
        set_end(gateway, visitor, hours=1)
        assert opens(visitor)
        assert timedelta(hours=23) < left(gateway, visitor) <= timedelta(hours=24)

    def test_reading_often_writes_nothing(self, sqlite_gateway: Gateway) -> None:
        visitor = sqlite_gateway.visitor()
        assert opens(visitor)
        set_end(sqlite_gateway, visitor, hours=1)
        assert opens(visitor)
        assert left(sqlite_gateway, visitor) <= timedelta(hours=1)

    def test_one_that_ran_out_shuts_its_sockets(
        self, monkeypatch: pytest.MonkeyPatch, quick: None, gateway: Gateway
    ) -> None:
        visitor = gateway.visitor()
        other = gateway.visitor()
        with visitor.socket() as socket, other.socket() as stays:
            socket.next("owner")
            stays.next("owner")
            set_end(gateway, visitor, hours=-1)
            assert close_code(socket) == 4401
            other.say("still here")
            stays.next("message")

    def test_an_open_socket_is_a_use(
        self, monkeypatch: pytest.MonkeyPatch, quick: None, gateway: Gateway
    ) -> None:
        monkeypatch.setattr(live, "KEEP_EVERY", timedelta())
        visitor = gateway.visitor()
        with visitor.socket() as socket:
            socket.next("owner")
            set_end(gateway, visitor, hours=1)
            with pytest.raises(TimeoutError):
                socket.next("never", seconds=1)
        assert left(gateway, visitor) > timedelta(hours=23)

    def test_a_token_in_the_address_is_none(self, sqlite_gateway: Gateway) -> None:
        token = sqlite_gateway.visitor().token
        for name in ("token", "session_token", "access_token", "authorization"):
            answer = sqlite_gateway.client.get("/api/v1/widget/messages", params={name: token})
            assert answer.status_code == 401
        with open_socket(f"{sqlite_gateway.ws}/api/v1/widget/ws?ticket={token}") as socket:
            assert close_code(socket) == 4401


class TestSockets:
    def test_a_ticket_opens_one_socket_however_many_try(self, gateway: Gateway) -> None:
        ticket = gateway.visitor().post("/ws-ticket").json()["ticket"]

        def outcome(_: int) -> int | str:
            with open_socket(f"{gateway.ws}/api/v1/widget/ws?ticket={ticket}") as socket:
                try:
                    socket.send({"type": "hello"})
                    socket.next("owner", seconds=5)
                except ConnectionClosed as closed:
                    return closed.rcvd.code if closed.rcvd else "cut"
                return "open"

        with ThreadPoolExecutor(6) as pool:
            assert sorted(pool.map(outcome, range(6)), key=str) == [4401] * 5 + ["open"]

    def test_a_client_names_neither_room_nor_sender(self, gateway: Gateway) -> None:
        mia, tom = gateway.visitor(), gateway.visitor()
        mia.say("my secret is plover")
        mia.wait_for(1)
        there = str(mia.conversation_id)
        ticket = tom.post("/ws-ticket").json()["ticket"]
        url = f"{gateway.ws}/api/v1/widget/ws?ticket={ticket}&conversation_id={there}"
        with (
            gateway.staff(gateway.access.agent) as staff,
            staff.socket() as desk,
            open_socket(url) as socket,
        ):
            socket.send({"type": "hello", "conversation_id": there, "last_seq": 0})
            socket.next("owner")
            socket.send({"type": "typing", "conversation_id": there, "author": "agent"})
            typing = desk.next("typing")
            assert typing["conversation_id"] == str(tom.conversation_id)
            assert typing["data"]["author"] == "customer"
            mia.say("and again plover")
            mia.wait_for(2)
            tom.say("mine")
            assert socket.next("message")["data"]["text"] == "mine"
        assert {f["conversation_id"] for f in socket.frames} == {str(tom.conversation_id)}
        body = {"client_id": "x", "text": "hi", "conversation_id": there, "author": "agent"}
        said = tom.post("/messages", json=body).json()["message"]
        assert said["author"] == "customer"
        assert said["id"] in {m["id"] for m in tom.messages()}


class TestOrigins:
    """A session is used from its own site's pages and ours, not from another site's."""

    OTHER = "https://other.example.com"

    def test_over_http(self, gateway: Gateway) -> None:
        add_site(gateway, "other", origins=[self.OTHER])
        visitor = gateway.visitor()

        def read(origin: str) -> tuple[int, str]:
            answer = gateway.client.get(
                "/api/v1/widget/messages", headers={**visitor.headers, "Origin": origin}
            )
            return answer.status_code, answer.json().get("code", "")

        assert read(SHOP_ORIGIN)[0] == 200
        assert read(gateway.url)[0] == 200
        assert read(self.OTHER) == (403, "origin_not_allowed")
        assert read("https://elsewhere.example.com") == (403, "origin_not_allowed")
        assert read("null") == (403, "origin_not_allowed")

    def test_over_a_socket(self, gateway: Gateway) -> None:
        add_site(gateway, "other", origins=[self.OTHER])
        visitor = gateway.visitor()

        def ticket(of: str) -> str:
            return f"{gateway.ws}/api/v1/{of}/ws?ticket="

        for origin in (SHOP_ORIGIN, gateway.url):
            url = ticket("widget") + visitor.post("/ws-ticket").json()["ticket"]
            with open_socket(url, origin=origin) as socket:
                socket.send({"type": "hello"})
                socket.next("owner")
        for origin in (self.OTHER, "https://elsewhere.example.com", "null"):
            url = ticket("widget") + visitor.post("/ws-ticket").json()["ticket"]
            with open_socket(url, origin=origin) as socket:
                assert close_code(socket) == 4403
        with gateway.staff(gateway.access.agent) as staff:
            url = ticket("staff") + staff.post("/staff/ws-ticket").json()["ticket"]
            with open_socket(url, origin=SHOP_ORIGIN) as socket:
                assert close_code(socket) == 4403


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sessions of sockets are looked at all the time."""
    monkeypatch.setattr(live, "LOOK_SECONDS", 0.1)


def add_site(
    gateway: Gateway, key: str, *, origins: list[str] | None = None, guests_only: bool = False
) -> Site:
    with gateway.database.transaction() as session:
        return SiteService(session).add(
            site_key=key,
            name=key,
            origins=origins or [],
            guests_only=guests_only,
            asker=OPERATOR,
        )


def set_end(gateway: Gateway, visitor: Visitor, *, hours: float) -> None:
    with gateway.database.transaction() as session:
        session.execute(
            update(WidgetSession)
            .where(WidgetSession.token_digest == token_digest(visitor.token))
            .values(expires_at=utc_now() + timedelta(hours=hours))
        )


def left(gateway: Gateway, visitor: Visitor) -> timedelta:
    """How long the session would live unused."""
    mine = WidgetSession.token_digest == token_digest(visitor.token)
    with gateway.database.reading() as session:
        return session.scalars(select(WidgetSession.expires_at).where(mine)).one() - utc_now()
