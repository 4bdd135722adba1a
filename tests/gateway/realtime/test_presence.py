"""Who is there, counted over tabs and over gateway processes."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

from gateway.realtime.hub import LocalHub
from gateway.realtime.presence import Presence

CUSTOMER, AGENT = uuid4(), uuid4()


class Words(LocalHub):
    """A hub on which a test speaks for the other processes."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[tuple[str, Any]] = []
        self.hears: dict[str, Any] = {}

    def tell(self, kind: str, body: Any = None) -> None:
        self.told.append((kind, body))

    def on_told(self, kind: str, hear: Any) -> None:
        self.hears[kind] = hear

    def on_peers(self, *, came: Any, left: Any) -> None:
        self.came, self.left = came, left


class Heard:
    """What consoles are told."""

    def __init__(self) -> None:
        self.news: list[tuple[UUID, bool]] = []

    def presence(self, user_id: UUID, name: str, *, online: bool) -> None:
        self.news.append((user_id, online))

    def customer_presence(self, conversation_id: UUID, *, online: bool) -> None:
        self.news.append((conversation_id, online))


def test_tabs_are_counted_and_a_change_of_page_is_no_news() -> None:
    async def test() -> None:
        heard = Heard()
        presence = Presence(hub=Words(), announcer=heard, linger_seconds=0.05)  # type: ignore[arg-type]
        presence.customer_came(CUSTOMER)
        presence.customer_came(CUSTOMER)
        presence.customer_left(CUSTOMER)
        presence.customer_left(CUSTOMER)
        presence.customer_came(CUSTOMER)
        await asyncio.sleep(0.1)
        assert heard.news == [(CUSTOMER, True)]
        presence.customer_left(CUSTOMER)
        await asyncio.sleep(0.1)
        assert heard.news == [(CUSTOMER, True), (CUSTOMER, False)]
        assert presence.online() == {"users": [], "conversations": []}

    asyncio.run(test())


def test_who_is_in_two_processes_goes_when_both_have_said_so() -> None:
    async def test() -> None:
        heard, hub = Heard(), Words()
        presence = Presence(hub=hub, announcer=heard, linger_seconds=0.0)  # type: ignore[arg-type]
        who = (str(AGENT), "Ann")
        presence.staff_came(AGENT, "Ann")
        hub.hears["come"]("two", who)
        presence.staff_left(AGENT, "Ann")
        assert heard.news == [(AGENT, True)]
        assert presence.online()["users"] == [{"id": str(AGENT), "name": "Ann"}]
        hub.hears["gone"]("two", who)
        assert heard.news == [(AGENT, True), (AGENT, False)]
        assert hub.told == [("come", who), ("gone", who)]

    asyncio.run(test())


def test_a_process_that_is_gone_takes_its_sockets_along() -> None:
    async def test() -> None:
        heard, hub = Heard(), Words()
        presence = Presence(hub=hub, announcer=heard)  # type: ignore[arg-type]
        hub.hears["here"]("two", [[str(CUSTOMER), ""], [str(AGENT), "Ann"]])
        hub.hears["here"]("two", [[str(CUSTOMER), ""]])
        hub.left("two")
        assert sorted(heard.news[:2]) == sorted([(CUSTOMER, True), (AGENT, True)])
        assert heard.news[2:] == [(AGENT, False), (CUSTOMER, False)]
        assert presence.online() == {"users": [], "conversations": []}

    asyncio.run(test())
