"""``/api/v1/accounts``."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from crm_store.accounts.repository import ACCOUNT_SORTS, AccountFilter
from crm_store.accounts.service import AccountService
from crm_store.lists import ListQuery
from gateway.accounts.schemas import (
    AccountBulk,
    AccountDetailView,
    AccountEdit,
    AccountMerge,
    AccountView,
    ContactPut,
    NewAccount,
    account_detail,
    account_view,
)
from gateway.auth.staff import StaffDep
from gateway.editing import OwnerParam, RowResults, owned_by, row_results, sent
from gateway.listing import listing
from gateway.paging import SearchText
from gateway.parts import PartsDep
from gateway.schemas import ListOf, list_of

router = APIRouter(prefix="/accounts", tags=["sales"])

AccountPage = Annotated[ListQuery, listing(ACCOUNT_SORTS)]


@router.get("")
def list_accounts(
    *,
    staff: StaffDep,
    parts: PartsDep,
    page: AccountPage,
    q: SearchText = None,
    owner: OwnerParam = None,
    industry: Annotated[str | None, Query(max_length=64)] = None,
    country: Annotated[str | None, Query(max_length=64)] = None,
    customer_id: UUID | None = None,
) -> ListOf[AccountView]:
    """Accounts; ``q`` is a part of the name, ``customer_id`` one of the contacts."""
    wanted = AccountFilter(
        q=q,
        owner=owned_by(owner, staff),
        unowned=owner == "none",
        industry=industry,
        country=country,
        customer_id=customer_id,
    )
    with parts.database.reading() as session:
        found = AccountService(session).page(asker=staff.asker, wanted=wanted, query=page)
        return list_of(found, account_view)


@router.post("", status_code=201)
def create_account(body: NewAccount, staff: StaffDep, parts: PartsDep) -> AccountView:
    """A new account; without an owner it is yours."""
    with parts.database.transaction() as session:
        return account_view(AccountService(session).create(sent(body), asker=staff.asker))


@router.post("/bulk")
def edit_accounts(body: AccountBulk, staff: StaffDep, parts: PartsDep) -> RowResults:
    """The same change of many accounts, each by itself."""
    with parts.database.transaction() as session:
        service = AccountService(session)
        return row_results(service.edit_many(body.ids, sent(body.patch), asker=staff.asker))


@router.get("/{account_id}")
def get_account(account_id: UUID, staff: StaffDep, parts: PartsDep) -> AccountDetailView:
    """One account with its contacts, and how its opportunities stand."""
    with parts.database.reading() as session:
        return account_detail(AccountService(session).get(account_id, asker=staff.asker))


@router.patch("/{account_id}")
def edit_account(
    account_id: UUID, body: AccountEdit, staff: StaffDep, parts: PartsDep
) -> AccountView:
    """Change an account that is yours, or nobody's."""
    with parts.database.transaction() as session:
        account = AccountService(session).edit(
            account_id, sent(body), asker=staff.asker, version=body.version
        )
        return account_view(account)


@router.post("/{account_id}/merge")
def merge_accounts(
    account_id: UUID, body: AccountMerge, staff: StaffDep, parts: PartsDep
) -> AccountDetailView:
    """Make another account part of this one; its contacts and opportunities come along."""
    with parts.database.transaction() as session:
        service = AccountService(session)
        service.merge(account_id, body.from_id, asker=staff.asker, version=body.version)
        return account_detail(service.get(account_id, asker=staff.asker))


@router.put("/{account_id}/contacts/{customer_id}")
def set_account_contact(
    account_id: UUID, customer_id: UUID, body: ContactPut, staff: StaffDep, parts: PartsDep
) -> AccountDetailView:
    """Make a customer a contact of the account, or change what they are there."""
    with parts.database.transaction() as session:
        service = AccountService(session)
        service.set_contact(
            account_id, customer_id, title=body.title, is_main=body.is_main, asker=staff.asker
        )
        return account_detail(service.get(account_id, asker=staff.asker))


@router.delete("/{account_id}/contacts/{customer_id}", status_code=204)
def remove_account_contact(
    account_id: UUID, customer_id: UUID, staff: StaffDep, parts: PartsDep
) -> None:
    """Let a customer be no contact of the account any more."""
    with parts.database.transaction() as session:
        AccountService(session).remove_contact(account_id, customer_id, asker=staff.asker)
