"""``/api/v1/customers``."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime
from sqlalchemy.orm import Session

from crm_store.asking import Asker
from crm_store.customers.listing import CUSTOMER_SORTS, CustomerFilter, segment_names
from crm_store.customers.records import CustomerRecords
from crm_store.customers.service import CustomerService
from crm_store.interactions.service import TimelineFilter
from crm_store.lists import ListQuery
from crm_store.models import InteractionKind, Purpose
from crm_store.privacy.consent import ConsentService
from gateway.auth.staff import StaffDep
from gateway.customers.schemas import (
    CustomerCard,
    CustomerDetail,
    CustomerEdit,
    CustomerView,
    NewCustomer,
    SegmentName,
    TimelineEntry,
    sent_of,
    timeline_entry,
)
from gateway.listing import listing
from gateway.paging import Cursor, Limit, SearchText
from gateway.parts import PartsDep
from gateway.schemas import ListOf, list_of

router = APIRouter(prefix="/customers", tags=["customers"])


CustomerPage = Annotated[ListQuery, listing(CUSTOMER_SORTS)]


@router.get("")
def list_customers(
    *,
    staff: StaffDep,
    parts: PartsDep,
    page: CustomerPage,
    q: SearchText = None,
    country: Annotated[str | None, Query(max_length=64, description="Its code or name.")] = None,
    city: Annotated[str | None, Query(max_length=100)] = None,
    segment: Annotated[str | None, Query(max_length=200, description="Its name.")] = None,
    created_from: AwareDatetime | None = None,
    created_to: Annotated[AwareDatetime | None, Query(description="Known before then.")] = None,
    has_open_ticket: bool | None = None,
    has_orders: bool | None = None,
) -> ListOf[CustomerView]:
    """Customers; ``q`` is words of a name, a whole e-mail or phone number, or an order number.

    With ``q`` and no sort and no other condition, the names that fit best come first.
    """
    wanted = CustomerFilter(
        q=q,
        country=country,
        city=city,
        segment=segment,
        created_from=created_from,
        created_to=created_to,
        has_open_ticket=has_open_ticket,
        has_orders=has_orders,
    )
    with parts.database.reading() as session:
        found = CustomerService(session).page(wanted, page, asker=staff.asker)
        return list_of(found, CustomerView.model_validate)


@router.post("", status_code=201)
def create_customer(body: NewCustomer, staff: StaffDep, parts: PartsDep) -> CustomerDetail:
    """Enter a customer by hand.

    409 ``contact_known`` when somebody has the same e-mail address or phone number, and
    ``person_erased`` when they were erased; ``allow_same_contact`` and ``came_back`` say that it
    is right nevertheless.
    """
    with parts.database.transaction() as session:
        customer = CustomerRecords(session).create(
            sent_of(body),
            asker=staff.asker,
            allow_same_contact=body.allow_same_contact,
            came_back=body.came_back,
        )
        return _detail(session, customer.id, staff.asker)


@router.get("/segments")
def list_customer_segments(staff: StaffDep, parts: PartsDep) -> ListOf[SegmentName]:
    """The segments that customers are in now, to narrow the list by."""
    with parts.database.reading() as session:
        names = segment_names(session, asker=staff.asker)
        return ListOf(items=[SegmentName(name=name) for name in names])


@router.get("/{customer_id}")
def get_customer(customer_id: UUID, staff: StaffDep, parts: PartsDep) -> CustomerDetail:
    """One customer: profile, orders, tickets, what analysis found, what happened lately."""
    with parts.database.reading() as session:
        return _detail(session, customer_id, staff.asker)


@router.patch("/{customer_id}")
def edit_customer(
    customer_id: UUID, body: CustomerEdit, staff: StaffDep, parts: PartsDep
) -> CustomerDetail:
    """Change what is sent, of a customer as last seen; 409 ``changed_meanwhile`` if it moved on."""
    with parts.database.transaction() as session:
        customer = CustomerRecords(session).edit(
            customer_id,
            sent_of(body),
            asker=staff.asker,
            seen=body.updated_at,
            allow_same_contact=body.allow_same_contact,
        )
        return _detail(session, customer.id, staff.asker)


@router.get("/{customer_id}/timeline")
def get_timeline(
    *,
    customer_id: UUID,
    staff: StaffDep,
    parts: PartsDep,
    kind: Annotated[list[InteractionKind] | None, Query(max_length=len(InteractionKind))] = None,
    since: AwareDatetime | None = None,
    until: AwareDatetime | None = None,
    q: SearchText = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ListOf[TimelineEntry]:
    """What happened with the customer, the newest first; ``q`` is words of the summary."""
    wanted = TimelineFilter(kinds=tuple(kind or ()), since=since, until=until, text=q)
    with parts.database.reading() as session:
        page = CustomerService(session).timeline(
            customer_id, asker=staff.asker, filter=wanted, cursor=cursor, limit=limit
        )
        return list_of(page, timeline_entry)


def _detail(session: Session, customer_id: UUID, asker: Asker) -> CustomerDetail:
    customers = CustomerService(session)
    customer = customers.get(customer_id, asker=asker)
    return CustomerDetail(
        **CustomerView.model_validate(customer).model_dump(),
        locale=customer.locale,
        street=customer.street,
        postal_code=customer.postal_code,
        newsletter=ConsentService(session).allows(customer.id, Purpose.MARKETING_EMAIL),
        deletion_requested_at=customer.deletion_requested_at,
        card=CustomerCard.model_validate(customers.card(customer.id, asker=asker)),
        timeline=list_of(customers.timeline(customer.id, asker=asker), timeline_entry),
    )
