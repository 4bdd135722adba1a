"""Campaigns: who is in them, and how often somebody may be approached."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_store.asking import AsStaff, AsSystem
from crm_store.campaigns.audience import audiences
from crm_store.campaigns.errors import (
    AlreadyApproached,
    CampaignNotFound,
    NotRunning,
    TouchNotFound,
)
from crm_store.campaigns.service import CampaignService
from crm_store.campaigns.touching import NO_CONSENT, TOO_OFTEN, Outcome, TouchService
from crm_store.database import Database
from crm_store.editing import NotTheRecordsOwner
from crm_store.lists import ListQuery
from crm_store.models import (
    Campaign,
    CampaignChannel,
    CampaignTouch,
    Interaction,
    InteractionKind,
    Lead,
    ModelRun,
    OutreachMessage,
    Purpose,
    Segment,
    SegmentMembership,
    TouchStatus,
)
from crm_store.privacy.consent import ConsentService
from foundation.errors import Conflict, Invalid
from foundation.ids import new_id
from tests.factories import make_customer
from tests.factories.sales import NOON, Clock, make_lead, make_seller

SENDER = AsSystem("the campaign sender")
SENT = Outcome(TouchStatus.SENT)


def running(session: Session, asker: AsStaff, name: str = "Spring", **given: object) -> Campaign:
    service = CampaignService(session)
    campaign = service.create(
        {"name": name, "channel": "chat", "message": "Hello", **given}, asker=asker
    )
    return service.edit(campaign.id, {"status": "running"}, asker=asker)


def consenting(session: Session) -> UUID:
    customer = make_customer(session)
    ConsentService(session).decide(
        customer.id, Purpose.MARKETING_CHAT, granted=True, source="chat", asker=SENDER
    )
    return customer.id


def segment_of(session: Session, *customer_ids: UUID) -> Segment:
    run = ModelRun(
        kind="segments", engine="local", params={}, metrics={}, started_at=NOON, finished_at=NOON
    )
    session.add(run)
    session.flush()
    size = len(customer_ids)
    segment = Segment(run_id=run.id, name="Loyal", description="", size=size, profile={})
    session.add(segment)
    session.flush()
    for one in customer_ids:
        session.add(
            SegmentMembership(customer_id=one, segment_id=segment.id, rfm="555", features={})
        )
    session.flush()
    return segment


def only_touch(session: Session, campaign: Campaign) -> CampaignTouch:
    (touch,) = [
        row.touch
        for row in CampaignService(session).members(campaign.id, asker=SENDER).items
        if row.touch is not None
    ]
    return touch


def test_members_are_in_it_once(database: Database) -> None:
    with database.transaction() as session:
        ann = make_seller(session)
        campaign = running(session, ann)
        service = CampaignService(session)
        people = [make_customer(session).id for _ in range(3)]
        leads = [make_lead(session, ann, name="Lee").id]
        assert service.add_members(campaign.id, customer_ids=people[:2], asker=ann) == 2
        assert service.add_members(campaign.id, customer_ids=people, lead_ids=leads, asker=ann) == 2
        assert service.plan(campaign.id, asker=ann) == 4
        assert service.plan(campaign.id, asker=ann) == 0, "each has a planned one"
        page = service.members(campaign.id, asker=ann, query=ListQuery(limit=3))
        rest = service.members(
            campaign.id, asker=ann, query=ListQuery(limit=3, cursor=page.next_cursor)
        )
        assert "Lee" in [row.name for row in page.items + rest.items]
        _, funnel = service.get(campaign.id, asker=ann)
        assert (funnel.members, funnel.planned, funnel.sent) == (4, 4, 0)
        with pytest.raises(Invalid, match="lead_ids: 1 of them"):
            service.add_members(campaign.id, lead_ids=[new_id()], asker=ann)
        with pytest.raises(Invalid, match="no segment"):
            service.add_members(campaign.id, asker=ann)
        with pytest.raises(CampaignNotFound):
            service.get(new_id(), asker=ann)


def test_who_was_not_approached_can_be_taken_out(database: Database) -> None:
    with database.transaction() as session:
        ann, bob = make_seller(session), make_seller(session)
        campaign = running(session, ann)
        service = CampaignService(session)
        sent, waits = consenting(session), consenting(session)
        service.add_members(campaign.id, customer_ids=[sent, waits], asker=ann)
        service.plan(campaign.id, asker=ann)
        rows = {
            row.member.customer_id: row for row in service.members(campaign.id, asker=ann).items
        }
        first = rows[sent].touch
        assert first is not None
        TouchService(session).advance(first.id, SENT, asker=SENDER)
        with pytest.raises(NotTheRecordsOwner):
            service.remove_member(campaign.id, rows[waits].member.id, asker=bob)
        with pytest.raises(AlreadyApproached):
            service.remove_member(campaign.id, rows[sent].member.id, asker=ann)
        other = running(session, ann, "Summer")
        service.remove_member(other.id, rows[waits].member.id, asker=ann)
        assert len(service.members(campaign.id, asker=ann).items) == 2, "of another campaign"
        for _ in range(2):
            service.remove_member(campaign.id, rows[waits].member.id, asker=ann)
    with database.reading() as session:
        (left,) = CampaignService(session).members(campaign.id, asker=ann).items
        assert left.member.customer_id == sent
        assert session.query(CampaignTouch).count() == 1
        assert session.query(OutreachMessage).count() == 1


def test_a_segment_goes_in_whole(database: Database) -> None:
    with database.transaction() as session:
        ann = make_seller(session)
        segment = segment_of(session, make_customer(session).id, make_customer(session).id)
        campaign = running(session, ann, segment_id=segment.id)
        assert CampaignService(session).add_members(campaign.id, asker=ann) == 2


def test_nobody_is_approached_without_consent(database: Database) -> None:
    with database.transaction() as session:
        ann = make_seller(session)
        campaign = running(session, ann)
        service = CampaignService(session)
        yes, no = consenting(session), make_customer(session).id
        cold = make_lead(session, ann).id
        warm = make_lead(session, ann, marketing_consent_at=NOON).id
        service.add_members(campaign.id, customer_ids=[yes, no], lead_ids=[cold, warm], asker=ann)
        service.plan(campaign.id, asker=ann)
        touches = TouchService(session)
        due = touches.due(CampaignChannel.CHAT, asker=SENDER)
        assert len(due) == 4
        assert touches.due(CampaignChannel.EMAIL, asker=SENDER) == []
        for touch_id in due:
            touches.advance(touch_id, SENT, asker=SENDER)
        outcome = {
            row.member.customer_id or row.member.lead_id: (row.touch.status, row.touch.skip_reason)
            for row in service.members(campaign.id, asker=ann).items
            if row.touch is not None
        }
        skipped = (TouchStatus.SKIPPED, NO_CONSENT)
        sent = (TouchStatus.SENT, None)
        assert outcome == {yes: sent, no: skipped, cold: skipped, warm: sent}
        assert touches.due(CampaignChannel.CHAT, asker=SENDER) == []


def test_nobody_is_approached_too_often_by_all_campaigns_together(database: Database) -> None:
    clock = Clock()
    with database.transaction() as session:
        ann = make_seller(session)
        customer = consenting(session)
        results = []
        for name, days in (("One", 1), ("Two", 1), ("Three", 1), ("Four", 6)):
            campaign = running(session, ann, name, max_touches=2, within_days=7)
            service = CampaignService(session, clock=clock)
            service.add_members(campaign.id, customer_ids=[customer], asker=ann)
            service.plan(campaign.id, asker=ann)
            touch = only_touch(session, campaign)
            TouchService(session, clock=clock).advance(touch.id, SENT, asker=SENDER)
            results.append((touch.status, touch.skip_reason))
            clock.forward(days=days)
        sent, skipped = (TouchStatus.SENT, None), (TouchStatus.SKIPPED, TOO_OFTEN)
        assert results == [sent, sent, skipped, skipped]
        clock.forward(days=1)
        campaign = running(session, ann, "Five", max_touches=2, within_days=7)
        service.add_members(campaign.id, customer_ids=[customer], asker=ann)
        service.plan(campaign.id, asker=ann)
        touch = only_touch(session, campaign)
        TouchService(session, clock=clock).advance(touch.id, SENT, asker=SENDER)
        assert touch.status is TouchStatus.SENT, "the first two are more than a week ago"


def test_how_far_a_touch_comes(database: Database) -> None:
    clock = Clock()
    with database.transaction() as session:
        ann = make_seller(session)
        campaign = running(session, ann)
        customer = consenting(session)
        service = CampaignService(session, clock=clock)
        service.add_members(campaign.id, customer_ids=[customer], asker=ann)
        service.plan(campaign.id, asker=ann)
        touches = TouchService(session, clock=clock)
        touch = only_touch(session, campaign)
        with pytest.raises(Conflict, match="never sent"):
            touches.advance(touch.id, Outcome(TouchStatus.ANSWERED), asker=SENDER)
        touches.advance(touch.id, SENT, asker=SENDER)
        sent_at = touch.sent_at
        clock.forward(hours=1)
        touches.advance(touch.id, Outcome(TouchStatus.ANSWERED), asker=SENDER)
        touches.advance(touch.id, Outcome(TouchStatus.OPENED), asker=SENDER)  # late news
        assert touch.status is TouchStatus.ANSWERED
        assert (touch.sent_at, touch.opened_at) == (sent_at, clock.at)
        with pytest.raises(Invalid, match="opportunity_id"):
            touches.advance(
                touch.id, Outcome(TouchStatus.CONVERTED, opportunity_id=new_id()), asker=SENDER
            )
        with pytest.raises(Conflict, match="sent already"):
            touches.advance(touch.id, Outcome(TouchStatus.SKIPPED), asker=SENDER)
        with pytest.raises(TouchNotFound):
            touches.advance(new_id(), SENT, asker=SENDER)
        told = session.scalars(
            select(Interaction.summary).where(Interaction.kind == InteractionKind.CAMPAIGN)
        ).all()
        assert sorted(told) == ["Answered the campaign Spring", "Approached by the campaign Spring"]


def test_an_answer_raises_a_leads_score(database: Database) -> None:
    with database.transaction() as session:
        ann = make_seller(session)
        campaign = running(session, ann)
        lead = make_lead(session, ann, marketing_consent_at=NOON)
        service = CampaignService(session)
        service.add_members(campaign.id, lead_ids=[lead.id], asker=ann)
        service.plan(campaign.id, asker=ann)
        touch = only_touch(session, campaign)
        for status in (TouchStatus.SENT, TouchStatus.ANSWERED):
            TouchService(session).advance(touch.id, Outcome(status), asker=SENDER)
        assert session.get_one(Lead, lead.id).score == 25  # opened and answered


def test_only_what_runs_is_sent(database: Database) -> None:
    clock = Clock()
    with database.transaction() as session:
        ann = make_seller(session)
        service = CampaignService(session, clock=clock)
        draft = service.create({"name": "Draft", "channel": "chat"}, asker=ann)
        with pytest.raises(Conflict, match="message"):
            service.edit(draft.id, {"status": "running"}, asker=ann)
        with pytest.raises(Conflict, match="name"):
            service.create({"name": "Draft", "channel": "email"}, asker=ann)
        with pytest.raises(Invalid, match="ends_at"):
            service.edit(draft.id, {"starts_at": NOON, "ends_at": NOON - timedelta(1)}, asker=ann)
        later = running(session, ann, "Later", starts_at=NOON + timedelta(days=1))
        service.add_members(later.id, customer_ids=[consenting(session)], asker=ann)
        service.plan(later.id, asker=ann)
        touches = TouchService(session, clock=clock)
        assert touches.due(CampaignChannel.CHAT, asker=SENDER) == []
        clock.forward(days=2)
        (touch_id,) = touches.due(CampaignChannel.CHAT, asker=SENDER)
        service.edit(later.id, {"status": "paused"}, asker=ann)
        assert touches.due(CampaignChannel.CHAT, asker=SENDER) == []
        with pytest.raises(NotRunning):
            touches.advance(touch_id, SENT, asker=SENDER)
        service.edit(later.id, {"status": "finished"}, asker=ann)
        with pytest.raises(Conflict, match="finished"):
            service.edit(later.id, {"status": "running"}, asker=ann)
        with pytest.raises(Conflict, match="finished"):
            service.plan(later.id, asker=ann)


def test_an_audience_counts_who_allows_the_channel(database: Database) -> None:
    with database.transaction() as session:
        segment_of(session, consenting(session), make_customer(session).id)
    with database.reading() as session:
        (by_chat,) = audiences(session, CampaignChannel.CHAT, asker=SENDER)
        (by_email,) = audiences(session, CampaignChannel.EMAIL, asker=SENDER)
    assert (by_chat.name, by_chat.customers, by_chat.allowing) == ("Loyal", 2, 1)
    assert by_email.allowing == 0
