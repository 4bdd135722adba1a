"""Lists of customers: what they can be narrowed to and sorted by, scoped by who asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from crm_store.asking import Asker
from crm_store.countries import country_codes
from crm_store.customers.finding import find_customers, found_ids
from crm_store.customers.scope import readable
from crm_store.lists import ListQuery, SortKey, Sorts
from crm_store.models import (
    Customer,
    Order,
    Segment,
    SegmentMembership,
    Ticket,
)
from crm_store.pages import Page
from crm_store.permissions import Permission, require
from crm_store.sla.stale import UNSETTLED
from crm_store.texts import storable

CUSTOMER_SORTS = Sorts(
    {
        "created_at": SortKey(Customer.created_at, datetime),
        "updated_at": SortKey(Customer.updated_at, datetime),
        "name": SortKey(func.lower(Customer.name), str),
    },
    default="-created_at",
    unique=Customer.id,
)


@dataclass(frozen=True, slots=True)
class CustomerFilter:
    """What a customer must be like; None is no condition.

    Attributes:
        q: words of the name, a whole e-mail address or phone number, or an order number.
        country: by its code or its name.
        city: the whole name, in upper or lower case.
        segment: the name of the one that they are in now.
        created_from: known since then or later.
        created_to: known since before then.
        has_open_ticket: whether a ticket of theirs is open or pending.
        has_orders: whether they have ever ordered.
    """

    q: str | None = None
    country: str | None = None
    city: str | None = None
    segment: str | None = None
    created_from: datetime | None = None
    created_to: datetime | None = None
    has_open_ticket: bool | None = None
    has_orders: bool | None = None

    @property
    def words(self) -> str:
        """``q`` as it is looked up; empty when nothing is."""
        return storable(self.q or "").strip()


def customer_page(
    session: Session, wanted: CustomerFilter, query: ListQuery, *, asker: Asker
) -> Page[Customer]:
    """Customers that match every condition; a customer finds only themselves.

    With words alone those whose name is a letter off follow the others. With words and a sort or
    another condition, the newest thousand matches are looked at.

    Raises:
        Invalid: the sort or the cursor is not one of this list.
    """
    visible = readable(asker)
    conditions = _conditions(session, wanted)
    words = wanted.words
    if words and not conditions and query.sort is None:
        return find_customers(session, words, cursor=query.cursor, limit=query.limit, asker=asker)
    statement = select(Customer).where(visible, *conditions)
    if words:
        statement = statement.where(Customer.id.in_(found_ids(session, words, asker=asker)))
    return CUSTOMER_SORTS.page(session, statement, query)


def segment_names(session: Session, *, asker: Asker) -> Sequence[str]:
    """The names of the segments that customers can be in now.

    Raises:
        NotAllowed: the asker may not read customers.
    """
    require(asker, Permission.CUSTOMERS_READ)
    used = exists().where(SegmentMembership.segment_id == Segment.id)
    return session.scalars(select(Segment.name).where(used).distinct().order_by(Segment.name)).all()


def _conditions(session: Session, wanted: CustomerFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.country:
        code = country_codes().get(storable(wanted.country).strip().casefold(), "")
        found.append(Customer.country == code)
    if wanted.city and (city := " ".join(storable(wanted.city).split())):
        found.append(func.lower(Customer.city) == func.lower(city))
    if wanted.segment:
        found.append(_in_segment(session, storable(wanted.segment)))
    if wanted.created_from is not None:
        found.append(Customer.created_at >= wanted.created_from)
    if wanted.created_to is not None:
        found.append(Customer.created_at < wanted.created_to)
    if wanted.has_open_ticket is not None:
        # A list, for few are open: SQLite would else ask of every customer whether one is theirs.
        theirs = select(Ticket.customer_id).where(
            Ticket.status.in_(UNSETTLED), Ticket.customer_id.is_not(None)
        )
        found.append(
            Customer.id.in_(theirs) if wanted.has_open_ticket else Customer.id.not_in(theirs)
        )
    if wanted.has_orders is not None:
        orders = exists().where(Order.customer_id == Customer.id)
        found.append(orders if wanted.has_orders else ~orders)
    return found


def _in_segment(session: Session, name: str) -> ColumnElement[bool]:
    # Their few keys first, so that a planner knows how many members each of them has.
    keys = session.scalars(select(Segment.id).where(Segment.name == name)).all()
    return exists().where(
        SegmentMembership.customer_id == Customer.id, SegmentMembership.segment_id.in_(keys)
    )
