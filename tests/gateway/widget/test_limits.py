"""How much a session, an address and a site may ask for."""

import httpx
import pytest

from crm_store.sites.service import SiteService
from tests.gateway.support.running import OPERATOR, Gateway, Visitor

PROXY = {"trusted_proxies": "127.0.0.1, 10.0.0.0/8"}


def refusal(answer: httpx.Response) -> str:
    """What the refusal says; it has the form that every problem has."""
    assert answer.status_code == 429, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "too_many_attempts"
    assert 1 <= int(answer.headers["retry-after"]) <= 120
    return str(answer.json()["detail"])


def type_on(visitor: Visitor, times: int, **headers: str) -> list[int]:
    return [
        visitor.gateway.client.post(
            "/api/v1/widget/typing", headers={**visitor.headers, **headers}
        ).status_code
        for _ in range(times)
    ]


@pytest.mark.parametrize("settings", [{"address_messages_per_minute": 6}], indirect=True)
def test_visitors_of_one_address_share_a_limit(sqlite_gateway: Gateway) -> None:
    mia, tom = sqlite_gateway.visitor(), sqlite_gateway.visitor()
    assert type_on(mia, 4) + type_on(tom, 2) == [204] * 6
    refusal(tom.post("/typing"))
    answer = sqlite_gateway.client.get("/api/v1/widget/messages", headers=tom.headers)
    assert answer.status_code == 200, "reading is no change"


@pytest.mark.parametrize(
    "settings",
    [PROXY | {"site_messages_per_minute": 6, "address_messages_per_minute": 4}],
    indirect=True,
)
def test_visitors_of_one_site_share_a_limit(sqlite_gateway: Gateway) -> None:
    with sqlite_gateway.database.transaction() as session:
        SiteService(session).add(site_key="other", name="Other", origins=[], asker=OPERATOR)
    mia = sqlite_gateway.visitor()
    assert type_on(mia, 4, **{"X-Forwarded-For": "203.0.113.1"}) == [204] * 4
    assert type_on(mia, 3, **{"X-Forwarded-For": "203.0.113.2"}) == [204, 204, 429]
    other = sqlite_gateway.client.post("/api/v1/widget/sessions", json={"site_key": "other"})
    elsewhere = Visitor(sqlite_gateway, other.json()["session_token"], mia.conversation_id)
    assert type_on(elsewhere, 1, **{"X-Forwarded-For": "203.0.113.3"}) == [204]


@pytest.mark.parametrize("settings", [PROXY | {"page_reads_per_minute": 3}], indirect=True)
def test_reading_a_sites_settings_is_limited_by_address(sqlite_gateway: Gateway) -> None:
    def read(key: str, address: str) -> httpx.Response:
        return sqlite_gateway.client.get(
            "/api/v1/widget/config",
            params={"site_key": key},
            headers={"X-Forwarded-For": address},
        )

    tries = [read(key, "203.0.113.1").status_code for key in ("demo-shop", "guessed", "demo-shop")]
    assert tries == [200, 404, 200]
    refusal(read("demo-shop", "203.0.113.1"))
    assert read("demo-shop", "203.0.113.2").status_code == 200


class TestProxies:
    LIMIT = {"sessions_per_minute": 2}  # noqa: RUF012  # a test's own

    def start(self, gateway: Gateway, forwarded: str) -> int:
        return gateway.client.post(
            "/api/v1/widget/sessions",
            json={"site_key": "demo-shop"},
            headers={"X-Forwarded-For": forwarded},
        ).status_code

    @pytest.mark.parametrize("settings", [LIMIT], indirect=True)
    def test_nobody_is_believed_by_default(self, sqlite_gateway: Gateway) -> None:
        tries = [self.start(sqlite_gateway, f"203.0.113.{last}") for last in range(3)]
        assert tries == [201, 201, 429]

    @pytest.mark.parametrize("settings", [PROXY | LIMIT], indirect=True)
    def test_a_proxy_of_ours_is(self, sqlite_gateway: Gateway) -> None:
        assert [self.start(sqlite_gateway, "203.0.113.1") for _ in range(3)] == [201, 201, 429]
        assert self.start(sqlite_gateway, "203.0.113.2") == 201
        # What the caller itself puts in front of the list is not believed.
        spoofed = [self.start(sqlite_gateway, f"198.51.100.{n}, 203.0.113.3") for n in range(3)]
        assert spoofed == [201, 201, 429]

    @pytest.mark.parametrize("settings", [PROXY | LIMIT], indirect=True)
    def test_an_ipv6_network_is_one_address(self, sqlite_gateway: Gateway) -> None:
        tries = [self.start(sqlite_gateway, f"2001:db8:1:2::{n}") for n in range(1, 4)]
        assert tries == [201, 201, 429]
        assert self.start(sqlite_gateway, "2001:db8:1:3::1") == 201
