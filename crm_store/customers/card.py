"""The card: what an agent should see of a customer at one glance, as JSON."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from crm_store.asking import Asker
from crm_store.customers.scope import find_customer
from crm_store.models import (
    Interest,
    Order,
    OrderStatus,
    Recommendation,
    SegmentMembership,
    Ticket,
)
from crm_store.permissions import Permission, may_or_own
from crm_store.sla.stale import UNSETTLED
from foundation.money import format_money

_ORDERS = 5
_TICKETS = 5
_RECOMMENDATIONS = 5
_INTERESTS = 10
_CLOSED_ORDERS = (OrderStatus.DELIVERED, OrderStatus.CANCELLED)


def customer_card(session: Session, customer_id: UUID, *, asker: Asker) -> dict[str, Any]:
    """Profile, the latest orders and tickets, segment, recommendations and interests.

    Who may not read orders or tickets sees how many are open, and none of them.

    Raises:
        CustomerNotFound: absent, or outside the asker's scope.
    """
    customer = find_customer(session, customer_id, asker=asker)
    customer_id = customer.id  # the one they were merged into, perhaps
    sees_orders = may_or_own(asker, Permission.ORDERS_READ)
    sees_tickets = may_or_own(asker, Permission.TICKETS_READ)
    return {
        "customer": {
            "id": str(customer.id),
            "name": customer.name,
            "email": customer.email,
            "phone": customer.phone,
            "since": customer.created_at.isoformat(),
        },
        "orders": _orders(session, customer_id) if sees_orders else [],
        "open_orders": _count(
            session, Order, Order.customer_id == customer_id, Order.status.not_in(_CLOSED_ORDERS)
        ),
        "tickets": _tickets(session, customer_id) if sees_tickets else [],
        "open_tickets": _count(
            session, Ticket, Ticket.customer_id == customer_id, Ticket.status.in_(UNSETTLED)
        ),
        "segment": _segment(session, customer_id),
        "recommendations": _recommendations(session, customer_id),
        "interests": _interests(session, customer_id),
    }


def money(amount_minor: int, currency: str) -> dict[str, Any]:
    """An amount for programs and for people."""
    return {
        "amount_minor": amount_minor,
        "currency": currency,
        "text": format_money(amount_minor, currency),
    }


def _count(session: Session, model: Any, *where: Any) -> int:
    return session.scalar(select(func.count()).select_from(model).where(*where)) or 0


def _orders(session: Session, customer_id: UUID) -> list[dict[str, Any]]:
    orders = session.scalars(
        select(Order)
        .where(Order.customer_id == customer_id)
        .order_by(Order.placed_at.desc(), Order.id.desc())
        .limit(_ORDERS)
    )
    return [
        {
            "number": order.number,
            "status": order.status.value,
            "placed_at": order.placed_at.isoformat(),
            "total": money(order.total_minor, order.currency),
        }
        for order in orders
    ]


def _tickets(session: Session, customer_id: UUID) -> list[dict[str, Any]]:
    tickets = session.scalars(
        select(Ticket)
        .where(Ticket.customer_id == customer_id)
        .order_by(Ticket.created_at.desc(), Ticket.id.desc())
        .limit(_TICKETS)
    )
    return [
        {
            "number": ticket.number,
            "subject": ticket.subject,
            "status": ticket.status.value,
            "priority": ticket.priority.value,
            "created_at": ticket.created_at.isoformat(),
        }
        for ticket in tickets
    ]


def _segment(session: Session, customer_id: UUID) -> dict[str, Any] | None:
    membership = session.scalar(
        select(SegmentMembership)
        .where(SegmentMembership.customer_id == customer_id)
        .options(joinedload(SegmentMembership.segment))
    )
    if membership is None:
        return None
    return {
        "name": membership.segment.name,
        "rfm": membership.rfm,
        "description": membership.segment.description,
        "assigned_at": membership.assigned_at.isoformat(),
    }


def _recommendations(session: Session, customer_id: UUID) -> list[dict[str, Any]]:
    rows = session.scalars(
        select(Recommendation)
        .where(Recommendation.customer_id == customer_id)
        .options(joinedload(Recommendation.product))
        .order_by(Recommendation.rank)
        .limit(_RECOMMENDATIONS)
    )
    return [
        {
            "product": {
                "name": row.product.name,
                "slug": row.product.slug,
                "price": money(row.product.price_minor, row.product.currency),
            },
            "reason": row.reason,
            "score": row.score,
            "computed_at": row.computed_at.isoformat(),
        }
        for row in rows
    ]


def _interests(session: Session, customer_id: UUID) -> list[dict[str, Any]]:
    rows = session.scalars(
        select(Interest)
        .where(Interest.customer_id == customer_id)
        .order_by(Interest.at.desc(), Interest.id.desc())
        .limit(_INTERESTS)
    )
    return [{"term": row.term, "weight": row.weight, "at": row.at.isoformat()} for row in rows]
