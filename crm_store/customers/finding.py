"""Finding customers by what somebody typed."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_store.asking import AsCustomer, Asker
from crm_store.customers.reached import reached_by
from crm_store.customers.scope import readable
from crm_store.models import Customer, Order, SearchKind
from crm_store.orders.numbers import normalise_order_number
from crm_store.pages import Page
from crm_store.search.service import SearchService


def find_customers(
    session: Session, q: str, *, cursor: str | None, limit: int, asker: Asker
) -> Page[Customer]:
    """Customers by the words of their name, the newest first.

    Those whom ``q`` names as a whole (an e-mail address, a phone or order number) come before
    them, those whose name is a letter off after them.
    """
    owner = asker.customer_id if isinstance(asker, AsCustomer) else None
    exact = _exact(session, q, asker) if cursor is None else []
    known = {customer.id for customer in exact}
    refs = SearchService(session).refs(
        q, SearchKind.CUSTOMER, cursor=cursor, most=limit, customer_id=owner
    )
    wanted = [key for key in refs.items if key not in known]
    rows = session.scalars(select(Customer).where(Customer.id.in_(wanted), readable(asker)))
    by_id: dict[UUID, Customer] = {customer.id: customer for customer in rows}
    found = [by_id[key] for key in wanted if key in by_id]
    return Page([*exact, *found], refs.next_cursor)


def _exact(session: Session, q: str, asker: Asker) -> list[Customer]:
    found = list(reached_by(session, q, asker=asker))
    if number := normalise_order_number(q):
        buyer = select(Order.customer_id).where(Order.number == number)
        found += session.scalars(select(Customer).where(readable(asker), Customer.id.in_(buyer)))
    return list(dict.fromkeys(found))
