"""The main job: a stranger asks for an order, proves who they are, reads its true state."""

import re
from typing import Any

import pytest

from crm_store.asking import AsSystem
from crm_store.orders.service import OrderService
from kefu.chat.client import ChatClient, Message
from tests.e2e.system import System

pytestmark = pytest.mark.e2e


def ask(client: ChatClient, text: str) -> str:
    """Everything that the customer reads in answer, cards included."""
    return "\n".join(readable(message) for message in client.answers(client.send(text), seconds=30))


def readable(message: Message) -> str:
    parts = [message["text"]]
    for card in (message["payload"] or {}).get("cards") or []:
        parts += [card["title"], card.get("subtitle") or ""]
        parts += [f"{fact['label']}: {fact['value']}" for fact in card.get("facts") or []]
        parts.append((card.get("status") or {}).get("label", ""))
    return "\n".join(parts)


@pytest.fixture
def client(system: System) -> Any:
    chat = ChatClient(system.url, site_key="demo-shop")
    yield chat
    chat.close()


def test_an_order_is_told_only_after_proof(
    system: System, client: ChatClient, demo: list[dict[str, Any]]
) -> None:
    customer = demo[0]
    asked = ask(client, "where is my order?")
    assert customer["order"] not in asked
    assert "order number" in asked.lower()
    ask(client, customer["order"])
    told = ask(client, customer["email"])
    with system.database() as database, database.reading() as session:
        order = OrderService(session).by_number(customer["order"], asker=AsSystem("test"))
        parcel = order.shipments[0] if order.shipments else None
    assert customer["order"] in told
    if parcel is not None:
        assert parcel.carrier in told


def test_a_wrong_e_mail_shows_nothing(
    system: System, client: ChatClient, demo: list[dict[str, Any]]
) -> None:
    ask(client, "where is my order?")
    ask(client, demo[0]["order"])
    refused = ask(client, "somebody.else@example.com")
    with system.database() as database, database.reading() as session:
        order = OrderService(session).by_number(demo[0]["order"], asker=AsSystem("test"))
        secrets = [order.city, order.street, *(line.name for line in order.lines)]
    assert not any(secret in refused for secret in secrets)


def test_everything_is_written_down(
    system: System, client: ChatClient, demo: list[dict[str, Any]]
) -> None:
    customer = demo[1]
    ask(client, "hey where's my stuff, it's really late and I'm annoyed!!")
    ask(client, customer["order"])
    ask(client, customer["email"])
    shown = system.kefu("customer", "show", customer["id"], "--json")
    assert client.conversation_id in shown
    assert re.search(r'"intent": "(order_status|delivery_delayed)"', shown)
    for field in ("confidence", "entities", "sentiment", "actions", "latency_ms"):
        assert f'"{field}"' in shown
