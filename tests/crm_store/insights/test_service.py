"""What analytics writes and reads, on each database."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from crm_store.asking import AsStaff, AsSystem
from crm_store.database import Database
from crm_store.insights.readers import ConversationFeatures
from crm_store.insights.service import InsightService
from crm_store.merging.service import MergeService
from crm_store.models import (
    Author,
    Conversation,
    Csat,
    Interaction,
    InteractionKind,
    Interest,
    ItemSimilarity,
    Message,
    ModelRun,
    OrderStatus,
    Recommendation,
    Role,
    Segment,
    SegmentMembership,
    Ticket,
)
from foundation.errors import Invalid
from foundation.ids import new_id
from tests.factories import make_conversation, make_customer, make_order, make_product

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
ANALYST = AsStaff(new_id(), Role.ANALYST)


def _run(kind: str = "test") -> ModelRun:
    return ModelRun(
        kind=kind, engine="local", params={}, metrics={}, started_at=NOW, finished_at=NOW
    )


def _say(session: Session, conversation: Conversation, seq: int = 1, **given: object) -> Message:
    values: dict[str, object] = {
        "conversation_id": conversation.id,
        "seq": seq,
        "author": Author.CUSTOMER,
        "text": "a tent",
        "sent_at": NOW,
    }
    message = Message(**values | given)
    session.add(message)
    session.flush()
    return message


def test_an_interest_counts_once_a_message(database: Database) -> None:
    with database.transaction() as session:
        customer = make_customer(session)
        conversation = make_conversation(session, customer_id=customer.id)
        message = _say(session, conversation)
        service = InsightService(session)
        for term in ("Tents", "tents", " TENTS\n", "lamps"):
            service.record_interest(
                conversation_id=conversation.id, message_id=message.id, term=term, weight=1.2
            )
        with pytest.raises(Invalid, match="term"):
            service.record_interest(
                conversation_id=conversation.id, message_id=message.id, term=" \x00"
            )
    with database.reading() as session:
        found = InsightService(session).interests(customer.id)
        assert sorted(interest.term for interest in found) == ["lamps", "tents"]
        assert len(InsightService(session).all_interests()) == 2


def test_an_unknown_visitors_interest_waits_for_its_customer(database: Database) -> None:
    with database.transaction() as session:
        conversation = make_conversation(session)
        message = _say(session, conversation)
        InsightService(session).record_interest(
            conversation_id=conversation.id, message_id=message.id, term="tents"
        )
    with database.reading() as session:
        assert InsightService(session).all_interests() == []
        assert session.scalars(select(Interest)).one().customer_id is None


def test_segments_are_replaced_whole(database: Database) -> None:
    with database.transaction() as session:
        customers = [make_customer(session) for _ in range(3)]
    for name in ("first", "second"):
        with database.transaction() as session:
            segment = Segment(id=new_id(), name=name, description="d", size=3, profile={"a": 1})
            InsightService(session).replace_segments(
                _run(),
                [segment],
                (
                    SegmentMembership(
                        customer_id=customer.id, segment_id=segment.id, rfm="545", features={"a": 1}
                    )
                    for customer in customers
                ),
            )
    with database.reading() as session:
        service = InsightService(session)
        assert [segment.name for segment in service.segments(asker=ANALYST)] == ["second"]
        membership = service.segment_of(customers[0].id)
        assert membership is not None
        assert (membership.segment.name, membership.rfm) == ("second", "545")
        assert service.segment_of(new_id()) is None
    with database.transaction() as session:
        MergeService(session).merge(customers[0].id, customers[1].id, asker=AsSystem("test"))
    with database.reading() as session:
        assert [one.size for one in InsightService(session).segments(asker=ANALYST)] == [2]
    with database.transaction() as session:
        session.execute(delete(SegmentMembership))
    with database.reading() as session:
        assert [one.size for one in InsightService(session).segments(asker=ANALYST)] == [0]


def test_recommendations_of_all_or_of_some(database: Database) -> None:
    with database.transaction() as session:
        one, two = make_customer(session), make_customer(session)
        products = [make_product(session) for _ in range(2)]

    def rows(customer_id: object, reason: str) -> list[Recommendation]:
        return [
            Recommendation(
                customer_id=customer_id, product_id=product.id, rank=rank, score=0.5, reason=reason
            )
            for rank, product in enumerate(products, start=1)
        ]

    with database.transaction() as session:
        run = _run()
        service = InsightService(session)
        assert service.replace_recommendations(run, rows(one.id, "a") + rows(two.id, "a")) == 4
        pair = ItemSimilarity(product_id=products[0].id, other_id=products[1].id, score=0.9)
        assert service.replace_similarities(run, [pair]) == 1
    with database.transaction() as session:
        InsightService(session).replace_recommendations(
            _run(), rows(one.id, "b")[:1], customer_ids=[one.id]
        )
    with database.reading() as session:
        service = InsightService(session)
        assert [row.reason for row in service.recommendations(one.id)] == ["b"]
        assert [row.reason for row in service.recommendations(two.id)] == ["a", "a"]
        assert service.recommendations(two.id, limit=1)[0].product.category.name
        assert service.similar([products[0].id]) == [(products[1].id, 0.9)]
        assert service.similar([p.id for p in products]) == []
        assert service.similar([]) == []
        assert len(session.scalars(select(ModelRun)).all()) == 2


def test_order_lines_stream_without_cancelled_orders(database: Database) -> None:
    with database.transaction() as session:
        products = [make_product(session) for _ in range(2)]
        kept = make_order(session, products=products, quantity=2, placed_at=NOW)
        make_order(session, products=products, status=OrderStatus.CANCELLED)
    with database.reading() as session:
        rows = list(InsightService(session).iter_order_lines(batch=1))
    assert {row.product_id for row in rows} == {product.id for product in products}
    assert {
        (row.customer_id, row.quantity, row.placed_at, row.unit_price_minor) for row in rows
    } == {(kept.customer_id, 2, NOW, 4900)}


def test_conversation_features(database: Database) -> None:
    with database.transaction() as session:
        talker, quiet = make_customer(session), make_customer(session)
        first = make_conversation(session, customer_id=talker.id, handoff_reason="asked")
        second = make_conversation(session, customer_id=talker.id)
        make_conversation(session, customer_id=quiet.id)
        make_conversation(session)
        _say(session, first, 1, valence=-0.5)
        _say(session, first, 2, valence=-0.25)
        _say(session, second, 1, valence=0.75)
        _say(session, second, 2, author=Author.BOT, valence=-1.0)
    with database.reading() as session:
        found = {
            row.customer_id: row for row in InsightService(session).iter_conversation_features()
        }
    assert found[talker.id] == ConversationFeatures(talker.id, 2, 0.0, 1)
    assert found[quiet.id] == ConversationFeatures(quiet.id, 1, 0.0, 0)
    assert len(found) == 2


def test_overview_counts_and_an_empty_store(database: Database) -> None:
    since = NOW - timedelta(days=7)
    with database.reading() as session:
        empty = InsightService(session).overview(since=since, asker=ANALYST)
        assert (empty.conversations, empty.containment, empty.csat_mean) == (0, None, None)
        assert InsightService(session).sentiment(since=since, asker=ANALYST) == []
    with database.transaction() as session:
        handed = make_conversation(session, handoff_reason="asked", created_at=NOW)
        own = make_conversation(session, created_at=NOW - timedelta(days=1))
        make_conversation(session, created_at=NOW - timedelta(days=30))
        common = {"intent": "order_status", "confidence": 0.9, "latency_ms": 40}
        _say(session, handed, valence=-1.0, sentiment="negative", **common)
        _say(session, own, valence=0.5, sentiment="positive", **common)
        _say(session, own, 2, intent="greet", sent_at=NOW - timedelta(days=1), sentiment="neutral")
        session.add(Csat(conversation_id=own.id, score=4, created_at=NOW))
        make_order(session, placed_at=NOW)
        session.add(Ticket(number="T-0000001", subject="s", body="b", topic="t"))
    with database.reading() as session:
        service = InsightService(session)
        seen = service.overview(since=since, asker=ANALYST)
        assert (seen.conversations, seen.handoffs, seen.containment) == (2, 1, 0.5)
        assert (seen.messages, seen.mean_valence, seen.mean_latency_ms) == (3, -0.25, 40.0)
        assert (seen.csat_mean, seen.csat_count, seen.open_tickets) == (4.0, 1, 1)
        assert (seen.orders, seen.revenue_minor) == (1, 5390)
        assert [
            (row.intent, row.messages) for row in service.intents(since=since, asker=ANALYST)
        ] == [
            ("order_status", 2),
            ("greet", 1),
        ]
        moods = service.sentiment(since=since, asker=ANALYST)
        assert [(m.day.isoformat(), m.negative, m.neutral, m.positive) for m in moods] == [
            ("2026-06-29", 0, 1, 0),
            ("2026-06-30", 1, 0, 1),
        ]
        days = service.containment(since=since, asker=ANALYST)
        assert [(day.conversations, day.handoffs) for day in days] == [(1, 0), (1, 1)]


def test_who_moves_to_another_segment_has_it_on_the_timeline(database: Database) -> None:
    with database.transaction() as session:
        mover, stayer, new = (make_customer(session) for _ in range(3))
        service = InsightService(session)

        def assign(names: dict[str, str]) -> None:
            segments = {
                name: Segment(id=new_id(), name=name, description="", size=1, profile={})
                for name in set(names.values())
            }
            people = {"mover": mover, "stayer": stayer, "new": new}
            service.replace_segments(
                _run(),
                segments.values(),
                [
                    SegmentMembership(
                        customer_id=people[who].id,
                        segment_id=segments[name].id,
                        rfm="555",
                        features={},
                    )
                    for who, name in names.items()
                ],
            )

        assign({"mover": "Loyal", "stayer": "Loyal"})
        assign({"mover": "Asleep", "stayer": "Loyal", "new": "Asleep"})
        (entry,) = session.query(Interaction).filter_by(kind=InteractionKind.SCORE)
        assert entry.customer_id == mover.id
        assert entry.summary == "Now in the segment Asleep, before in Loyal"
        assert session.query(Segment).count() == 2
        assert session.query(SegmentMembership).count() == 3
