"""Where a search looks, and what it finds there."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select

from crm_store.asking import AsCustomer
from crm_store.models import (
    AccountContact,
    Article,
    Conversation,
    Customer,
    Message,
    Opportunity,
    SearchEntry,
    SearchKind,
    Ticket,
    Visibility,
)

LAST = 2**62
"""Beyond every entry."""


@dataclass(frozen=True, slots=True)
class Found:
    """An entry that matches."""

    entry: int
    kind: SearchKind
    ref_id: UUID


@dataclass(frozen=True, slots=True)
class Scope:
    """Where to look.

    Attributes:
        kinds: at least one.
        customer_id: only what belongs to this customer.
        as_customer: they ask themselves: only what they may see, and published articles.
        since: not before.
        until: before.
    """

    kinds: tuple[SearchKind, ...]
    customer_id: UUID | None = None
    as_customer: AsCustomer | None = None
    since: datetime | None = None
    until: datetime | None = None


def in_time(scope: Scope, entry: type[SearchEntry] = SearchEntry) -> list[ColumnElement[bool]]:
    """The conditions that an entry's time is within the scope's."""
    conditions = []
    if scope.since is not None:
        conditions.append(entry.at >= scope.since)
    if scope.until is not None:
        conditions.append(entry.at < scope.until)
    return conditions


def belongings(scope: Scope) -> list[Select[Any]]:
    """The ids of what belongs to the customer, kind by kind."""
    asking = scope.as_customer
    owner = asking.customer_id if asking else scope.customer_id
    said = select(Message.id).join(Conversation, Conversation.id == Message.conversation_id)
    said = said.where(Conversation.customer_id == owner)
    if asking:
        said = said.where(
            Conversation.verified_at.is_not(None), Message.visibility == Visibility.PUBLIC
        )
    of_kind: dict[SearchKind, Select[Any]] = {
        SearchKind.MESSAGE: said,
        SearchKind.TICKET: select(Ticket.id).where(Ticket.customer_id == owner),
        SearchKind.CUSTOMER: select(Customer.id).where(Customer.id == owner),
    }
    if asking:
        of_kind[SearchKind.ARTICLE] = select(Article.id).where(Article.published)
    else:
        of_kind[SearchKind.OPPORTUNITY] = select(Opportunity.id).where(
            Opportunity.customer_id == owner
        )
        of_kind[SearchKind.ACCOUNT] = select(AccountContact.account_id).where(
            AccountContact.customer_id == owner
        )
    return [of_kind[kind] for kind in scope.kinds if kind in of_kind]
