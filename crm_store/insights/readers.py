"""Streams of facts for analytics: read in batches, never all at once."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from crm_store.models import (
    Author,
    Conversation,
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


def order_lines(
    session: Session, batch: int, *, allowed_for: Sequence[Purpose] = ()
) -> Iterator[OrderLineRow]:
    """Order lines of customers who allow these purposes, ``batch`` rows in memory at a time."""
    statement = (
        select(
            Order.customer_id,
            OrderLine.product_id,
            OrderLine.quantity,
            Order.placed_at,
            OrderLine.unit_price_minor,
        )
        .join(OrderLine.order)
        .where(
            Order.status != OrderStatus.CANCELLED,
            allowing(session, Order.customer_id, *allowed_for),
        )
        .execution_options(yield_per=batch)
    )
    for row in session.execute(statement):
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
    statement = (
        select(
            Conversation.customer_id,
            func.count(Conversation.id),
            func.coalesce(func.sum(moods.c.total) / func.nullif(number, 0), 0.0),
            func.sum(handed_over),
        )
        .outerjoin(moods, moods.c.conversation_id == Conversation.id)
        .where(
            Conversation.customer_id.is_not(None),
            allowing(session, Conversation.customer_id, *allowed_for),
        )
        .group_by(Conversation.customer_id)
        .order_by(Conversation.customer_id)
        .execution_options(yield_per=10_000)
    )
    for customer_id, contacts, valence, handoffs in session.execute(statement):
        yield ConversationFeatures(customer_id, contacts, float(valence), int(handoffs))
