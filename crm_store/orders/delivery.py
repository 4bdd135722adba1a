"""When an order arrives, worked out from its parcels and the shop's terms."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from crm_store.models import Order, OrderStatus, PaymentMethod, Shipment, ShipmentStatus
from crm_store.orders.payments import completed_charges
from crm_store.orders.terms import add_working_days, counts_from, working_days


class DeliveryStatus(StrEnum):
    AWAITING_PAYMENT = "awaiting_payment"
    PREPARING = "preparing"
    ON_THE_WAY = "on_the_way"
    OUT_FOR_DELIVERY = "out_for_delivery"
    DELAYED = "delayed"
    LOST = "lost"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class DeliveryEstimate:
    """When to expect an order. The dates are None where nobody knows, or nothing comes."""

    earliest: date | None
    latest: date | None
    status: DeliveryStatus
    late_by_days: int
    """Days beyond the last promised day: of the delivery, the new date, or today."""
    reason: str | None


_UNDERWAY = {
    ShipmentStatus.OUT_FOR_DELIVERY: DeliveryStatus.OUT_FOR_DELIVERY,
    ShipmentStatus.DELAYED: DeliveryStatus.DELAYED,
}


def promised_days(order: Order) -> tuple[date, date]:
    """The first and the last day that the shop promised, counted from the payment."""
    start = _starts_on(order)
    earliest, latest = working_days(order.shipping_method, order.country)
    return add_working_days(start, earliest), add_working_days(start, latest)


def estimate_delivery(order: Order, *, today: date) -> DeliveryEstimate:
    """What to tell a customer about the delivery of an order."""
    if order.status is OrderStatus.CANCELLED:
        return DeliveryEstimate(
            None, None, DeliveryStatus.CANCELLED, 0, order.cancel_reason or "The order is cancelled"
        )
    if order.status is OrderStatus.DELIVERED and not any(
        parcel.delivered_at or parcel.status is ShipmentStatus.LOST for parcel in order.shipments
    ):
        # Another system knows that it arrived, and has not told when.
        return DeliveryEstimate(None, None, DeliveryStatus.DELIVERED, 0, None)
    parcel = _telling_parcel(order)
    if parcel is None or parcel.shipped_at is None:
        if order.status is not OrderStatus.SHIPPED:
            return _before_shipping(order, today)
        # It left without a parcel that we know of.
        parcel = Shipment(status=ShipmentStatus.IN_TRANSIT)
    return _of_parcel(order, parcel, today)


def _before_shipping(order: Order, today: date) -> DeliveryEstimate:
    if order.status is OrderStatus.PENDING:
        # The promise counts from the payment, which may come today at the earliest.
        days = working_days(order.shipping_method, order.country)
        return DeliveryEstimate(
            add_working_days(today, days[0]),
            add_working_days(today, days[1]),
            DeliveryStatus.AWAITING_PAYMENT,
            0,
            "We are waiting for the payment",
        )
    first, last = promised_days(order)
    soonest = add_working_days(today, working_days(order.shipping_method, order.country)[0])
    earliest, latest = max(first, soonest), max(last, soonest)
    late = (latest - last).days
    reason = "The parcel has not left the warehouse yet" if late else None
    return DeliveryEstimate(earliest, latest, DeliveryStatus.PREPARING, late, reason)


def _of_parcel(order: Order, parcel: Shipment, today: date) -> DeliveryEstimate:
    _, promised = promised_days(order)
    if parcel.delivered_at is not None:
        day = parcel.delivered_at.date()
        late = max(0, (day - promised).days)
        return DeliveryEstimate(day, day, DeliveryStatus.DELIVERED, late, parcel.delay_reason)
    if parcel.status is ShipmentStatus.LOST:
        late = max(0, (today - promised).days)
        reason = parcel.delay_reason or "The carrier cannot find the parcel"
        return DeliveryEstimate(None, None, DeliveryStatus.LOST, late, reason)
    status = _UNDERWAY.get(parcel.status, DeliveryStatus.ON_THE_WAY)
    expected = parcel.expected_on or promised
    if expected < today:
        # The carrier's date has passed without a word: late, and nobody knows until when.
        reason = parcel.delay_reason or "The carrier has not given a new date"
        late = max(1, (today - promised).days)
        return DeliveryEstimate(today, None, DeliveryStatus.DELAYED, late, reason)
    if status is DeliveryStatus.OUT_FOR_DELIVERY:
        expected = today
    late = max(0, (expected - promised).days)
    if late:
        status = DeliveryStatus.DELAYED if status is DeliveryStatus.ON_THE_WAY else status
    first = expected - timedelta(days=1) if status is DeliveryStatus.DELAYED else expected
    return DeliveryEstimate(max(first, today), expected, status, late, parcel.delay_reason)


def _starts_on(order: Order) -> date:
    """Counts from the payment where the shop waits for it, else from the order."""
    at = order.placed_at
    if not any(payment.method is PaymentMethod.INVOICE for payment in order.payments):
        paid = [charge.completed_at for charge in completed_charges(order) if charge.completed_at]
        at = min(paid, default=at)
    return counts_from(at, order.shipping_method)


def _telling_parcel(order: Order) -> Shipment | None:
    """The newest parcel that is not lost, else the newest: a replacement tells more."""
    found = [parcel for parcel in order.shipments if parcel.status is not ShipmentStatus.LOST]
    parcels = found or order.shipments
    return max(parcels, key=lambda parcel: parcel.created_at, default=None)
