"""``/api/v1/orders``."""

from typing import Annotated

from fastapi import APIRouter, Path

from crm_store.orders.parcels import ParcelReport, ParcelService
from crm_store.orders.service import OrderService
from gateway.auth.staff import StaffDep
from gateway.orders.schemas import (
    OrderDetail,
    OrderView,
    ParcelState,
    order_detail,
    order_view,
)
from gateway.paging import Cursor, Limit, SearchText
from gateway.parts import PartsDep
from gateway.schemas import ListOf, list_of

router = APIRouter(prefix="/orders", tags=["orders"])


@router.get("")
def list_orders(
    staff: StaffDep,
    parts: PartsDep,
    q: SearchText = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ListOf[OrderView]:
    """Orders, newest first; ``q`` is a number, or the start of the customer's e-mail or name."""
    with parts.database.reading() as session:
        page = OrderService(session).list(asker=staff.asker, q=q, cursor=cursor, limit=limit)
        return list_of(page, order_view)


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
