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

MOST_FOUND = 1_000
"""So many of the newest customers with these words are put in order; others are not listed."""


def find_customers(
    session: Session, q: str, *, cursor: str | None, limit: int, asker: Asker
) -> Page[Customer]:
    """Those whom ``q`` names as a whole: by an e-mail address, a phone or an order number.

    When there are none, customers by the words of their name, the newest first; after them those
    whose name is a letter off.
    """
    exact = _exact(session, q, asker) if cursor is None else []
    if exact:
        return Page(exact, None)
    owner = asker.customer_id if isinstance(asker, AsCustomer) else None
    refs = SearchService(session).refs(
        q, SearchKind.CUSTOMER, cursor=cursor, most=limit, customer_id=owner
    )
    rows = session.scalars(select(Customer).where(Customer.id.in_(refs.items), readable(asker)))
    by_id: dict[UUID, Customer] = {customer.id: customer for customer in rows}
    return Page([by_id[key] for key in refs.items if key in by_id], refs.next_cursor)


def found_ids(session: Session, q: str, *, asker: Asker) -> list[UUID]:
    """The keys of those whom ``find_customers`` finds, for a list in another order.

    When they are found by words, the newest thousand; those a letter off only when nobody else is.
    """
    exact = _exact(session, q, asker)
    if exact:
        return [customer.id for customer in exact]
    owner = asker.customer_id if isinstance(asker, AsCustomer) else None
    search = SearchService(session)
    for forgiving in (False, True):
        refs = search.refs(
            q, SearchKind.CUSTOMER, most=MOST_FOUND, customer_id=owner, forgiving=forgiving
        )
        if refs.items:
            return refs.items
    return []


def _exact(session: Session, q: str, asker: Asker) -> list[Customer]:
    found = list(reached_by(session, q, asker=asker))
    if number := normalise_order_number(q):
        buyer = select(Order.customer_id).where(Order.number == number)
        found += session.scalars(select(Customer).where(readable(asker), Customer.id.in_(buyer)))
    return list(dict.fromkeys(found))
