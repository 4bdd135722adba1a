"""``/api/v1/customers``."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime

from crm_store.customers.service import CustomerService
from crm_store.interactions.service import TimelineFilter
from crm_store.models import InteractionKind, Purpose
from crm_store.privacy.consent import ConsentService
from gateway.auth.staff import StaffDep
from gateway.customers.schemas import (
    CustomerCard,
    CustomerDetail,
    CustomerView,
    TimelineEntry,
    timeline_entry,
)
from gateway.paging import Cursor, Limit, SearchText
from gateway.parts import PartsDep
from gateway.schemas import ListOf, list_of

router = APIRouter(prefix="/customers", tags=["customers"])


@router.get("")
def list_customers(
    staff: StaffDep,
    parts: PartsDep,
    q: SearchText = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ListOf[CustomerView]:
    """Customers; ``q`` is words of a name, a whole e-mail or phone number, or an order number."""
    with parts.database.reading() as session:
        page = CustomerService(session).search(q=q, cursor=cursor, limit=limit, asker=staff.asker)
        return list_of(page, CustomerView.model_validate)


@router.get("/{customer_id}")
def get_customer(customer_id: UUID, staff: StaffDep, parts: PartsDep) -> CustomerDetail:
    """One customer: profile, orders, tickets, what analysis found, what happened lately."""
    with parts.database.reading() as session:
        customers = CustomerService(session)
        customer = customers.get(customer_id, asker=staff.asker)
        card = customers.card(customer_id, asker=staff.asker)
        timeline = customers.timeline(customer_id, asker=staff.asker)
        return CustomerDetail(
            **CustomerView.model_validate(customer).model_dump(),
            locale=customer.locale,
            street=customer.street,
            postal_code=customer.postal_code,
            newsletter=ConsentService(session).allows(customer_id, Purpose.MARKETING_EMAIL),
            deletion_requested_at=customer.deletion_requested_at,
            card=CustomerCard.model_validate(card),
            timeline=list_of(timeline, timeline_entry),
        )


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
