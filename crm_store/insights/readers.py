"""Streams of facts for analytics: read in batches, never all at once.

The facts of a merged customer are those of whom they became, whose consent counts.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from crm_store.customers.survivors import Survivors
from crm_store.models import (
    Author,
    Conversation,
    Interest,
    Message,
    Order,
    OrderLine,
    OrderStatus,
    Purpose,
)
from crm_store.privacy.consent import allowing


class OrderLineRow(NamedTuple):
    """What a customer bought, of orders that were not cancelled."""

    customer_id: UUID
    order_id: UUID
    product_id: UUID
    quantity: int
    placed_at: datetime
    unit_price_minor: int


class ConversationFeatures(NamedTuple):
    """How much and in what mood a customer talked with the shop."""

    customer_id: UUID
    contacts: int
    """Conversations held."""
    mean_valence: float
    """Of what the customer said, in [-1, 1]; 0 when nothing was measured."""
    handoffs: int
    """Conversations that went to a person."""


class InterestRow(NamedTuple):
    """What a customer said they like or look for."""

    customer_id: UUID
    term: str
    category_id: UUID | None
    product_id: UUID | None
    weight: float
    at: datetime


def order_lines(
    session: Session, batch: int, *, allowed_for: Sequence[Purpose] = ()
) -> Iterator[OrderLineRow]:
    """Order lines of customers who allow these purposes, ``batch`` rows in memory at a time."""
    buyer = Survivors(Order.customer_id)
    lines = (
        select(
            buyer.id,
            OrderLine.order_id,
            OrderLine.product_id,
            OrderLine.quantity,
            Order.placed_at,
            OrderLine.unit_price_minor,
        )
        .select_from(OrderLine)
        .join(OrderLine.order)
    )
    wanted = buyer.of(lines).where(
        Order.status != OrderStatus.CANCELLED, allowing(session, buyer.id, *allowed_for)
    )
    for row in session.execute(wanted.execution_options(yield_per=batch)):
        yield OrderLineRow._make(row)


def conversation_features(
    session: Session, *, allowed_for: Sequence[Purpose] = ()
) -> Iterator[ConversationFeatures]:
    """One row for each customer who has talked with the shop, in the order of their ids.

    Customers who do not allow these purposes are left out.
    """
    moods = (
        select(
            Message.conversation_id,
            func.sum(Message.valence).label("total"),
            func.count(Message.valence).label("number"),
        )
        .where(Message.author == Author.CUSTOMER, Message.valence.is_not(None))
        .group_by(Message.conversation_id)
        .subquery()
    )
    number = func.coalesce(func.sum(moods.c.number), 0)
    handed_over = case((Conversation.handoff_reason.is_not(None), 1), else_=0)
    speaker = Survivors(Conversation.customer_id)
    talks = (
        select(
            speaker.id,
            func.count(Conversation.id),
            func.coalesce(func.sum(moods.c.total) / func.nullif(number, 0), 0.0),
            func.sum(handed_over),
        )
        .select_from(Conversation)
        .outerjoin(moods, moods.c.conversation_id == Conversation.id)
    )
    statement = (
        speaker.of(talks)
        .where(
            Conversation.customer_id.is_not(None),
            allowing(session, speaker.id, *allowed_for),
        )
        .group_by(speaker.id)
        .order_by(speaker.id)
        .execution_options(yield_per=10_000)
    )
    for customer_id, contacts, valence, handoffs in session.execute(statement):
        yield ConversationFeatures(customer_id, contacts, float(valence), int(handoffs))


def interests(session: Session, *, allowed_for: Sequence[Purpose] = ()) -> Iterator[InterestRow]:
    """What known customers who allow these purposes said they like, the oldest first."""
    who = Survivors(Interest.customer_id)
    said = select(
        who.id,
        Interest.term,
        Interest.category_id,
        Interest.product_id,
        Interest.weight,
        Interest.at,
    ).select_from(Interest)
    statement = (
        who.of(said)
        .where(Interest.customer_id.is_not(None), allowing(session, who.id, *allowed_for))
        .order_by(Interest.at, Interest.id)
    )
    for row in session.execute(statement):
        yield InterestRow._make(row)
