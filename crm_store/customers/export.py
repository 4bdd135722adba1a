"""Everything that is kept about a customer, as JSON that they can take away."""

from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_store.asking import Asker
from crm_store.customers.scope import find_customer
from crm_store.models import (
    Base,
    Conversation,
    Csat,
    Identity,
    Interaction,
    Interest,
    Message,
    Order,
    OrderLine,
    Payment,
    Recommendation,
    Return,
    SegmentMembership,
    Shipment,
    Ticket,
    Visibility,
)

# What an agent's work needs and is not the customer's data.
_LEFT_OUT = {"idempotency_key", "source_key", "version", "handoff_brief"}


def export_customer(session: Session, customer_id: UUID, *, asker: Asker) -> dict[str, Any]:
    """The customer's record, one list of rows a kind.

    Raises:
        CustomerNotFound: absent, or outside the asker's scope.
    """
    customer = find_customer(session, customer_id, asker=asker)
    customer_id = customer.id  # the one they were merged into, perhaps
    orders = select(Order.id).where(Order.customer_id == customer_id)
    chats = select(Conversation.id).where(
        Conversation.customer_id == customer_id, Conversation.verified_at.is_not(None)
    )
    wanted: dict[str, tuple[type[Base], Any]] = {
        "identities": (Identity, Identity.customer_id == customer_id),
        "orders": (Order, Order.customer_id == customer_id),
        "order_lines": (OrderLine, OrderLine.order_id.in_(orders)),
        "shipments": (Shipment, Shipment.order_id.in_(orders)),
        "payments": (Payment, Payment.order_id.in_(orders)),
        "returns": (Return, Return.order_id.in_(orders)),
        "tickets": (Ticket, Ticket.customer_id == customer_id),
        "conversations": (Conversation, Conversation.id.in_(chats)),
        "messages": (
            Message,
            Message.conversation_id.in_(chats) & (Message.visibility == Visibility.PUBLIC),
        ),
        "ratings": (Csat, Csat.conversation_id.in_(chats)),
        "interactions": (Interaction, Interaction.customer_id == customer_id),
        "interests": (Interest, Interest.customer_id == customer_id),
        "segment": (SegmentMembership, SegmentMembership.customer_id == customer_id),
        "recommendations": (Recommendation, Recommendation.customer_id == customer_id),
    }
    return {"customer": _plain(customer)} | {
        name: [_plain(row) for row in session.scalars(_select(model, where))]
        for name, (model, where) in wanted.items()
    }


def _select(model: type[Base], where: Any) -> Any:
    # Keys are UUIDv7: the order of the primary key is the order of time.
    return select(model).where(where).order_by(*model.__table__.primary_key)


def _plain(row: Base) -> dict[str, Any]:
    names = [column.key for column in row.__table__.columns if column.key not in _LEFT_OUT]
    return {name: _json(getattr(row, name)) for name in names}


def _json(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    return str(value) if isinstance(value, UUID) else value
