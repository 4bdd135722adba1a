"""Versions, owners and bulk edits, on accounts as an example of every record."""

import pytest

from crm_store.accounts.errors import AccountNotFound
from crm_store.accounts.service import AccountService
from crm_store.asking import AsCustomer, AsSystem
from crm_store.database import Database
from crm_store.editing import ChangedMeanwhile, NotTheRecordsOwner
from crm_store.models import Account, AuditEntry, Role
from foundation.errors import Invalid, NotAllowed
from foundation.ids import new_id
from tests.factories import make_customer
from tests.factories.sales import make_seller


def test_an_edit_names_the_version_it_has_seen(database: Database) -> None:
    with database.transaction() as session:
        ann = make_seller(session, name="Ann Agent")
        account = AccountService(session).create({"name": "Alpine Club"}, asker=ann)
        assert (account.version, account.owner_id) == (1, ann.user_id)
    with database.transaction() as session:
        edited = AccountService(session).edit(account.id, {"employees": 40}, asker=ann, version=1)
        assert (edited.version, edited.employees) == (2, 40)
    with database.transaction() as session, pytest.raises(ChangedMeanwhile) as refused:
        AccountService(session).edit(account.id, {"name": "Other"}, asker=ann, version=1)
    assert "Ann Agent changed this on 20" in refused.value.detail
    assert "version 2" in refused.value.detail
    with database.reading() as session:
        assert session.get_one(Account, account.id).name == "Alpine Club"


def test_what_is_the_same_changes_nothing(database: Database) -> None:
    with database.transaction() as session:
        ann = make_seller(session)
        account = AccountService(session).create({"name": "Alpine Club"}, asker=ann)
        same = AccountService(session).edit(account.id, {"name": " Alpine  Club "}, asker=ann)
        assert same.version == 1


def test_agents_change_what_is_theirs_or_nobodys(database: Database) -> None:
    with database.transaction() as session:
        ann, bob = make_seller(session), make_seller(session)
        admin = make_seller(session, role=Role.ADMIN)
        service = AccountService(session)
        hers = service.create({"name": "Hers"}, asker=ann)
        free = service.create({"name": "Free", "owner_id": None}, asker=ann)
        with pytest.raises(NotTheRecordsOwner):
            service.edit(hers.id, {"name": "Mine"}, asker=bob)
        assert service.edit(free.id, {"owner_id": bob.user_id}, asker=bob).owner_id == bob.user_id
        assert service.edit(hers.id, {"name": "Ours"}, asker=admin).name == "Ours"
        # Everybody sees everything.
        assert {row.name for row in service.page(asker=bob).items} == {"Ours", "Free"}
        with pytest.raises(AccountNotFound):
            service.edit(new_id(), {"name": "X"}, asker=bob)


def test_permissions(database: Database) -> None:
    with database.transaction() as session:
        analyst = make_seller(session, role=Role.ANALYST)
        customer = make_customer(session)
        service = AccountService(session)
        account = service.create({"name": "Alpine Club"}, asker=AsSystem("test"))
        assert service.get(account.id, asker=analyst).account.id == account.id
        with pytest.raises(NotAllowed):
            service.edit(account.id, {"name": "X"}, asker=analyst)
        with pytest.raises(NotAllowed):
            service.page(asker=AsCustomer(customer.id))


@pytest.mark.parametrize(
    "values",
    [
        {"name": ""},
        {"name": "x" * 201},
        {"name": "a", "employees": -1},
        {"name": "a", "employees": True},
        {"name": "a", "country": "Atlantis"},
        {"name": "a", "owner_id": new_id()},
        {"name": "a", "version": 7},
        {},
    ],
)
def test_bad_values(database: Database, values: dict[str, object]) -> None:
    with database.transaction() as session, pytest.raises(Invalid):
        AccountService(session).create(values, asker=make_seller(session))


def test_a_bulk_edit_reports_each_row_and_keeps_what_succeeds(database: Database) -> None:
    with database.transaction() as session:
        ann, bob = make_seller(session), make_seller(session)
        service = AccountService(session)
        mine = [service.create({"name": f"No. {n}"}, asker=bob).id for n in range(3)]
        hers = service.create({"name": "Hers"}, asker=ann).id
        missing = new_id()
    with database.transaction() as session:
        results = AccountService(session).edit_many(
            [*mine, hers, missing, mine[0]], {"industry": "Sport"}, asker=bob
        )
    by_id = {result.id: result for result in results}
    assert len(results) == 5
    assert all(by_id[one].ok and by_id[one].version == 2 for one in mine)
    assert by_id[hers].code == "not_the_owner"
    assert by_id[missing].code == "account_not_found"
    with database.reading() as session:
        industries = {row.id: row.industry for row in session.query(Account)}
        assert industries == {**dict.fromkeys(mine, "Sport"), hers: None}
        edited = session.query(AuditEntry).filter_by(action="account.edited").all()
        assert {entry.target_id for entry in edited} == {str(one) for one in mine}


def test_a_bulk_edit_has_a_limit(database: Database) -> None:
    with database.transaction() as session:
        ann = make_seller(session)
        for ids in ([], [new_id() for _ in range(501)]):
            with pytest.raises(Invalid, match="ids"):
                AccountService(session).edit_many(ids, {"industry": "Sport"}, asker=ann)
