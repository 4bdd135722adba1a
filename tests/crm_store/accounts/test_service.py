"""Accounts, their contacts, and two that become one."""

import pytest
from sqlalchemy import select

from crm_store.accounts.errors import AccountNotFound
from crm_store.accounts.repository import AccountFilter
from crm_store.accounts.service import AccountService
from crm_store.customers.errors import CustomerNotFound
from crm_store.database import Database
from crm_store.lists import ListQuery
from crm_store.models import Account, Interaction, InteractionKind, Opportunity, Task
from crm_store.tasks.service import TaskService
from foundation.errors import Conflict
from foundation.ids import new_id
from tests.factories import make_customer
from tests.factories.sales import make_opportunity, make_seller


def test_contacts_have_one_main_one(database: Database) -> None:
    with database.transaction() as session:
        ann = make_seller(session)
        service = AccountService(session)
        account = service.create({"name": "Alpine Club"}, asker=ann)
        first, second = make_customer(session, name="First"), make_customer(session, name="Second")
        service.set_contact(account.id, first.id, title="Buyer", is_main=True, asker=ann)
        service.set_contact(account.id, second.id, is_main=True, asker=ann)
        found = service.get(account.id, asker=ann).contacts
        assert [(c.name, link.is_main, link.title) for link, c in found] == [
            ("Second", True, None),
            ("First", False, "Buyer"),
        ]
        told = session.scalars(select(Interaction).where(Interaction.customer_id == first.id)).all()
        assert [(one.kind, one.summary) for one in told] == [
            (InteractionKind.SALES, "Became a contact of Alpine Club")
        ]
        service.remove_contact(account.id, first.id, asker=ann)
        service.remove_contact(account.id, first.id, asker=ann)
        assert len(service.get(account.id, asker=ann).contacts) == 1
        with pytest.raises(CustomerNotFound):
            service.set_contact(account.id, new_id(), asker=ann)


def test_finding(database: Database) -> None:
    with database.transaction() as session:
        ann, bob = make_seller(session), make_seller(session)
        service = AccountService(session)
        alpine = service.create(
            {"name": "Müller Sport", "industry": "Retail", "country": " Deutschland"}, asker=ann
        )
        service.create({"name": "Bergwacht", "owner_id": None}, asker=ann)
        customer = make_customer(session)
        service.set_contact(alpine.id, customer.id, asker=ann)
        for wanted, names in (
            (AccountFilter(q="MÜLL"), ["Müller Sport"]),
            (AccountFilter(unowned=True), ["Bergwacht"]),
            (AccountFilter(owner=ann.user_id), ["Müller Sport"]),
            (AccountFilter(owner=bob.user_id), []),
            (AccountFilter(country="DE", industry="Retail"), ["Müller Sport"]),
            (AccountFilter(country="Germany"), ["Müller Sport"]),
            (AccountFilter(country="nowhere"), []),
            (AccountFilter(customer_id=customer.id), ["Müller Sport"]),
            (AccountFilter(), ["Bergwacht", "Müller Sport"]),
        ):
            page = service.page(asker=bob, wanted=wanted, query=ListQuery("name"))
            assert [row.name for row in page.items] == names


def test_an_external_id_is_one_accounts(database: Database) -> None:
    with database.transaction() as session:
        ann = make_seller(session)
        service = AccountService(session)
        service.create({"name": "One", "external_id": "A-1"}, asker=ann)
        with pytest.raises(Conflict, match="external_id"):
            service.create({"name": "Two", "external_id": "A-1"}, asker=ann)
        assert service.create({"name": "Two"}, asker=ann).external_id is None


def test_two_accounts_become_one(database: Database) -> None:
    with database.transaction() as session:
        ann = make_seller(session)
        service = AccountService(session)
        stays = service.create({"name": "Alpine Club", "notes": "Pays late"}, asker=ann)
        goes = service.create(
            {"name": "Alpine Club e.V.", "employees": 12, "external_id": "X", "notes": "Kind"},
            asker=ann,
        )
        both, one = make_customer(session, name="Both"), make_customer(session, name="One")
        for account in (stays, goes):
            service.set_contact(account.id, both.id, is_main=True, asker=ann)
        service.set_contact(goes.id, one.id, title="Buyer", asker=ann)
        deal = make_opportunity(session, ann, account_id=goes.id)
        task = TaskService(session).create({"title": "Call", "account_id": goes.id}, asker=ann)
        stays_id, goes_id, deal_id, task_id = stays.id, goes.id, deal.id, task.id
        service.merge(stays_id, goes_id, asker=ann, version=stays.version)
    with database.transaction() as session:
        service = AccountService(session)
        detail = service.get(stays_id, asker=ann)
        assert (detail.account.employees, detail.account.notes) == (12, "Pays late\n\nKind")
        assert {(c.name, link.is_main) for link, c in detail.contacts} == {
            ("Both", True),
            ("One", False),
        }
        assert [(one.count, one.amount_minor) for one in detail.standing] == [(1, 100_000)]
        assert session.get_one(Opportunity, deal_id).account_id == stays_id
        assert session.get_one(Task, task_id).account_id == stays_id
        assert session.get_one(Account, goes_id).merged_into_id == stays_id
        assert [row.id for row in service.page(asker=ann).items] == [stays_id]
        for refused in (
            lambda: service.get(goes_id, asker=ann),
            lambda: service.edit(goes_id, {"name": "Back"}, asker=ann),
            lambda: service.merge(stays_id, goes_id, asker=ann),
        ):
            with pytest.raises(AccountNotFound):
                refused()
        with pytest.raises(Conflict):
            service.merge(stays_id, stays_id, asker=ann)
