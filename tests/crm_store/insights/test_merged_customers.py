"""One person is counted once, also while rows still name the record that was merged away."""

from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from analytics.features.customers import build_customer_features
from crm_store.asking import AsStaff, AsSystem
from crm_store.campaigns.audience import audiences
from crm_store.campaigns.service import CampaignService
from crm_store.database import Database
from crm_store.insights.predictions import PredictionService
from crm_store.insights.recommended import read_recommended
from crm_store.insights.service import InsightService
from crm_store.merging.service import MergeService
from crm_store.models import (
    Author,
    CampaignChannel,
    Interest,
    Message,
    ModelRun,
    Prediction,
    Purpose,
    Recommendation,
    Role,
    Segment,
    SegmentMembership,
)
from crm_store.privacy.consent import ConsentService
from foundation.ids import new_id
from tests.factories import make_conversation, make_customer, make_order, make_product
from tests.factories.sales import NOON, make_seller

SYSTEM = AsSystem("test")
ANALYST = AsStaff(new_id(), Role.ANALYST)


def merged(session: Session) -> tuple[UUID, UUID]:
    """A customer, and a record that was merged into them."""
    stays, goes = make_customer(session), make_customer(session)
    MergeService(session).merge(stays.id, goes.id, asker=SYSTEM)
    return stays.id, goes.id


def run_of(kind: str) -> ModelRun:
    return ModelRun(
        kind=kind, engine="local", params={}, metrics={}, started_at=NOON, finished_at=NOON
    )


def late_rows(session: Session, customer_id: UUID) -> None:
    """What a chat writes that had read the customer's key before the merge."""
    chat = make_conversation(session, customer_id=customer_id, handoff_reason="asked")
    message = Message(
        conversation_id=chat.id, seq=1, author=Author.CUSTOMER, text="a tent", sent_at=NOON
    )
    session.add(message)
    session.flush()
    session.add(
        Interest(
            conversation_id=chat.id,
            message_id=message.id,
            customer_id=customer_id,
            term="tents",
            weight=1.0,
            at=NOON,
        )
    )
    session.flush()


def test_what_was_written_late_counts_under_the_survivor(database: Database) -> None:
    with database.transaction() as session:
        stays, goes = merged(session)
        for one in (stays, goes):
            make_order(session, placed_at=NOON, customer_id=one)
            late_rows(session, one)
    with database.reading() as session:
        service = InsightService(session)
        lines, talks = list(service.iter_order_lines()), list(service.iter_conversation_features())
        assert [line.customer_id for line in lines] == [stays, stays]
        features = build_customer_features(lines, talks, as_of=NOON)
        # Both of the same instant, as an import with dates alone has them.
        assert features.column("orders").tolist() == [2]
        assert [(talk.customer_id, talk.contacts, talk.handoffs) for talk in talks] == [
            (stays, 2, 2)
        ]
        assert {said.customer_id for said in service.all_interests()} == {stays}
        assert build_customer_features(lines, talks, as_of=NOON).customer_ids == [stays]


@pytest.mark.parametrize("said_by", ["stays", "goes"])
def test_a_refusal_holds_for_what_was_written_late(database: Database, said_by: str) -> None:
    with database.transaction() as session:
        stays, goes = make_customer(session).id, make_customer(session).id
        ConsentService(session).decide(
            {"stays": stays, "goes": goes}[said_by],
            Purpose.PROFILING,
            granted=False,
            source="console",
            asker=SYSTEM,
        )
        MergeService(session).merge(stays, goes, asker=SYSTEM)
        make_order(session, customer_id=goes)
        late_rows(session, goes)
    with database.reading() as session:
        service = InsightService(session)
        assert list(service.iter_order_lines()) == []
        assert list(service.iter_conversation_features()) == []
        assert service.all_interests() == []


def test_an_analysis_that_began_before_a_merge_counts_one_person(database: Database) -> None:
    with database.transaction() as session:
        stays, goes = merged(session)
        product, other = make_product(session).id, make_product(session).id
        segment = Segment(id=new_id(), name="Loyal", description="", size=2, profile={})
        service = InsightService(session)
        service.replace_segments(
            run_of("segments"),
            [segment],
            [
                SegmentMembership(customer_id=one, segment_id=segment.id, rfm="555", features={})
                for one in (stays, goes)
            ],
        )
        service.replace_recommendations(
            run_of("recommend"),
            [
                Recommendation(customer_id=one, product_id=what, rank=rank, score=0.5, reason="r")
                for one, what, rank in ((stays, product, 1), (goes, product, 1), (goes, other, 2))
            ],
        )
        PredictionService(session).replace(
            run_of("churn"),
            "churn",
            [Prediction(customer_id=goes, score=0.9), Prediction(customer_id=stays, score=0.4)],
        )
        ConsentService(session).decide(
            stays, Purpose.MARKETING_CHAT, granted=True, source="console", asker=SYSTEM
        )
    with database.transaction() as session:
        (audience,) = audiences(session, CampaignChannel.CHAT, asker=SYSTEM)
        assert (audience.customers, audience.allowing) == (1, 1)
        found = read_recommended(session, limit=5, asker=ANALYST)
        assert found.customers == 1
        assert {one.customers for one in found.products} == {1}
        assert [one.customer_id for one in PredictionService(session).highest("churn")] == [stays]
        ann = make_seller(session)
        campaigns = CampaignService(session)
        asked = {"name": "Spring", "channel": "chat", "segment_id": segment.id}
        campaign = campaigns.create(asked, asker=ann)
        assert campaigns.add_members(campaign.id, asker=ann) == 1
        assert campaigns.add_members(campaign.id, customer_ids=[goes, stays], asker=ann) == 0
        (row,) = campaigns.members(campaign.id, asker=ann).items
        assert row.member.customer_id == stays


def test_who_said_no_during_a_run_gets_no_prediction(database: Database) -> None:
    with database.transaction() as session:
        customer = make_customer(session).id
        ConsentService(session).decide(
            customer, Purpose.PROFILING, granted=False, source="console", asker=SYSTEM
        )
        service = PredictionService(session)
        service.replace(run_of("churn"), "churn", [Prediction(customer_id=customer, score=0.9)])
        assert service.of_customer(customer) == []
