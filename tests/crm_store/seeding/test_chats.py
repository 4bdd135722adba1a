"""Past conversations of the seeded shop: written as real ones are, and tied to what happened."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from analytics.features.customers import build_customer_features
from crm_store.asking import AsCustomer
from crm_store.conversations.service import ConversationService
from crm_store.database import Database
from crm_store.insights.service import InsightService
from crm_store.migrate import upgrade
from crm_store.models import (
    Author,
    Conversation,
    ConversationEvent,
    ConversationStatus,
    Csat,
    Interaction,
    InteractionKind,
    Interest,
    Message,
    Order,
    Owner,
    Product,
    Ticket,
)
from crm_store.orders.service import OrderService
from crm_store.seeding import SITE_KEY, demo_customers, seed
from crm_store.sites.service import SiteService
from tests.fixtures.databases import AUDIT_KEYS, KEYRING

TODAY = date(2026, 6, 17)
NOW = datetime(2026, 6, 17, tzinfo=UTC)
CUSTOMERS = 1_500
Talk = list[Message]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    path: Path = tmp_path_factory.mktemp("chats") / "kefu.db"
    upgrade(f"sqlite:///{path}")
    store = Database(f"sqlite:///{path}", keyring=KEYRING, audit_keys=AUDIT_KEYS)
    seed(store, customers=CUSTOMERS, today=TODAY)
    yield store
    store.dispose()


@pytest.fixture(scope="module")
def shop(database: Database) -> Iterator[Session]:
    with database.reading() as session:
        yield session


@pytest.fixture(scope="module")
def conversations(shop: Session) -> dict[UUID, Conversation]:
    return {one.id: one for one in shop.scalars(select(Conversation).order_by(Conversation.id))}


@pytest.fixture(scope="module")
def talks(shop: Session) -> dict[UUID, Talk]:
    found: dict[UUID, Talk] = defaultdict(list)
    for message in shop.scalars(select(Message).order_by(Message.conversation_id, Message.seq)):
        found[message.conversation_id].append(message)
    return found


def test_there_are_two_conversations_for_three_customers(
    conversations: dict[UUID, Conversation],
) -> None:
    assert 0.6 < len(conversations) / CUSTOMERS < 0.8
    starts = [one.created_at for one in conversations.values()]
    assert min(starts) > NOW - timedelta(days=548)
    assert sum(start > NOW - timedelta(days=30) for start in starts) > 0.04 * len(starts)
    hours = Counter(start.hour for start in starts)
    assert sum(hours[hour] for hour in range(1, 5)) < 0.12 * len(starts)


def test_messages_are_gapless_and_in_order(
    conversations: dict[UUID, Conversation], talks: dict[UUID, Talk]
) -> None:
    assert talks.keys() == conversations.keys()
    for key, talk in talks.items():
        conversation = conversations[key]
        assert [message.seq for message in talk] == list(range(1, conversation.last_seq + 1))
        times = [message.sent_at for message in talk]
        assert times == sorted(times)
        assert conversation.created_at <= times[0]
        assert conversation.last_message_at == times[-1] < NOW
        said = [message for message in talk if message.author is not Author.SYSTEM]
        assert conversation.last_text in {said[-1].text, conversation.last_text}
        assert said[-1].text.startswith(conversation.last_text.rstrip("…"))
        ids = {message.id for message in talk}
        for message in talk:
            assert message.user_id is None
            assert (message.name == "Demo agent") == (message.author is Author.AGENT)
            assert message.in_reply_to is None or message.in_reply_to in ids
            assert "{" not in message.text
            assert "#" not in message.text


def test_understanding_has_the_shape_of_the_connector(talks: dict[UUID, Talk]) -> None:
    for talk in talks.values():
        with_person = False
        for message in talk:
            with_person |= (message.payload or {}).get("event") == "handed_off"
            if message.author is not Author.CUSTOMER or with_person:
                assert message.nlu is None
                continue
            nlu = message.nlu
            assert nlu is not None
            assert nlu.keys() == {
                "intent", "confidence", "ranking", "entities", "sentiment", "seeded",
            }  # fmt: skip
            assert nlu["seeded"] is True
            assert message.intent == nlu["intent"] == nlu["ranking"][0]["name"]
            assert message.confidence == nlu["confidence"] == nlu["ranking"][0]["confidence"]
            ranked = [row["confidence"] for row in nlu["ranking"]]
            assert ranked == sorted(ranked, reverse=True)
            assert sum(ranked) <= 1.00001
            assert nlu["sentiment"].keys() == {"label", "score", "valence"}
            assert message.sentiment == nlu["sentiment"]["label"]
            assert message.valence == nlu["sentiment"]["valence"]
            assert -1 <= nlu["sentiment"]["valence"] <= 1
            assert 0 < nlu["sentiment"]["score"] <= 1
            for entity in nlu["entities"]:
                assert message.text[entity["start"] : entity["end"]] == entity["value"]
            assert message.actions
            assert message.latency_ms is not None
            assert message.latency_ms > 0


def test_owners_events_and_system_lines_agree(
    shop: Session, conversations: dict[UUID, Conversation], talks: dict[UUID, Talk]
) -> None:
    events: dict[UUID, list[str]] = defaultdict(list)
    order = select(ConversationEvent).order_by(ConversationEvent.at, ConversationEvent.id)
    for event in shop.scalars(order):
        events[event.conversation_id].append(event.kind)
    for key, conversation in conversations.items():
        told = events[key]
        resolved = conversation.status is ConversationStatus.RESOLVED
        assert told[0] == "started"
        assert resolved == (told[-1] == "resolved") == (conversation.resolved_at is not None)
        changes = [kind for kind in told if kind not in {"started", "rated"}]
        assert conversation.version == len(changes)
        lines = [m.payload["event"] for m in talks[key] if m.author is Author.SYSTEM and m.payload]
        assert lines == changes
        handed = "handed_off" in told
        assert handed == (conversation.handoff_reason is not None)
        assert handed == (conversation.handoff_brief is not None)
        agents = any(message.author is Author.AGENT for message in talks[key])
        assert agents == ("claimed" in told)
        assert conversation.verified_by == "host"
        if resolved:
            assert conversation.owner is Owner.BOT
            assert handed == agents


def test_people_answer_in_their_hours(talks: dict[UUID, Talk]) -> None:
    for talk in talks.values():
        first = next((message for message in talk if message.author is Author.AGENT), None)
        if first is not None:
            assert first.sent_at.weekday() < 5
            assert 7 <= first.sent_at.hour <= 17


def test_three_wait_for_a_person_and_three_for_the_customer(
    shop: Session, conversations: dict[UUID, Conversation]
) -> None:
    left = [one for one in conversations.values() if one.status is ConversationStatus.OPEN]
    assert Counter(one.owner for one in left) == {Owner.QUEUE: 3, Owner.BOT: 3}
    assert len({one.customer_id for one in left}) == 6
    assert all(one.created_at > NOW - timedelta(hours=5) for one in left)
    service = ConversationService(shop)
    waiting = sorted((one for one in left if one.queued_at), key=lambda one: str(one.queued_at))
    assert [service.queue_position(one.id) for one in waiting] == [1, 2, 3]
    for place, one in enumerate(waiting, start=1):
        brief = service.brief(one.id)
        assert brief["reason"] == "asked_for_person"
        assert brief["assistant"]["goal"] not in {None, "human_handoff"}
        assert brief["assistant"]["order_number"] in {
            order["number"] for order in _orders(shop, one)
        }
        (handed,) = [event for event in service.events(one.id) if event.kind == "handed_off"]
        assert handed.data == {"position": place}


def _orders(shop: Session, conversation: Conversation) -> list[dict[str, str]]:
    orders = select(Order.number).where(Order.customer_id == conversation.customer_id)
    return [{"number": number} for number in shop.scalars(orders)]


def test_scripted_customers_start_afresh(database: Database) -> None:
    with database.transaction() as session:
        site = SiteService(session).by_key(SITE_KEY)
        for one in demo_customers(session):
            started = ConversationService(session).start(
                site, customer=one.customer, verified_by="host", hours=1
            )
            assert started.conversation.last_seq == 0
        session.rollback()


def test_talk_is_about_the_customers_own_orders(
    shop: Session, conversations: dict[UUID, Conversation], talks: dict[UUID, Talk]
) -> None:
    owner = dict(shop.execute(select(Order.number, Order.customer_id)).all())  # type: ignore[arg-type]
    for key, talk in talks.items():
        for message in talk:
            for entity in (message.nlu or {}).get("entities", []):
                if entity["entity"] == "order_number":
                    assert owner[entity["value"]] == conversations[key].customer_id


def test_troubles_are_real_and_felt(
    shop: Session, conversations: dict[UUID, Conversation], talks: dict[UUID, Talk]
) -> None:
    orders = OrderService(shop)
    moods: dict[str, list[float]] = defaultdict(list)
    for key, talk in talks.items():
        customer_id = conversations[key].customer_id
        assert customer_id is not None
        for message in talk:
            numbers = [
                entity["value"]
                for entity in (message.nlu or {}).get("entities", [])
                if entity["entity"] == "order_number"
            ]
            if message.intent and message.valence is not None:
                moods[message.intent].append(message.valence)
            if message.intent not in {"delivery_delayed", "payment_double_charge"} or not numbers:
                continue
            order = orders.by_number(numbers[0], asker=AsCustomer(customer_id))
            if message.intent == "delivery_delayed":
                assert any(parcel.delay_reason for parcel in order.shipments)
                delivered = [p.delivered_at for p in order.shipments if p.delivered_at]
                assert all(message.sent_at < at for at in delivered)
            else:
                assert orders.duplicate_charges(order.number, asker=AsCustomer(customer_id))
    mean = {intent: sum(values) / len(values) for intent, values in moods.items()}
    assert mean["delivery_delayed"] < -0.3
    assert mean["delivery_damaged"] < -0.3
    assert mean["praise"] > 0.4
    assert mean["thanks"] > 0.2
    features = build_customer_features(
        [], InsightService(shop).iter_conversation_features(), as_of=NOW
    )
    assert features.column("valence").std() > 0.2
    assert features.column("contacts").max() > 1


def test_the_timeline_tells_every_chat(
    shop: Session, conversations: dict[UUID, Conversation], talks: dict[UUID, Talk]
) -> None:
    entries = list(
        shop.scalars(select(Interaction).where(Interaction.kind == InteractionKind.CHAT))
    )
    keys = {entry.source_key for entry in entries}
    customers = [m for talk in talks.values() for m in talk if m.author is Author.CUSTOMER]
    assert {f"message:{message.id}" for message in customers} <= keys
    events = list(shop.scalars(select(ConversationEvent)))
    assert {f"conversation-event:{event.id}" for event in events} <= keys
    assert len(entries) == len(customers) + len(events)
    by_key = {entry.source_key: entry for entry in entries}
    for message in customers:
        entry = by_key[f"message:{message.id}"]
        assert entry.data is not None
        assert entry.data["text"] == message.text
        assert entry.data["intent"] == message.intent
        assert entry.at == message.sent_at
        assert entry.customer_id == conversations[message.conversation_id].customer_id


def test_grades_and_interests_and_tickets(
    shop: Session, conversations: dict[UUID, Conversation]
) -> None:
    scores = [csat.score for csat in shop.scalars(select(Csat))]
    assert 0.2 < len(scores) / len(conversations) < 0.4
    assert set(scores) == {1, 2, 3, 4, 5}
    shelf = dict(shop.execute(select(Product.id, Product.category_id)).all())  # type: ignore[arg-type]
    interests = list(shop.scalars(select(Interest)))
    assert len(interests) > 50
    for interest in interests:
        assert interest.customer_id == conversations[interest.conversation_id].customer_id
        assert interest.category_id in shelf.values()
        assert interest.product_id is None or shelf[interest.product_id] == interest.category_id
        assert interest.weight == -0.5 or 0.75 <= interest.weight <= 1.5
    opened = list(shop.scalars(select(Ticket).where(Ticket.conversation_id.is_not(None))))
    assert opened
    for ticket in opened:
        assert ticket.conversation_id is not None
        assert ticket.customer_id == conversations[ticket.conversation_id].customer_id
        assert ticket.created_at <= ticket.updated_at <= NOW


def test_a_return_is_begun_in_the_chat_that_says_so(shop: Session, talks: dict[UUID, Talk]) -> None:
    started = [
        (message, message.text.split("R-")[1][:7])
        for talk in talks.values()
        for message in talk
        if message.author is Author.BOT and "your return R-" in message.text
    ]
    assert started
    entries = {
        (entry.data or {}).get("return"): entry.at
        for entry in shop.scalars(
            select(Interaction).where(Interaction.kind == InteractionKind.RETURN)
        )
        if (entry.data or {}).get("event") == "started"
    }
    for message, number in started:
        assert abs(entries[f"R-{number}"] - message.sent_at) < timedelta(minutes=5)


def test_the_tiniest_shop_has_a_history_too(sqlite_database: Database) -> None:
    report = seed(sqlite_database, customers=20, today=TODAY)
    assert report.messages >= report.conversations
