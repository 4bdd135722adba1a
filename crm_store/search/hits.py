"""From entries of the index to what people see of the things found."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_store.models import (
    Account,
    Article,
    Conversation,
    Customer,
    Lead,
    Message,
    Opportunity,
    Order,
    SearchKind,
    Ticket,
)
from crm_store.search.query import Term
from crm_store.search.scope import Found
from crm_store.search.snippets import Snippet, snippet
from crm_store.texts import shorten

_TITLE_CHARS = 120


class HitKind(StrEnum):
    """What a search answers with; orders are found by their number alone."""

    MESSAGE = "message"
    CUSTOMER = "customer"
    TICKET = "ticket"
    ARTICLE = "article"
    LEAD = "lead"
    ACCOUNT = "account"
    OPPORTUNITY = "opportunity"
    ORDER = "order"


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found. ``label`` is how people refer to it: a number, an address, or nothing."""

    kind: HitKind
    id: UUID
    title: str
    snippet: Snippet
    at: datetime
    label: str | None = None
    customer_id: UUID | None = None
    conversation_id: UUID | None = None


def load_hits(session: Session, found: Sequence[Found], terms: Sequence[Term]) -> list[Hit]:
    """The things behind the entries, in their order; those gone meanwhile are left out."""
    hits: dict[UUID, Hit] = {}
    for kind in {one.kind for one in found}:
        ids = [one.ref_id for one in found if one.kind is kind]
        hits |= {hit.id: hit for hit in _LOADERS[kind](session, ids, terms)}
    return [hits[one.ref_id] for one in found if one.ref_id in hits]


def order_hit(order: Order) -> Hit:
    """An order, found by its number."""
    said = Snippet(f"{order.number}: {order.status.value}")
    return Hit(
        HitKind.ORDER, order.id, order.number, said, order.placed_at, order.number,
        order.customer_id,
    )  # fmt: skip


def ticket_hit(ticket: Ticket, terms: Sequence[Term]) -> Hit:
    """A ticket."""
    said = snippet(ticket.body or ticket.subject, terms)
    return Hit(
        HitKind.TICKET, ticket.id, ticket.subject, said, ticket.created_at, ticket.number,
        ticket.customer_id, ticket.conversation_id,
    )  # fmt: skip


def customer_hit(customer: Customer, terms: Sequence[Term]) -> Hit:
    """A customer."""
    return Hit(
        HitKind.CUSTOMER, customer.id, customer.name, snippet(customer.name, terms),
        customer.created_at, customer.external_id, customer.id,
    )  # fmt: skip


def _messages(session: Session, ids: list[UUID], terms: Sequence[Term]) -> Iterable[Hit]:
    rows = session.execute(
        select(Message, Conversation.customer_id, Customer.name)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .outerjoin(Customer, Customer.id == Conversation.customer_id)
        .where(Message.id.in_(ids))
    )
    for message, customer_id, name in rows:
        yield Hit(
            HitKind.MESSAGE, message.id, message.name or name or message.author.value,
            snippet(message.text, terms), message.sent_at, None, customer_id,
            message.conversation_id,
        )  # fmt: skip


def _customers(session: Session, ids: list[UUID], terms: Sequence[Term]) -> Iterable[Hit]:
    return (customer_hit(row, terms) for row in _rows(session, Customer, ids))


def _tickets(session: Session, ids: list[UUID], terms: Sequence[Term]) -> Iterable[Hit]:
    return (ticket_hit(row, terms) for row in _rows(session, Ticket, ids))


def _articles(session: Session, ids: list[UUID], terms: Sequence[Term]) -> Iterable[Hit]:
    for row in _rows(session, Article, ids):
        said = snippet(f"{row.summary} {row.body}", terms)
        yield Hit(HitKind.ARTICLE, row.id, row.title, said, row.created_at, row.slug)


def _leads(session: Session, ids: list[UUID], terms: Sequence[Term]) -> Iterable[Hit]:
    for row in _rows(session, Lead, ids):
        said = snippet(" · ".join(filter(None, (row.name, row.company))), terms)
        yield Hit(HitKind.LEAD, row.id, row.name, said, row.created_at)


def _accounts(session: Session, ids: list[UUID], terms: Sequence[Term]) -> Iterable[Hit]:
    for row in _rows(session, Account, ids):
        yield Hit(HitKind.ACCOUNT, row.id, row.name, snippet(row.name, terms), row.created_at)


def _opportunities(session: Session, ids: list[UUID], terms: Sequence[Term]) -> Iterable[Hit]:
    for row in _rows(session, Opportunity, ids):
        yield Hit(
            HitKind.OPPORTUNITY, row.id, shorten(row.name, _TITLE_CHARS),
            snippet(row.next_step or row.name, terms), row.created_at, None, row.customer_id,
        )  # fmt: skip


def _rows(session: Session, model: Any, ids: list[UUID]) -> Sequence[Any]:
    return session.scalars(select(model).where(model.id.in_(ids))).all()


_LOADERS = {
    SearchKind.MESSAGE: _messages,
    SearchKind.CUSTOMER: _customers,
    SearchKind.TICKET: _tickets,
    SearchKind.ARTICLE: _articles,
    SearchKind.LEAD: _leads,
    SearchKind.ACCOUNT: _accounts,
    SearchKind.OPPORTUNITY: _opportunities,
}
