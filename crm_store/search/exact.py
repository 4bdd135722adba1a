"""What is found by a whole number or address: orders, tickets, and customers by their contacts."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_store.asking import AsCustomer, Asker
from crm_store.customers.reached import reached_by
from crm_store.models import Order, Ticket
from crm_store.orders.numbers import normalise_order_number
from crm_store.search.hits import Hit, HitKind, customer_hit, order_hit, ticket_hit
from crm_store.tickets.numbers import normalise_ticket_number

_TICKET = re.compile(r"\s*t[\W_]{0,3}\d{7}\s*", re.IGNORECASE)


def exact_hits(
    session: Session,
    q: str,
    kinds: Sequence[HitKind],
    *,
    customer_id: UUID | None,
    since: datetime | None,
    until: datetime | None,
    asker: Asker,
) -> list[Hit]:
    """The things that ``q`` as a whole names."""
    owner = asker.customer_id if isinstance(asker, AsCustomer) else customer_id
    hits: list[Hit] = []
    if HitKind.ORDER in kinds and (number := normalise_order_number(q)):
        hits += [order_hit(order) for order in _numbered(session, Order, number, owner)]
    if HitKind.TICKET in kinds and _TICKET.fullmatch(q) and (number := normalise_ticket_number(q)):
        hits += [ticket_hit(ticket, ()) for ticket in _numbered(session, Ticket, number, owner)]
    if HitKind.CUSTOMER in kinds:
        people = reached_by(session, q, asker=asker)
        hits += [customer_hit(one, ()) for one in people if owner is None or one.id == owner]
    return [
        hit
        for hit in hits
        if (since is None or hit.at >= since) and (until is None or hit.at < until)
    ]


def _numbered(session: Session, model: Any, number: str, owner: UUID | None) -> Sequence[Any]:
    statement = select(model).where(model.number == number)
    if owner is not None:
        statement = statement.where(model.customer_id == owner)
    return session.scalars(statement).all()
