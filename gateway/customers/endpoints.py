"""``/api/v1/customers``."""

from uuid import UUID

from fastapi import APIRouter

from crm_store.customers.service import CustomerService
from crm_store.models import Purpose
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
    """Customers; ``q`` is part of a name or e-mail, a phone number, or an order number."""
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
    customer_id: UUID,
    staff: StaffDep,
    parts: PartsDep,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ListOf[TimelineEntry]:
    """What happened with the customer, the newest first."""
    with parts.database.reading() as session:
        page = CustomerService(session).timeline(
            customer_id, asker=staff.asker, cursor=cursor, limit=limit
        )
        return list_of(page, timeline_entry)
