"""Finding customers by what somebody typed."""

from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from crm_store.asking import AsCustomer, Asker
from crm_store.customers.contacts import has_email, has_phone
from crm_store.customers.scope import also_merged, readable
from crm_store.models import Customer, Order, SearchKind
from crm_store.orders.numbers import normalise_order_number
from crm_store.pages import Page
from crm_store.search.service import SearchService

_MOST_EXACT = 50


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
    named = [also_merged(or_(has_email(session, q), has_phone(session, q)))]
    if number := normalise_order_number(q):
        named.append(Customer.id.in_(select(Order.customer_id).where(Order.number == number)))
    found: list[Customer] = []
    for condition in named:
        statement = select(Customer).where(readable(asker), condition)
        newest = statement.order_by(Customer.created_at.desc(), Customer.id.desc())
        found += session.scalars(newest.limit(_MOST_EXACT))
    return list(dict.fromkeys(found))
