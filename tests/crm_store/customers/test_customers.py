"""Customers' profiles."""

import json
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from sqlalchemy import func, select

from crm_store.asking import AsCustomer, AsStaff, AsSystem
from crm_store.customers.errors import CustomerNotFound
from crm_store.customers.service import CustomerService
from crm_store.database import Database
from crm_store.models import Customer, Identity, Role
from crm_store.privacy.exporting import SubjectExport
from crm_store.sites.identity import HostIdentity
from foundation.errors import Invalid
from foundation.ids import new_id
from tests.factories import (
    make_customer,
    make_order,
    make_site,
)

STAFF = AsStaff(new_id(), Role.AGENT)
SYSTEM = AsSystem("a test")


def test_a_customer_sees_only_themselves(database: Database) -> None:
    with database.transaction() as session:
        grete, other = make_customer(session), make_customer(session)
        service, asker = CustomerService(session), AsCustomer(grete.id)
        assert service.get(grete.id, asker=asker).id == grete.id
        assert [c.id for c in service.search(asker=asker).items] == [grete.id]
        for act in (
            lambda: service.get(other.id, asker=asker),
            lambda: service.card(other.id, asker=asker),
            lambda: SubjectExport(session, other.id, asker=asker),
            lambda: service.timeline(other.id, asker=asker),
            lambda: service.update_profile(asker, other.id, name="Mine"),
            lambda: service.set_newsletter(other.id, True, asker=asker),
            lambda: service.request_deletion(other.id, asker=asker),
            lambda: service.get(new_id(), asker=STAFF),
        ):
            with pytest.raises(CustomerNotFound):
                act()


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("kund", True),
        ("GRETE MÜ", True),
        ("GRETE@", True),
        ("example.com", False),
        ("xyz", False),
        ("gretta mueler", False),
        ("grette muler", True),
        ("GRETE@Example.com ", True),
        ("0049 30 1234567", True),
        ("kf-7654321", True),
        ("KF-0000000", False),
        ("%", False),
        ("", True),
        ("\x00", True),
    ],
)
def test_search(database: Database, q: str, found: bool) -> None:
    with database.transaction() as session:
        grete = make_customer(
            session, name="Grete Müller-Kunde", email="grete@example.com", phone="+49301234567"
        )
        make_order(session, grete, number="KF-7654321")
        page = CustomerService(session).search(q=q, asker=STAFF)
    assert [c.id for c in page.items] == [grete.id] * found


class TestHostIdentities:
    IDENTITY = HostIdentity("c-1", "Grete@Example.com", "Grete")

    def test_a_new_customer_is_made_once(self, database: Database) -> None:
        with database.transaction() as session:
            site, service = make_site(session, shares_customers=True), CustomerService(session)
            made = service.from_host(site, self.IDENTITY)
            again = service.from_host(site, self.IDENTITY)
            assert made.id == again.id
            assert (made.external_id, made.email, made.name) == (
                "c-1",
                "grete@example.com",
                "Grete",
            )

    def test_a_known_external_id_is_linked(self, database: Database) -> None:
        with database.transaction() as session:
            site = make_site(session, shares_customers=True)
            known = make_customer(session, external_id="c-1", email=None)
            found = CustomerService(session).from_host(site, self.IDENTITY)
            identity = session.scalars(select(Identity)).one()
        assert found.id == known.id
        assert (found.name, found.email) == ("Grete Kunde", "grete@example.com")
        assert identity.channel == f"site:{site.site_key}"

    def test_a_known_email_is_not_overwritten(self, database: Database) -> None:
        with database.transaction() as session:
            site = make_site(session, shares_customers=True)
            make_customer(session, external_id="c-1", email="old@example.com")
            assert CustomerService(session).from_host(site, self.IDENTITY).email == (
                "old@example.com"
            )

    def test_an_equal_email_alone_is_another_person(self, database: Database) -> None:
        with database.transaction() as session:
            other = make_customer(session, email="grete@example.com")
            found = CustomerService(session).from_host(make_site(session), self.IDENTITY)
            assert found.id != other.id

    @pytest.mark.parametrize("shares", [(False, False), (True, False), (False, True)])
    def test_an_equal_id_on_a_site_of_its_own_is_another_person(
        self, database: Database, shares: tuple[bool, bool]
    ) -> None:
        with database.transaction() as session:
            one, other = (make_site(session, shares_customers=share) for share in shares)
            service = CustomerService(session)
            imported = make_customer(session, external_id="c-2", email=None)
            assert service.from_host(one, self.IDENTITY).id != (
                service.from_host(other, self.IDENTITY).id
            )
            theirs = HostIdentity("c-2", None, "Somebody")
            for site in (one, other):
                found = service.from_host(site, theirs)
                assert (found.id == imported.id) == site.shares_customers
                assert service.from_host(site, theirs).id == found.id

    def test_sites_that_share_know_one_person(self, database: Database) -> None:
        with database.transaction() as session:
            one, other = (make_site(session, shares_customers=True) for _ in range(2))
            service = CustomerService(session)
            first = service.from_host(one, self.IDENTITY).id
            assert service.from_host(other, self.IDENTITY).id == first

    @pytest.mark.parametrize("shares", [True, False])
    def test_requests_at_once_make_one_customer(self, database: Database, shares: bool) -> None:
        with database.transaction() as session:
            site = make_site(session, shares_customers=shares)

        def come(_: int) -> UUID:
            with database.transaction() as session:
                return CustomerService(session).from_host(site, self.IDENTITY).id

        with ThreadPoolExecutor(4) as pool:
            assert len(set(pool.map(come, range(8)))) == 1
        with database.reading() as session:
            assert session.scalar(select(func.count()).select_from(Customer)) == 1


class TestProfile:
    def test_given_fields_are_set_in_one_form(self, database: Database) -> None:
        with database.transaction() as session:
            grete = make_customer(session, city="Berlin")
            service = CustomerService(session)
            service.update_profile(
                AsCustomer(grete.id),
                grete.id,
                name=" Grete \x00 K. ",
                email=" G@Example.com ",
                phone="+49 (0)30 1234567",
                country="de",
            )
            session.refresh(grete)
            assert (grete.name, grete.email, grete.phone, grete.country, grete.city) == (
                "Grete K.",
                "g@example.com",
                "+49301234567",
                "DE",
                "Berlin",
            )
            (entry,) = service.timeline(grete.id, asker=STAFF).items
        assert entry.summary == "Profile changed: name, phone, email, country"
        assert "example.com" not in json.dumps(entry.data)

    def test_nothing_new_is_no_event(self, database: Database) -> None:
        with database.transaction() as session:
            grete, service = make_customer(session), CustomerService(session)
            service.update_profile(STAFF, grete.id, name=grete.name)
            service.set_newsletter(grete.id, False, asker=STAFF)
            assert service.timeline(grete.id, asker=STAFF).items == []

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("name", "  "),
            ("name", "x" * 201),
            ("phone", "030 1234567"),
            ("email", "no address"),
            ("street", ""),
            ("postal_code", "1" * 21),
            ("city", "\x00"),
            ("country", "Germany"),
            ("country", "ÄÖ"),
        ],
    )
    def test_a_wrong_value_names_its_field(
        self, sqlite_database: Database, field: str, value: str
    ) -> None:
        with sqlite_database.transaction() as session:
            grete = make_customer(session)
            with pytest.raises(Invalid, match=rf"^{field}: "):
                CustomerService(session).update_profile(STAFF, grete.id, **{field: value})

    def test_newsletter_and_deletion_are_on_the_timeline_once(self, database: Database) -> None:
        with database.transaction() as session:
            grete, service = make_customer(session), CustomerService(session)
            for _ in range(2):
                service.set_newsletter(grete.id, True, asker=AsCustomer(grete.id))
            first = service.request_deletion(grete.id, asker=SYSTEM).deletion_requested_at
            assert service.request_deletion(grete.id, asker=SYSTEM).deletion_requested_at == first
            entries = service.timeline(grete.id, asker=STAFF).items
        assert [entry.summary for entry in entries] == [
            "Account deletion requested",
            "Consent given: marketing email",
        ]


def test_the_card_of_a_customer(database: Database) -> None:
    with database.transaction() as session:
        grete = make_customer(session)
        order = make_order(session, grete)
        make_order(session)
        card = CustomerService(session).card(grete.id, asker=STAFF)
    json.dumps(card)
    assert [o["number"] for o in card["orders"]] == [order.number]
    assert card["orders"][0]["total"] == {
        "amount_minor": 5390,
        "currency": "EUR",
        "text": "€53.90",
    }
    assert (card["open_orders"], card["open_tickets"], card["segment"]) == (1, 0, None)
