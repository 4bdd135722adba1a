"""A lead becomes a customer, and back."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_store.accounts.service import AccountService
from crm_store.asking import AsStaff
from crm_store.database import Database
from crm_store.editing import ChangedMeanwhile
from crm_store.leads.conversion import ConversionService, ConversionWish
from crm_store.leads.errors import AlreadyConverted, CannotUndo, ChooseACustomer
from crm_store.leads.service import LeadService
from crm_store.leads.undoing import ConversionUndoing
from crm_store.models import (
    Account,
    AccountContact,
    AuditEntry,
    Customer,
    Identity,
    Interaction,
    Lead,
    LeadConversion,
    LeadStatus,
    Opportunity,
    StageChange,
)
from crm_store.opportunities.service import OpportunityService
from foundation.clock import utc_now
from foundation.errors import Invalid
from foundation.ids import new_id
from tests.factories import make_customer, make_order
from tests.factories.sales import Clock, make_lead, make_seller

ALL = ConversionWish(
    new_account="Bergsport Nord", opportunity={"name": "Forty tents", "amount_minor": 500_000}
)


def lead_to_convert(session: Session, asker: AsStaff, **given: Any) -> Lead:
    values = {"email": "lena@example.com", "source": "referral", "status": "qualified"}
    return make_lead(session, asker, **values | given)


def counts(session: Session) -> dict[str, int]:
    models = (Customer, Account, AccountContact, Opportunity, StageChange)
    return {model.__name__: session.query(model).count() for model in models}


def test_all_of_it_at_once_and_only_once(database: Database) -> None:
    with database.transaction() as session:
        ann = make_seller(session)
        lead = lead_to_convert(session, ann)
    made = set()
    for _ in range(2):  # the second time, the answer got lost on the way to the first request
        with database.transaction() as session:
            service = ConversionService(session)
            made.add(service.convert(lead.id, ALL, asker=ann, version=1).id)
    assert len(made) == 1
    with database.reading() as session:
        assert counts(session) == {
            "Customer": 1,
            "Account": 1,
            "AccountContact": 1,
            "Opportunity": 1,
            "StageChange": 1,
        }
        found = session.get_one(Lead, lead.id)
        assert (found.status, found.version) == (LeadStatus.CONVERTED, 2)
        opportunity = session.scalars(select(Opportunity)).one()
        customer = session.scalars(select(Customer)).one()
        assert (customer.name, customer.email) == ("Lena Lead", "lena@example.com")
        assert (opportunity.customer_id, opportunity.source) == (customer.id, lead.source)
        assert opportunity.owner_id == ann.user_id
        told = [row.summary for row in session.scalars(select(Interaction))]
        assert "Became a customer; was a lead from: referral" in told
        acts = {entry.action for entry in session.scalars(select(AuditEntry))}
        assert {"lead.converted", "account.created", "opportunity.created"} <= acts
        assert "lena" not in " ".join(
            entry.facts_text for entry in session.scalars(select(AuditEntry))
        )


def test_an_unverified_address_never_merges_people(database: Database) -> None:
    with database.transaction() as session:
        ann = make_seller(session)
        lead = lead_to_convert(session, ann, phone="+49 30 1234567")
        maybe = make_customer(session, name="Maybe", email="lena@example.com")
        known = make_customer(session, name="Known", phone="+49301234567")
        session.add(
            Identity(customer_id=known.id, channel="site:x", subject="1", verified_at=utc_now())
        )
        session.flush()
        service = ConversionService(session)
        candidates = service.candidates(lead.id, asker=ann)
        assert [
            (one.customer.name, one.same_email, one.same_phone, one.verified) for one in candidates
        ] == [("Known", False, True, True), ("Maybe", True, False, False)]
        with pytest.raises(ChooseACustomer, match="2 of our customers"):
            service.convert(lead.id, ConversionWish(), asker=ann)
        conversion = service.convert(lead.id, ConversionWish(customer_id=maybe.id), asker=ann)
        assert (conversion.customer_id, conversion.customer_made) == (maybe.id, False)
        assert conversion.opportunity_id is None


def test_a_new_customer_in_spite_of_candidates(database: Database) -> None:
    with database.transaction() as session:
        ann = make_seller(session)
        make_customer(session, email="lena@example.com")
        lead = lead_to_convert(session, ann)
        done = ConversionService(session).convert(
            lead.id, ConversionWish(new_customer=True), asker=ann
        )
        assert done.customer_made
        assert session.query(Customer).count() == 2


def test_refusals_leave_nothing(database: Database) -> None:
    with database.transaction() as session:
        ann = make_seller(session)
        lead = lead_to_convert(session, ann)
    bad = ConversionWish(new_account="New", opportunity={"name": "X", "amount_minor": -1})
    with pytest.raises(Invalid), database.transaction() as session:
        ConversionService(session).convert(lead.id, bad, asker=ann)
    with pytest.raises(ChangedMeanwhile), database.transaction() as session:
        ConversionService(session).convert(lead.id, ALL, asker=ann, version=7)
    with database.reading() as session:
        assert set(counts(session).values()) == {0}
        assert session.get_one(Lead, lead.id).status is LeadStatus.QUALIFIED


@pytest.mark.parametrize(
    "wish",
    [
        ConversionWish(new_account=" "),
        ConversionWish(new_account="x" * 201),
        ConversionWish(customer_id=new_id(), new_customer=True),
        ConversionWish(account_id=new_id(), new_account="New"),
    ],
)
def test_contradictions(database: Database, wish: ConversionWish) -> None:
    with database.transaction() as session:
        ann = make_seller(session)
        lead = lead_to_convert(session, ann)
        with pytest.raises(Invalid):
            ConversionService(session).convert(lead.id, wish, asker=ann)


def test_a_converted_lead_is_history(database: Database) -> None:
    with database.transaction() as session:
        ann = make_seller(session)
        lead = lead_to_convert(session, ann)
        ConversionService(session).convert(lead.id, ALL, asker=ann)
        with pytest.raises(AlreadyConverted):
            LeadService(session).edit(lead.id, {"name": "Else"}, asker=ann)


def test_undoing_removes_what_was_made(database: Database) -> None:
    with database.transaction() as session:
        ann = make_seller(session)
        lead = lead_to_convert(session, ann)
        ConversionService(session).convert(lead.id, ALL, asker=ann)
    with database.transaction() as session:
        undone = ConversionUndoing(session).undo(lead.id, asker=ann)
        assert (undone.status, undone.version, undone.converted_at) == (
            LeadStatus.QUALIFIED,
            3,
            None,
        )
    with database.transaction() as session:
        assert set(counts(session).values()) == {0}
        kept = session.scalars(select(LeadConversion)).one()
        assert kept.undone_by_id == ann.user_id
        assert kept.customer_id is None
        # And once more from the start.
        ConversionService(session).convert(lead.id, ALL, asker=ann)
        assert set(counts(session).values()) == {1}


def test_undoing_leaves_what_was_found(database: Database) -> None:
    with database.transaction() as session:
        ann = make_seller(session)
        lead = lead_to_convert(session, ann)
        customer = make_customer(session)
        account = AccountService(session).create({"name": "There before"}, asker=ann)
        wish = ConversionWish(customer_id=customer.id, account_id=account.id)
        ConversionService(session).convert(lead.id, wish, asker=ann)
        assert session.query(AccountContact).count() == 1
        ConversionUndoing(session).undo(lead.id, asker=ann)
        assert counts(session) == {
            "Customer": 1,
            "Account": 1,
            "AccountContact": 0,
            "Opportunity": 0,
            "StageChange": 0,
        }
        told = [row.summary for row in session.scalars(select(Interaction))]
        assert "A lead's conversion to this customer was undone" in told


def test_what_is_in_use_is_not_undone(database: Database) -> None:
    clock = Clock()
    with database.transaction() as session:
        ann = make_seller(session)
        undoing = ConversionUndoing(session, clock=clock)
        service = ConversionService(session, clock=clock)

        ordered = lead_to_convert(session, ann)
        conversion = service.convert(ordered.id, ConversionWish(), asker=ann)
        make_order(session, session.get_one(Customer, conversion.customer_id))
        with pytest.raises(CannotUndo, match="customer is in use: orders"):
            undoing.undo(ordered.id, asker=ann)

        worked = lead_to_convert(session, ann, email="w@example.com")
        conversion = service.convert(worked.id, ALL, asker=ann)
        assert conversion.opportunity_id is not None
        OpportunityService(session).edit(
            conversion.opportunity_id, {"next_step": "Call"}, asker=ann
        )
        with pytest.raises(CannotUndo, match="worked on the opportunity"):
            undoing.undo(worked.id, asker=ann)

        old = lead_to_convert(session, ann, email="o@example.com")
        service.convert(old.id, ConversionWish(), asker=ann)
        clock.forward(days=31)
        with pytest.raises(CannotUndo, match="30 days"):
            undoing.undo(old.id, asker=ann)

        fresh = lead_to_convert(session, ann, email="f@example.com")
        with pytest.raises(CannotUndo, match="not converted"):
            undoing.undo(fresh.id, asker=ann)
        # Refusing has changed nothing.
        assert session.query(LeadConversion).filter(LeadConversion.undone_at.is_(None)).count() == 3
