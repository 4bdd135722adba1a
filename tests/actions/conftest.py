"""A shop with two customers, and a way to talk to single actions as Rasa would."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import update

from actions.base import KefuAction, Parts
from actions.context import FormMoment
from actions.embedding import Embedder
from crm_store.database import Database
from crm_store.models import (
    Author,
    Conversation,
    Message,
    Order,
    OrderStatus,
    Shipment,
    ShipmentStatus,
)
from foundation.clock import utc_now
from foundation.ids import new_id
from tests.factories import (
    make_category,
    make_conversation,
    make_customer,
    make_order,
    make_product,
    make_site,
)

ANNA = "anna@example.com"


@dataclass
class Shop:
    """What the tests of the actions sell, and to whom."""

    database: Database
    site_id: UUID
    anna_id: UUID
    numbers: dict[str, str]
    """Anna's orders by their state, and ``other``: somebody else's."""


@pytest.fixture
def shop(sqlite_database: Database) -> Shop:
    """Anna has an order in each state; somebody else has one as well."""
    database = sqlite_database
    now = utc_now()
    with database.transaction() as session:
        site = make_site(session, site_key="demo-shop")
        tents = make_category(session, slug="tents", name="Tents & shelters", synonyms=["tent"])
        boots = make_category(session, slug="footwear", name="Footwear", synonyms=["boots"])
        tent = make_product(session, category_id=tents.id, name="Fernhollow tent", slug="fern")
        boot = make_product(
            session, category_id=boots.id, name="Marsh boots", slug="marsh", price_minor=12_900
        )
        anna = make_customer(session, name="Anna Berg", email=ANNA, phone="+4930123456")
        numbers = {"shipped": "KF-1000001", "paid": "KF-1000002", "delivered": "KF-1000003"}
        numbers |= {"late": "KF-1000004", "other": "KF-2000001"}

        def place(state: str, status: OrderStatus, days: int, **given: Any) -> Order:
            placed_at = now - timedelta(days=days)
            return make_order(
                session, anna, number=numbers[state], status=status, placed_at=placed_at, **given
            )

        def send(order: Order, status: ShipmentStatus, **given: Any) -> None:
            session.add(
                Shipment(
                    order_id=order.id,
                    carrier="Postbird",
                    tracking_number=order.number,
                    status=status,
                    shipped_at=order.placed_at + timedelta(hours=20),
                    **given,
                )
            )

        send(
            place("shipped", OrderStatus.SHIPPED, 2, products=[tent]),
            ShipmentStatus.IN_TRANSIT,
            expected_on=(now + timedelta(days=1)).date(),
        )
        place("paid", OrderStatus.PAID, 0, products=[tent])
        send(
            place("delivered", OrderStatus.DELIVERED, 8, products=[tent, boot]),
            ShipmentStatus.DELIVERED,
            delivered_at=now - timedelta(days=5),
        )
        send(
            place("late", OrderStatus.SHIPPED, 20, products=[boot]),
            ShipmentStatus.DELAYED,
            expected_on=(now + timedelta(days=2)).date(),
        )
        make_order(session, number=numbers["other"], products=[tent])
        return Shop(database, site.id, anna.id, numbers)


@pytest.fixture
def parts(shop: Shop) -> Parts:
    """The parts of a process whose encoder does not answer."""

    def refuse(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(503)

    client = httpx.AsyncClient(transport=httpx.MockTransport(refuse))
    return Parts(
        database=shop.database,
        embedder=Embedder(client, rasa_url="http://assistant", token="token"),
        refund_limit_minor=50_000,
        today=lambda: utc_now().date(),
    )


@dataclass
class Answer:
    """What an action did in a turn."""

    texts: list[str]
    messages: list[dict[str, Any]]
    events: list[dict[str, Any]]

    @property
    def text(self) -> str:
        return "\n".join(self.texts)

    @property
    def slots(self) -> dict[str, Any]:
        return {e["name"]: e["value"] for e in self.events if e["event"] == "slot"}

    @property
    def buttons(self) -> list[str]:
        return [button["title"] for m in self.messages for button in m["buttons"]]

    @property
    def payloads(self) -> list[str]:
        return [button["payload"] for m in self.messages for button in m["buttons"]]

    @property
    def cards(self) -> list[dict[str, Any]]:
        return [card for m in self.messages for card in m["custom"].get("cards", [])]

    @property
    def followup(self) -> str | None:
        return next((e["name"] for e in self.events if e["event"] == "followup"), None)


class _Dispatcher:
    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []

    def utter_message(self, **message: Any) -> None:
        self.messages.append({**message, "custom": message.get("json_message") or {}})


class _Tracker:
    def __init__(self, state: dict[str, Any]) -> None:
        self._state = state

    def current_state(self) -> dict[str, Any]:
        return self._state


@dataclass
class Talk:
    """One conversation with the actions; slots and events live on from turn to turn."""

    parts: Parts
    database: Database
    conversation_id: UUID
    slots: dict[str, Any] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    turn_id: str = ""
    seq: int = 0

    def verify(self, customer_id: UUID, by: str = "host") -> "Talk":
        """The visitor is this customer."""
        with self.database.transaction() as session:
            session.execute(
                update(Conversation)
                .where(Conversation.id == self.conversation_id)
                .values(customer_id=customer_id, verified_at=utc_now(), verified_by=by)
            )
        self.slots["verified"] = True
        return self

    def say(
        self,
        text: str,
        intent: str,
        *,
        confidence: float = 0.95,
        valence: float = 0.0,
        frustrated: float = 0.0,
        button: bool = False,
        ranking: list[tuple[str, float]] | None = None,
        further: list[dict[str, Any]] | None = None,
        **entities: str,
    ) -> "Talk":
        """The customer's next message, understood like this; ``further`` are entities in full."""
        self.turn_id = str(new_id())
        self.seq += 1
        with self.database.transaction() as session:
            session.add(
                Message(
                    id=UUID(self.turn_id),
                    conversation_id=self.conversation_id,
                    seq=self.seq,
                    author=Author.CUSTOMER,
                    text=text,
                )
            )
        ranked = [(intent, 1.0)] if button else (ranking or [(intent, confidence), ("other", 0.01)])
        parse = {
            "text": text,
            "intent": {"name": intent, "confidence": 1.0 if button else confidence},
            "intent_ranking": [{"name": n, "confidence": c} for n, c in ranked],
            "entities": [{"entity": k, "value": v} for k, v in entities.items()] + (further or []),
            "sentiment": {
                "label": "neutral",
                "score": 0.9,
                "valence": valence,
                "frustrated": frustrated,
            },
            "metadata": {"turn_id": self.turn_id},
        }
        self.events += [
            {"event": "action", "name": "action_listen"},
            {"event": "user", "parse_data": parse, "metadata": {"turn_id": self.turn_id}},
        ]
        for name in ("order_number", "product", "category", "ticket_number"):
            if name in entities:
                self.slots[name] = entities[name]
        return self

    def run(self, kind: type[KefuAction], moment: FormMoment | None = None) -> Answer:
        """Run an action on the latest message, as Rasa would call it."""
        message = next(e for e in reversed(self.events) if e["event"] == "user")["parse_data"]
        if moment is FormMoment.STARTED and kind.form:
            self.events.append({"event": "active_loop", "name": kind.form})
        elif moment is FormMoment.RESUMED:
            self.events.append({"event": "action", "name": "action_answer_faq"})
        state = {
            "sender_id": str(self.conversation_id),
            "slots": self.slots,
            "latest_message": message,
            "events": list(self.events),
            "active_loop": {"name": kind.form} if kind.form else {},
        }
        dispatcher = _Dispatcher()
        events = asyncio.run(kind(self.parts).run(dispatcher, _Tracker(state), {}))
        for event in events:
            if event["event"] == "slot":
                self.slots[event["name"]] = event["value"]
        self.events += [{"event": "action", "name": kind.form or kind.name}, *events]
        return Answer([m["text"] for m in dispatcher.messages], dispatcher.messages, events)

    def start(self, kind: type[KefuAction]) -> Answer:
        """Start a form on the latest message."""
        return self.run(kind, FormMoment.STARTED)


@pytest.fixture
def talk(shop: Shop, parts: Parts) -> Callable[[], Talk]:
    """Begins conversations with nobody known."""

    def begin() -> Talk:
        with shop.database.transaction() as session:
            conversation = make_conversation(session, site_id=shop.site_id)
            return Talk(parts, shop.database, conversation.id)

    return begin
