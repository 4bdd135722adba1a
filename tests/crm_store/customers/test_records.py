"""Customers as staff enter and correct them."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from crm_store.asking import AsCustomer, AsStaff
from crm_store.customers.errors import ContactKnown, CustomerNotFound
from crm_store.customers.records import CustomerRecords
from crm_store.customers.service import CustomerService
from crm_store.database import Database
from crm_store.editing import ChangedMeanwhile
from crm_store.models import AuditEntry, Customer, Interaction, Role
from foundation.errors import Conflict, Invalid, NotAllowed
from foundation.ids import new_id
from tests.factories import make_customer
from tests.factories.sales import make_seller

GRETE = {
    "external_id": " shop-4711 ",
    "name": " Grete  Kunde ",
    "email": " Grete@Example.com",
    "phone": "0049 30 1234567",
    "locale": "de_at",
    "street": "Lindenweg 1",
    "postal_code": "12345",
    "city": " Berlin ",
    "country": "Deutschland",
}
KEPT = {
    "external_id": "shop-4711",
    "name": "Grete Kunde",
    "email": "grete@example.com",
    "phone": "+49301234567",
    "locale": "de-AT",
    "street": "Lindenweg 1",
    "postal_code": "12345",
    "city": "Berlin",
    "country": "DE",
}


def test_what_is_entered_is_kept_in_one_form_and_written_down(database: Database) -> None:
    with database.transaction() as session:
        ann = make_seller(session)
        made = CustomerRecords(session).create(GRETE, asker=ann)
    with database.reading() as session:
        grete = session.get_one(Customer, made.id)
        assert {name: getattr(grete, name) for name in KEPT} == KEPT
        (told,) = session.scalars(
            select(Interaction).where(Interaction.customer_id == grete.id)
        ).all()
        assert told.summary == "Entered as a customer by hand"
        entry = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "customer.created")
        ).one()
        assert "grete@example.com" not in str(vars(entry)).lower()
        for q in ("Grete", "grete@example.com", "+49 30 1234567"):
            found = CustomerService(session).search(q=q, asker=ann).items
            assert [one.id for one in found] == [grete.id]


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({}, "name"),
        ({"name": "  "}, "name"),
        ({"name": None}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"email": "grete@"}, "email"),
        ({"phone": "030 123456"}, "phone: a number with its country code"),
        ({"country": "Atlantis"}, "country"),
        ({"locale": "German, please"}, "locale"),
        ({"external_id": "x" * 129}, "external_id"),
        ({"deletion_requested_at": None}, "deletion_requested_at: cannot be set"),
    ],
)
def test_what_cannot_be(database: Database, values: dict[str, Any], wrong: str) -> None:
    given = values if not values or "name" in values else {"name": "Grete", **values}
    with database.transaction() as session:
        ann = make_seller(session)
        with pytest.raises(Invalid, match=wrong):
            CustomerRecords(session).create(given, asker=ann)
        assert session.scalar(select(func.count()).select_from(Customer)) == 0


def test_the_same_contact_is_said_and_can_be_meant(database: Database) -> None:
    with database.transaction() as session:
        ann, records = make_seller(session), CustomerRecords(session)
        grete = make_customer(session, email="grete@example.com", phone="+49301234567")
        make_customer(session, email="old@example.com", merged_into_id=grete.id)
        for values, said in (
            ({"email": "GRETE@example.com"}, "this e-mail address$"),
            ({"phone": "+49 30 1234567"}, "this phone number$"),
            (
                {"email": "grete@example.com", "phone": "+49 30 1234567"},
                "this e-mail address and this phone number$",
            ),
            ({"email": "old@example.com"}, "this e-mail address$"),
        ):
            with pytest.raises(ContactKnown, match=said):
                records.create({"name": "Hans", **values}, asker=ann)
        hans = records.create(
            {"name": "Hans", "email": "grete@example.com"}, asker=ann, allow_same_contact=True
        )
        assert hans.id != grete.id
        # Nobody is like them in what they do not have.
        records.create({"name": "Nobody", "email": None, "phone": ""}, asker=ann)
        records.create({"name": "Nobody either"}, asker=ann)


def test_an_external_id_is_one_customers(database: Database) -> None:
    with database.transaction() as session:
        ann, records = make_seller(session), CustomerRecords(session)
        make_customer(session, external_id="c-1")
        with pytest.raises(Conflict, match="external_id"):
            records.create({"name": "Hans", "external_id": "c-1"}, asker=ann)
        hans = records.create({"name": "Hans"}, asker=ann)
        with pytest.raises(Conflict, match="external_id"):
            records.edit(hans.id, {"external_id": "c-1"}, asker=ann, seen=hans.updated_at)
        session.refresh(hans)
        assert hans.external_id is None


def test_an_edit_of_what_was_seen(database: Database) -> None:
    with database.transaction() as session:
        ann, records = make_seller(session), CustomerRecords(session)
        grete = make_customer(session, name="Grete", phone="+49301234567", city="Berlin")
        make_customer(session, email="hans@example.com")
        seen = grete.updated_at
        same = records.edit(grete.id, {"name": " Grete "}, asker=ann, seen=seen)
        assert same.updated_at == seen
        with pytest.raises(ContactKnown):
            records.edit(grete.id, {"email": "hans@example.com"}, asker=ann, seen=seen)
        changes = {"name": "Greta", "phone": None, "country": "austria", "locale": None}
        edited = records.edit(grete.id, changes, asker=ann, seen=seen)
        assert (edited.name, edited.phone, edited.country) == ("Greta", None, "AT")
        assert (edited.city, edited.locale) == ("Berlin", "en")
        told = session.scalars(select(Interaction).where(Interaction.customer_id == grete.id)).all()
        assert [one.summary for one in told] == ["Profile changed: name, phone, country"]
        with pytest.raises(ChangedMeanwhile, match="was changed on"):
            records.edit(grete.id, {"name": "G"}, asker=ann, seen=seen - timedelta(seconds=1))
        with pytest.raises(Invalid, match="name"):
            records.edit(grete.id, {"name": None}, asker=ann, seen=edited.updated_at)
        with pytest.raises(CustomerNotFound):
            records.edit(new_id(), {}, asker=ann, seen=seen)
        # Their own address is nobody else's.
        records.edit(grete.id, {"phone": "+49301234567"}, asker=ann, seen=edited.updated_at)


def test_a_merged_record_is_edited_where_it_went(database: Database) -> None:
    with database.transaction() as session:
        ann = make_seller(session)
        grete = make_customer(session)
        old = make_customer(session, merged_into_id=grete.id)
        edited = CustomerRecords(session).edit(
            old.id, {"city": "Wien"}, asker=ann, seen=grete.updated_at
        )
        assert edited.id == grete.id


def test_only_who_may(database: Database) -> None:
    with database.transaction() as session:
        grete = make_customer(session)
        for asker in (
            AsStaff(new_id(), Role.ANALYST),
            AsStaff(new_id(), Role.AGENT, frozenset({"customers:write"})),
            AsStaff(new_id(), Role.AGENT, frozenset({"customers:read"})),
            AsCustomer(grete.id),
        ):
            with pytest.raises(NotAllowed):
                CustomerRecords(session).create({"name": "Hans"}, asker=asker)
            with pytest.raises(NotAllowed):
                CustomerRecords(session).edit(
                    grete.id, {"name": "Hans"}, asker=asker, seen=grete.updated_at
                )
