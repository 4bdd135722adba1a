"""Orders that the store has."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_store.models import Order

_AT_ONCE = 2_000
_COLUMNS = (
    "id", "number", "customer_id", "status", "placed_at", "currency", "items_minor",
    "shipping_minor", "total_minor", "shipping_method", "ship_to", "street", "postal_code", "city",
    "country", "cancelled_at", "cancel_reason",
)  # fmt: skip


def known_orders(session: Session, numbers: set[str]) -> dict[str, dict[str, Any]]:
    """The orders with these numbers, locked where the database can."""
    wanted = sorted(numbers)
    found: dict[str, dict[str, Any]] = {}
    for at in range(0, len(wanted), _AT_ONCE):
        statement = select(*(Order.__table__.c[name] for name in _COLUMNS)).where(
            Order.number.in_(wanted[at : at + _AT_ONCE])
        )
        if session.get_bind().dialect.name != "sqlite":
            statement = statement.with_for_update()
        for row in session.execute(statement).mappings():
            found[row["number"]] = dict(row)
    return found


def order_ids(session: Session, numbers: set[str]) -> dict[str, UUID]:
    """The keys of the orders with these numbers."""
    wanted = sorted(numbers)
    found: dict[str, UUID] = {}
    for at in range(0, len(wanted), _AT_ONCE):
        rows = session.execute(
            select(Order.number, Order.id).where(Order.number.in_(wanted[at : at + _AT_ONCE]))
        )
        found.update((number, key) for number, key in rows)
    return found
