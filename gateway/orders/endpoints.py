"""``/api/v1/orders``."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query
from pydantic import AwareDatetime

from crm_store.lists import ListQuery
from crm_store.models import OrderStatus
from crm_store.orders.parcels import ParcelReport, ParcelService
from crm_store.orders.repository import ORDER_SORTS, OrderFilter
from crm_store.orders.service import OrderService
from gateway.auth.staff import StaffDep
from gateway.listing import listing
from gateway.orders.schemas import (
    OrderDetail,
    OrderView,
    ParcelState,
    order_detail,
    order_view,
)
from gateway.paging import SearchText
from gateway.parts import PartsDep
from gateway.schemas import ListOf, list_of

router = APIRouter(prefix="/orders", tags=["orders"])


OrderPage = Annotated[ListQuery, listing(ORDER_SORTS)]


@router.get("")
def list_orders(
    *,
    staff: StaffDep,
    parts: PartsDep,
    page: OrderPage,
    q: SearchText = None,
    status: Annotated[list[OrderStatus] | None, Query(max_length=len(OrderStatus))] = None,
    customer_id: UUID | None = None,
    placed_from: AwareDatetime | None = None,
    placed_to: Annotated[AwareDatetime | None, Query(description="Placed before then.")] = None,
) -> ListOf[OrderView]:
    """Orders; ``q`` is a number or its start, a whole e-mail address, or words of a name."""
    wanted = OrderFilter(
        q=q,
        status=status or (),
        customer_id=customer_id,
        placed_from=placed_from,
        placed_to=placed_to,
    )
    with parts.database.reading() as session:
        return list_of(OrderService(session).page(wanted, page, asker=staff.asker), order_view)


@router.get("/{number}")
def get_order(
    number: Annotated[str, Path(max_length=40)], staff: StaffDep, parts: PartsDep
) -> OrderDetail:
    """One order with lines, parcels, payments and returns."""
    with parts.database.reading() as session:
        return order_detail(OrderService(session).by_number(number, asker=staff.asker))


@router.put("/{number}/shipments/{tracking_number}")
def report_parcel(
    number: Annotated[str, Path(max_length=40)],
    tracking_number: Annotated[str, Path(max_length=64)],
    body: ParcelState,
    staff: StaffDep,
    parts: PartsDep,
) -> OrderDetail:
    """What warehouse or carrier say of a parcel; the same again changes nothing.

    The first parcel that leaves makes the order shipped, the last one that arrives delivered.
    """
    given = ParcelReport(**body.model_dump())
    with parts.database.transaction() as session:
        ParcelService(session).report(number, tracking_number, given, asker=staff.asker)
        return order_detail(OrderService(session).by_number(number, asker=staff.asker))
