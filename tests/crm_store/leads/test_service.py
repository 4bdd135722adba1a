"""Leads: made in four ways, scored with reasons, found."""

import pytest

from crm_store.asking import AsSystem
from crm_store.database import Database
from crm_store.leads.errors import LeadNotFound
from crm_store.leads.repository import LeadFilter
from crm_store.leads.service import LeadService
from crm_store.lists import ListQuery
from crm_store.models import Customer, Lead, LeadSource, LeadStatus
from foundation.errors import Conflict, Invalid
from foundation.ids import new_id
from tests.factories import make_conversation
from tests.factories.sales import Clock, make_lead, make_seller

BOT = AsSystem("the assistant")


def test_a_lead_is_scored_with_reasons_and_a_date(database: Database) -> None:
    clock = Clock()
    with database.transaction() as session:
        ann = make_seller(session)
        lead = LeadService(session, clock=clock).create(
            {
                "name": "Lena Lead",
                "email": "Lena@Bergsport-Nord.test",
                "phone": "+49 30 1234567",
                "company": "Bergsport Nord",
                "source": "referral",
            },
            asker=ann,
        )
        assert lead.score == 10 + 15 + 10 + 10 + 20
        assert lead.scored_at == clock.at
        assert lead.score_reasons[0] == {"points": 20, "reason": "Was recommended to us"}
        service = LeadService(session, clock=clock)
        service.edit(lead.id, {"phone": None}, asker=ann)
        assert (lead.score, lead.version) == (55, 2)
        clock.forward(days=31)
        assert service.rescore_all(asker=ann) == 1
    with database.reading() as session:
        found = session.get_one(Lead, lead.id)
        assert (found.score, found.version) == (40, 2)
        assert {"points": -15, "reason": "Nothing happened for a month"} in found.score_reasons


def test_the_same_key_makes_one_lead(database: Database) -> None:
    with database.transaction() as session:
        ann = make_seller(session)
        service = LeadService(session)
        first = service.create({"name": "A"}, asker=ann, idempotency_key="k")
        assert service.create({"name": "B"}, asker=ann, idempotency_key="k").id == first.id
        with pytest.raises(Invalid):
            service.create({"name": "B"}, asker=ann, idempotency_key="k" * 129)
        service.create({"name": "C", "external_id": "X"}, asker=ann)
        with pytest.raises(Conflict, match="external_id"):
            service.create({"name": "D", "external_id": "X"}, asker=ann, idempotency_key="l")


def test_a_visitor_leaves_their_contact_in_a_chat(database: Database) -> None:
    with database.transaction() as session:
        chat = make_conversation(session)
        service = LeadService(session)
        with pytest.raises(Invalid, match="email"):
            service.from_chat(chat.id, name="Vi", asker=BOT)
        lead = service.from_chat(
            chat.id, name="Vi Sitor", email="vi@example.com", note="Forty tents?", asker=BOT
        )
        again = service.from_chat(
            chat.id,
            name="Vi S.",
            email="other@example.com",
            phone="+49 30 7654321",
            note="By May.",
            asker=BOT,
        )
        assert again.id == lead.id
        assert (again.name, again.email, again.phone) == (
            "Vi Sitor",
            "vi@example.com",
            "+49307654321",
        )
        assert again.notes == "Forty tents?\n\nBy May."
        assert (again.source, again.conversation_id) == (LeadSource.CHAT, chat.id)
        assert session.query(Customer).count() == 0, "nothing unverified becomes a customer"
        with pytest.raises(Invalid, match="conversation_id"):
            service.from_chat(new_id(), name="Vi", email="vi@example.com", asker=BOT)


def test_finding(database: Database) -> None:
    with database.transaction() as session:
        ann = make_seller(session)
        make_lead(session, ann, name="Äda", company="Bergwelt", email="ada@example.com")
        make_lead(session, ann, name="Bo", phone="+49301234567", source="event")
        make_lead(session, ann, name="Cy", owner_id=ann.user_id, status="working")
        service = LeadService(session)
        for wanted, names in (
            (LeadFilter(q="äd"), {"Äda"}),
            (LeadFilter(q="BERG"), {"Äda"}),
            (LeadFilter(q="ADA@example.com"), {"Äda"}),
            (LeadFilter(q="nobody@example.com"), set()),
            (LeadFilter(q="+49 30 1234567"), {"Bo"}),
            (LeadFilter(source=[LeadSource.EVENT, LeadSource.WEB]), {"Bo"}),
            (LeadFilter(status=[LeadStatus.WORKING]), {"Cy"}),
            (LeadFilter(owner=ann.user_id), {"Cy"}),
            (LeadFilter(unowned=True), {"Äda", "Bo"}),
            (LeadFilter(min_score=10), {"Äda", "Bo"}),
        ):
            found = service.page(asker=ann, wanted=wanted, query=ListQuery("-score")).items
            assert {lead.name for lead in found} == names, wanted


def test_status(database: Database) -> None:
    with database.transaction() as session:
        ann = make_seller(session)
        lead = make_lead(session, ann)
        service = LeadService(session)
        service.edit(
            lead.id, {"status": "unqualified", "unqualified_reason": "A student"}, asker=ann
        )
        assert lead.unqualified_reason == "A student"
        service.edit(lead.id, {"status": "working"}, asker=ann)
        assert lead.unqualified_reason is None
        with pytest.raises(Invalid, match="status"):
            service.edit(lead.id, {"status": "converted"}, asker=ann)
        with pytest.raises(LeadNotFound):
            service.get(new_id(), asker=ann)
