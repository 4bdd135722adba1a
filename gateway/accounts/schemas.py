"""Accounts as staff see them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from crm_store.accounts.service import AccountDetail
from crm_store.models import Account, AccountContact, Customer, OpportunityStatus
from gateway.editing import Ids, Versioned

Name = Annotated[str, Field(max_length=200)]
Notes = Annotated[str, Field(max_length=20_000)]


class AccountView(BaseModel):
    """A row of a list of accounts."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    external_id: str | None
    name: str
    website: str | None
    industry: str | None
    employees: int | None
    country: str | None
    notes: str
    owner_id: UUID | None
    version: int
    created_at: datetime
    updated_at: datetime


class ContactView(BaseModel):
    """A customer who speaks for the account."""

    customer_id: UUID
    name: str
    email: str | None
    phone: str | None
    title: str | None
    is_main: bool


class StandingView(BaseModel):
    """The account's opportunities of one state and currency."""

    model_config = ConfigDict(from_attributes=True)

    status: OpportunityStatus
    currency: str
    count: int
    amount_minor: int


class AccountDetailView(AccountView):
    """An account with its contacts, and how its opportunities stand."""

    contacts: list[ContactView]
    standing: list[StandingView]


class AccountPatch(BaseModel):
    """What to set; what is left out stays."""

    external_id: Annotated[str | None, Field(max_length=128)] = None
    name: Name | None = None
    website: Name | None = None
    industry: Annotated[str | None, Field(max_length=64)] = None
    employees: Annotated[int | None, Field(ge=0, le=10_000_000)] = None
    country: Annotated[str | None, Field(max_length=64)] = None
    """By its name or its two letters; kept as the letters."""
    notes: Notes | None = None
    owner_id: UUID | None = None


class NewAccount(AccountPatch):
    name: Name


class AccountEdit(AccountPatch, Versioned):
    """What to set on one account."""


class AccountBulk(BaseModel):
    """One change of many accounts."""

    ids: Ids
    patch: AccountPatch


class AccountMerge(Versioned):
    """Which account shall become part of this one; ``version`` is this one's."""

    from_id: UUID


class ContactPut(BaseModel):
    """What the customer is at the account."""

    title: Annotated[str | None, Field(max_length=100)] = None
    is_main: bool = False


def account_detail(detail: AccountDetail) -> AccountDetailView:
    """An account with everything around it."""
    return AccountDetailView(
        **account_view(detail.account).model_dump(),
        contacts=[contact_view(contact, customer) for contact, customer in detail.contacts],
        standing=[StandingView.model_validate(one) for one in detail.standing],
    )


def account_view(account: Account) -> AccountView:
    """An account by itself."""
    return AccountView.model_validate(account)


def contact_view(contact: AccountContact, customer: Customer) -> ContactView:
    """A contact with their name."""
    return ContactView(
        customer_id=customer.id,
        name=customer.name,
        email=customer.email,
        phone=customer.phone,
        title=contact.title,
        is_main=contact.is_main,
    )
