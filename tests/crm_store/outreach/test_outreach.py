"""Messages that the shop says first: once, with consent, not too often."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_store.asking import AsSystem
from crm_store.campaigns.service import CampaignService
from crm_store.campaigns.touching import NO_CONSENT, TOO_OFTEN
from crm_store.conversations.service import ConversationService
from crm_store.customers.errors import CustomerNotFound
from crm_store.database import Database
from crm_store.lists import ListQuery
from crm_store.models import (
    Author,
    CampaignTouch,
    Conversation,
    ConversationStatus,
    Interaction,
    InteractionKind,
    OutreachMessage,
    OutreachStatus,
    Owner,
    Purpose,
    Role,
    TouchStatus,
)
from crm_store.outreach.delivery import CAMPAIGN_OVER, Delivery, Due, due_in
from crm_store.outreach.errors import OutreachDone, OutreachNotFound
from crm_store.outreach.service import OutreachService
from crm_store.privacy.consent import ConsentService
from foundation.clock import utc_now
from foundation.errors import Invalid, NotAllowed
from foundation.ids import new_id
from tests.factories import as_staff, make_conversation, make_customer, make_user
from tests.factories.sales import make_seller

ANALYSIS = AsSystem("a test")
TEXTS = {"en": "Your tent is back", "zh-CN": "您的帐篷到货了"}


def person(session: Session, *, consents: bool = True, **given: Any) -> tuple[UUID, Conversation]:
    """A customer who is certainly in an open conversation."""
    customer = make_customer(session)
    if consents:
        ConsentService(session).decide(
            customer.id, Purpose.MARKETING_CHAT, granted=True, source="chat", asker=ANALYSIS
        )
    known = {"customer_id": customer.id, "verified_at": utc_now(), "verified_by": "host"}
    return customer.id, make_conversation(session, **known | given)


def ask(session: Session, customer_id: UUID, **given: Any) -> OutreachMessage:
    values: dict[str, Any] = {"texts": TEXTS, "purpose": Purpose.MARKETING_CHAT}
    return OutreachService(session).ask(customer_id, **values | given, asker=ANALYSIS)


def test_it_is_said_once_in_the_customers_language(database: Database) -> None:
    with database.transaction() as session:
        customer_id, conversation = person(session, locale="zh-TW")
        asked = ask(session, customer_id)
        due = Due(customer_id, conversation.id)
        assert list(due_in(session, [conversation.id], at=utc_now())) == [due]
        said = Delivery(session).deliver(due)
        assert said is not None
        assert (said.author, said.text) == (Author.BOT, TEXTS["zh-CN"])
        assert said.payload == {"outreach": {"id": str(asked.id), "purpose": "marketing_chat"}}
        assert Delivery(session).deliver(due) is None
        assert not due_in(session, [conversation.id], at=utc_now())
        assert (asked.status, asked.seq) == (OutreachStatus.DELIVERED, said.seq)
        kinds = session.scalars(
            select(Interaction.kind).where(Interaction.customer_id == customer_id)
        ).all()
        assert InteractionKind.CAMPAIGN in kinds
        posted = ConversationService(session).post_customer_message(
            conversation.id, client_id="a", text="Great"
        )
        Delivery(session).note_answer(conversation.id, posted.message)
        assert asked.answered_at == posted.message.sent_at


def test_without_consent_nothing_is_said(database: Database) -> None:
    with database.transaction() as session:
        customer_id, conversation = person(session, consents=False)
        asked = ask(session, customer_id)
        assert Delivery(session).deliver(Due(customer_id, conversation.id)) is None
        assert (asked.status, asked.reason) == (OutreachStatus.REFUSED, NO_CONSENT)
        assert conversation.last_seq == 0


def test_a_third_message_in_a_week_is_one_too_many(database: Database) -> None:
    with database.transaction() as session:
        customer_id, conversation = person(session)
        asked = [ask(session, customer_id) for _ in range(3)]
        due = Due(customer_id, conversation.id)
        said = [Delivery(session).deliver(due) for _ in range(3)]
        assert [message is not None for message in said] == [True, True, False]
        assert asked[2].reason == TOO_OFTEN
        later = Delivery(session, clock=lambda: utc_now() + timedelta(days=8))
        again = ask(session, customer_id)
        assert later.deliver(due) is not None
        assert again.status is OutreachStatus.DELIVERED


@pytest.mark.parametrize(
    "state",
    [
        {"verified_at": None, "verified_by": None},
        {"owner": Owner.QUEUE, "queued_at": utc_now()},
        {"status": ConversationStatus.RESOLVED},
    ],
)
def test_it_waits_for_the_right_moment(database: Database, state: dict[str, Any]) -> None:
    with database.transaction() as session:
        customer_id, conversation = person(session, **state)
        asked = ask(session, customer_id)
        assert not due_in(session, [conversation.id], at=utc_now())
        assert Delivery(session).deliver(Due(customer_id, conversation.id)) is None
        assert asked.status is OutreachStatus.WAITING


def test_it_is_never_said_to_somebody_else(database: Database) -> None:
    with database.transaction() as session:
        customer_id, _ = person(session)
        _, others = person(session)
        asked = ask(session, customer_id)
        assert Delivery(session).deliver(Due(customer_id, others.id)) is None
        assert asked.status is OutreachStatus.WAITING


def test_it_has_its_time(database: Database) -> None:
    with database.transaction() as session:
        now = utc_now()
        customer_id, conversation = person(session)
        due = Due(customer_id, conversation.id)
        asked = ask(
            session,
            customer_id,
            not_before=now + timedelta(hours=1),
            expires_at=now + timedelta(hours=2),
        )
        assert Delivery(session).deliver(due) is None
        assert asked.status is OutreachStatus.WAITING
        late = Delivery(session, clock=lambda: now + timedelta(hours=3))
        assert late.deliver(due) is None
        assert asked.status is OutreachStatus.EXPIRED


def test_a_campaign_in_the_chat_is_said_by_its_touch(database: Database) -> None:
    with database.transaction() as session:
        seller, campaigns = make_seller(session), CampaignService(session)
        customer_id, conversation = person(session)
        refused_id, refusing = person(session, consents=False)
        campaign = campaigns.create(
            {"name": "Spring", "channel": "chat", "message": "Hello spring"}, asker=seller
        )
        campaigns.add_members(campaign.id, customer_ids=[customer_id, refused_id], asker=seller)
        assert campaigns.plan(campaign.id, asker=seller) == 2
        delivery, due = Delivery(session), Due(customer_id, conversation.id)
        assert delivery.deliver(due) is None  # a draft approaches nobody
        campaigns.edit(campaign.id, {"status": "running"}, asker=seller)
        said = delivery.deliver(due)
        assert said is not None
        assert said.text == "Hello spring"
        assert delivery.deliver(Due(refused_id, refusing.id)) is None
        posted = ConversationService(session).post_customer_message(
            conversation.id, client_id="a", text="Hi"
        )
        delivery.note_answer(conversation.id, posted.message)
        found = session.scalars(select(CampaignTouch).order_by(CampaignTouch.status)).all()
        assert [touch.status for touch in found] == [TouchStatus.ANSWERED, TouchStatus.SKIPPED]
        assert [touch.skip_reason for touch in found] == [None, NO_CONSENT]
        assert found[0].conversation_id == conversation.id


def test_what_is_left_of_a_finished_campaign_is_not_said(database: Database) -> None:
    with database.transaction() as session:
        seller, campaigns = make_seller(session), CampaignService(session)
        customer_id, conversation = person(session)
        campaign = campaigns.create(
            {"name": "Spring", "channel": "chat", "message": "Hello"}, asker=seller
        )
        campaigns.add_members(campaign.id, customer_ids=[customer_id], asker=seller)
        campaigns.plan(campaign.id, asker=seller)
        campaigns.edit(campaign.id, {"status": "finished"}, asker=seller)
        assert Delivery(session).deliver(Due(customer_id, conversation.id)) is None
        waiting = session.scalars(select(OutreachMessage)).one()
        assert (waiting.status, waiting.reason) == (OutreachStatus.REFUSED, CAMPAIGN_OVER)


def test_it_can_be_taken_back_while_it_waits(database: Database) -> None:
    with database.transaction() as session:
        customer_id, conversation = person(session)
        service = OutreachService(session)
        asked, other = ask(session, customer_id), ask(session, customer_id)
        for _ in range(2):
            service.withdraw(asked.id, asker=ANALYSIS)
        said = Delivery(session).deliver(Due(customer_id, conversation.id))
        assert said is not None
        with pytest.raises(OutreachDone):
            service.withdraw(other.id, asker=ANALYSIS)
        with pytest.raises(OutreachNotFound):
            service.withdraw(new_id(), asker=ANALYSIS)
        page = service.page(ListQuery(), customer_id=customer_id, asker=ANALYSIS)
        assert {m.status for m in page.items} == {
            OutreachStatus.WITHDRAWN,
            OutreachStatus.DELIVERED,
        }


def test_what_is_asked_for_is_checked(database: Database) -> None:
    with database.transaction() as session:
        customer_id, _ = person(session)
        for wrong in (
            {"texts": {}},
            {"texts": {"en": " "}},
            {"texts": {"not a locale": "x"}},
            {"texts": {"en": "x" * 501}},
            {"expires_at": utc_now() - timedelta(hours=1)},
        ):
            with pytest.raises(Invalid):
                ask(session, customer_id, **wrong)
        with pytest.raises(CustomerNotFound):
            ask(session, new_id())
        analyst = as_staff(make_user(session, role=Role.ANALYST))
        with pytest.raises(NotAllowed):
            OutreachService(session).ask(
                customer_id, texts=TEXTS, purpose=Purpose.MARKETING_CHAT, asker=analyst
            )
