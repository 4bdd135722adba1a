"""What warehouse and carrier report of parcels; it moves the order and stands on the timeline."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_store.asking import Asker
from crm_store.audit import record
from crm_store.interactions.service import InteractionService
from crm_store.models import InteractionKind, Order, OrderStatus, Shipment, ShipmentStatus
from crm_store.orders.errors import CannotShip, OrderNotFound
from crm_store.orders.numbers import normalise_order_number
from crm_store.orders.repository import OrderRepository
from crm_store.permissions import Permission, require
from crm_store.texts import shorten, storable
from foundation.clock import utc_now
from foundation.errors import Invalid

_NAME_CHARS, _REASON_CHARS = 64, 200
_CLOCKS_DIFFER = timedelta(minutes=5)
_BEFORE_SHIPPED = (OrderStatus.PENDING, OrderStatus.PAID, OrderStatus.PACKED)


@dataclass(frozen=True, slots=True)
class ParcelReport:
    """What is known of a parcel now.

    Attributes:
        status: where it is.
        carrier: who brings it; needed the first time.
        shipped_at: when it left; now when it has left and None is given.
        expected_on: the day on which the carrier expects to deliver.
        delivered_at: when it arrived; now when it has arrived and None is given.
        delay_reason: why it is late.
    """

    status: ShipmentStatus
    carrier: str | None = None
    shipped_at: datetime | None = None
    expected_on: date | None = None
    delivered_at: datetime | None = None
    delay_reason: str | None = None


class ParcelService:
    """Takes reports; the same report again changes nothing."""

    def __init__(self, session: Session, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._orders = OrderRepository(session)
        self._interactions = InteractionService(session)
        self._session = session
        self._clock = clock

    def report(
        self, number: str, tracking_number: str, given: ParcelReport, *, asker: Asker
    ) -> Order:
        """Make or change the order's parcel with this tracking number; returns the order.

        With the first parcel that leaves the order is shipped, with the last one that arrives
        delivered. What was delivered stays so: reports that come late change nothing.

        Raises:
            NotAllowed: the asker may not change orders.
            OrderNotFound: there is no such order.
            CannotShip: the order is cancelled, or the parcel is another order's.
            Invalid: a value is missing, too long, or lies in the future.
        """
        require(asker, Permission.ORDERS_WRITE)
        wanted = normalise_order_number(number)
        order = self._orders.by_number(wanted, asker, lock=True) if wanted else None
        if order is None:
            raise OrderNotFound
        tracking = _text("tracking_number", tracking_number, _NAME_CHARS)
        parcel = self._session.scalar(select(Shipment).where(Shipment.tracking_number == tracking))
        if parcel is not None and parcel.order_id != order.id:
            raise CannotShip(f"Parcel {tracking} belongs to another order.")
        if parcel is None:
            parcel = self._add(order, tracking, given)
        elif parcel.status is ShipmentStatus.DELIVERED:
            return order
        left, arrived = parcel.shipped_at is None, parcel.delivered_at is None
        self._take(parcel, given)
        self._session.flush()
        if left and parcel.shipped_at is not None:
            summary = shipped_summary(order.number, parcel.carrier, tracking)
            self._tell(order, parcel, "shipped", summary, parcel.shipped_at)
        if arrived and parcel.delivered_at is not None:
            summary = delivered_summary(order.number)
            self._tell(order, parcel, "delivered", summary, parcel.delivered_at)
        self._session.refresh(order, ["shipments"])
        self._move(order)
        facts = {"tracking_number": tracking, "status": parcel.status.value}
        record(self._session, asker, "order.parcel_reported", "order", order.number, facts)
        self._session.flush()
        return order

    def _add(self, order: Order, tracking: str, given: ParcelReport) -> Shipment:
        if order.status is OrderStatus.CANCELLED:
            raise CannotShip(f"Order {order.number} is cancelled.")
        parcel = Shipment(
            order_id=order.id,
            carrier=_text("carrier", given.carrier or "", _NAME_CHARS),
            tracking_number=tracking,
            status=ShipmentStatus.LABEL_CREATED,
        )
        self._session.add(parcel)
        return parcel

    def _take(self, parcel: Shipment, given: ParcelReport) -> None:
        now = self._clock()
        for name in ("shipped_at", "delivered_at"):
            at = getattr(given, name)
            if at is not None and at > now + _CLOCKS_DIFFER:
                raise Invalid(f"{name}: lies in the future")
        parcel.status = given.status
        if given.carrier:
            parcel.carrier = _text("carrier", given.carrier, _NAME_CHARS)
        if given.status is not ShipmentStatus.LABEL_CREATED and parcel.shipped_at is None:
            # Who hears of a parcel when it has arrived already knows no better time than that.
            parcel.shipped_at = given.shipped_at or given.delivered_at or now
        if given.expected_on is not None:
            parcel.expected_on = given.expected_on
        if given.delay_reason is not None:
            reason = storable(given.delay_reason).strip()
            parcel.delay_reason = shorten(reason, _REASON_CHARS) or None
        if given.status is ShipmentStatus.DELIVERED:
            parcel.delivered_at = given.delivered_at or now
            if parcel.shipped_at is not None and parcel.delivered_at < parcel.shipped_at:
                raise Invalid("delivered_at: lies before shipped_at")

    def _move(self, order: Order) -> None:
        """Let the order follow its parcels; one that is lost waits for its replacement."""
        if all(parcel.shipped_at is None for parcel in order.shipments):
            return
        self._orders.move(order, allowed=_BEFORE_SHIPPED, status=OrderStatus.SHIPPED)
        coming = [one for one in order.shipments if one.status is not ShipmentStatus.LOST]
        if coming and all(one.status is ShipmentStatus.DELIVERED for one in coming):
            self._orders.move(order, allowed=(OrderStatus.SHIPPED,), status=OrderStatus.DELIVERED)

    def _tell(self, order: Order, parcel: Shipment, event: str, summary: str, at: datetime) -> None:
        self._interactions.record(
            customer_id=order.customer_id,
            kind=InteractionKind.PURCHASE,
            summary=summary,
            data={
                "event": event,
                "order": order.number,
                "tracking_number": parcel.tracking_number,
            },
            at=at,
            order_id=order.id,
            source_key=f"shipment:{parcel.id}:{event}",
        )


def shipped_summary(number: str, carrier: str, tracking_number: str) -> str:
    """The line on the timeline when a parcel leaves."""
    return f"Order {number} shipped with {carrier} ({tracking_number})"


def delivered_summary(number: str) -> str:
    """The line on the timeline when a parcel arrives."""
    return f"Order {number} delivered"


def _text(name: str, value: str, limit: int) -> str:
    value = " ".join(storable(value).split())
    if not 1 <= len(value) <= limit:
        raise Invalid(f"{name}: 1 to {limit} characters")
    return value
