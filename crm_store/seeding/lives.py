"""How an order fares: payment, packing, the parcel, delays, loss, cancellation.

Everything that lies after ``now`` has not happened yet and is left out, so that the state of an
order follows from its age. Times are seconds since 1970 (UTC), days are day numbers.
"""

from dataclasses import dataclass, field

from crm_store.models import OrderStatus, PaymentKind, PaymentMethod, PaymentStatus, ShipmentStatus
from crm_store.orders.terms import CUSTOMS_COUNTRIES, EXPRESS, working_days
from crm_store.seeding.times import DAY, HOUR, Calendar

DRAWS = 16
"""Random numbers in [0, 1) that one life needs."""
CARRIERS = ("Postbird", "Greenwheel", "Swiftline")
DELAY_REASONS = (
    "High parcel volume at the carrier",
    "Severe weather on the route",
    "The address could not be found at the first attempt",
    "A strike at the carrier",
    "Sorting error: the parcel went to another depot",
    "Nobody was at home; a second attempt follows",
)
CUSTOMS_DELAY = "Held at customs for inspection"
SILENT_REASON = "The carrier has not scanned the parcel for several days"
LOST_REASON = "The carrier cannot find the parcel"
CANCEL_REASONS = (
    "Ordered by mistake",
    "Found a better price",
    "Delivery takes too long",
    "Changed my mind",
    "Wrong size chosen",
)
FAILURES = (
    "Card declined by the bank",
    "Card expired",
    "3-D Secure was not completed",
    "Insufficient funds",
)

_FAILED, _RECOVERED, _DOUBLE, _NO_TRANSFER = 0.025, 0.80, 0.004, 0.05
_CANCELLED, _DELAYED, _LOST = 0.025, 0.06, 0.0035


@dataclass(slots=True)
class Parcel:
    """A row of ``shipments`` to be."""

    status: ShipmentStatus
    created_at: int
    shipped_at: int
    expected_on: int | None = None
    delivered_at: int | None = None
    delay_reason: str | None = None


@dataclass(slots=True)
class Money:
    """A row of ``payments`` to be."""

    kind: PaymentKind
    method: PaymentMethod
    status: PaymentStatus
    amount_minor: int
    created_at: int
    completed_at: int | None = None
    failure_reason: str | None = None


@dataclass(slots=True)
class Placed:
    """An order as the customer placed it."""

    at: int
    shipping_method: str
    country: str
    payment: PaymentMethod
    total_minor: int


@dataclass(slots=True)
class Life:
    """What has become of an order by now."""

    status: OrderStatus = OrderStatus.PENDING
    cancelled_at: int | None = None
    cancel_reason: str | None = None
    payments: list[Money] = field(default_factory=list)
    parcels: list[Parcel] = field(default_factory=list)

    @property
    def delivered_at(self) -> int | None:
        """When the goods arrived."""
        return self.parcels[-1].delivered_at if self.parcels else None


def live(order: Placed, draw: list[float], now: int) -> Life:
    """The order's life up to ``now``; ``draw`` holds ``DRAWS`` random numbers."""
    life = Life()
    cancels = draw[0] < _CANCELLED
    paid_at = _pay(order, life, draw, now, may_double=not cancels)
    if paid_at is None:
        given_up = order.at + 7 * DAY
        if given_up <= now:
            cancel(life, given_up, "The payment did not arrive", now=now, wait=0.0)
        return life
    if paid_at > now:
        return life
    life.status = OrderStatus.PAID
    if cancels:
        at = paid_at + 600 + int(draw[1] * HOUR / 2)
        if at <= now:
            reason = CANCEL_REASONS[int(draw[2] * len(CANCEL_REASONS))]
            cancel(life, at, reason, now=now, wait=draw[3])
            return life
    _ship(order, life, draw, paid_at, now)
    return life


def cancel(life: Life, at: int, reason: str, *, now: int, wait: float) -> None:
    """End the order: charges are refunded within days, those still open will not come."""
    life.status = OrderStatus.CANCELLED
    life.cancelled_at, life.cancel_reason = at, reason
    for charge in list(life.payments):
        if charge.kind is not PaymentKind.CHARGE or charge.status is PaymentStatus.FAILED:
            continue
        if charge.completed_at is None or charge.completed_at > at:
            charge.status, charge.completed_at = PaymentStatus.FAILED, None
            charge.failure_reason = "The order was cancelled"
            continue
        paid_back = at + DAY + int(wait * 3 * DAY)
        life.payments.append(refund(charge, at, paid_back, charge.amount_minor, now=now))


def refund(charge: Money, opened: int, paid_back: int, amount_minor: int, *, now: int) -> Money:
    """A refund of (a part of) a charge, completed if its day has come."""
    done = paid_back <= now
    return Money(
        PaymentKind.REFUND,
        charge.method,
        PaymentStatus.COMPLETED if done else PaymentStatus.PENDING,
        amount_minor,
        created_at=opened,
        completed_at=paid_back if done else None,
    )


def charge_of(order: Placed, created: int, completed: int, *, now: int) -> Money:
    """The charge of the whole order, completed if its time has come."""
    done = completed <= now
    return Money(
        PaymentKind.CHARGE,
        order.payment,
        PaymentStatus.COMPLETED if done else PaymentStatus.PENDING,
        order.total_minor,
        created_at=created,
        completed_at=completed if done else None,
    )


def _pay(order: Placed, life: Life, draw: list[float], now: int, *, may_double: bool) -> int | None:
    """Add the payments; returns when the order may be packed, None for never."""
    if order.payment is PaymentMethod.INVOICE:
        paid = order.at + 3 * DAY + int(draw[4] * 11 * DAY)
        life.payments.append(charge_of(order, order.at, paid, now=now))
        return order.at
    if order.payment is PaymentMethod.BANK_TRANSFER:
        if draw[4] < _NO_TRANSFER:
            life.payments.append(charge_of(order, order.at, now + 1, now=now))
            return None
        paid = order.at + DAY + int(draw[5] * 2 * DAY)
        life.payments.append(charge_of(order, order.at, paid, now=now))
        return paid
    at = order.at
    if draw[4] < _FAILED:
        failed = charge_of(order, at, at, now=now)
        failed.status, failed.completed_at = PaymentStatus.FAILED, None
        failed.failure_reason = FAILURES[int(draw[5] * len(FAILURES))]
        life.payments.append(failed)
        if draw[6] > _RECOVERED:
            return None
        at += 300 + int(draw[7] * 6 * HOUR)
        if at > now:
            return at
    charge = charge_of(order, at, at, now=now)
    life.payments.append(charge)
    if may_double and draw[8] < _DOUBLE:
        charge_twice(order, life, at, 3 * DAY + int(draw[9] * 3 * DAY), now=now)
    return at


def charge_twice(order: Placed, life: Life, at: int, refund_after: int | None, *, now: int) -> None:
    """A second charge under a minute later; noticed and refunded, unless the time is None."""
    second = charge_of(order, at + 40, at + 40, now=now)
    life.payments.append(second)
    if refund_after is not None and at + refund_after - DAY <= now:
        opened, paid_back = at + refund_after - DAY, at + refund_after
        life.payments.append(refund(second, opened, paid_back, second.amount_minor, now=now))


def _ship(order: Placed, life: Life, draw: list[float], paid_at: int, now: int) -> None:
    day = paid_at // DAY
    if order.shipping_method == EXPRESS:
        # After the hour of dispatch (13:00 UTC at the latest) an order leaves a working day later.
        start = Calendar.working_day(day, 0 if paid_at % DAY < 13 * HOUR else 1)
        packed = max(paid_at, start * DAY + 7 * HOUR) + 600 + int(draw[1] * 2 * HOUR)
        shipped = packed + HOUR
        due = Calendar.working_day(start, 1)
    else:
        start = Calendar.working_day(day, 0)
        packed = max(paid_at, start * DAY + 6 * HOUR) + HOUR + int(draw[1] * 6 * HOUR)
        shipped = Calendar.working_day(start, 1) * DAY + 14 * HOUR + int(draw[2] * 3 * HOUR)
        earliest, latest = working_days(order.shipping_method, order.country)
        due = Calendar.working_day(start, earliest + int(draw[3] ** 2 * (latest - earliest + 1)))
    if packed > now:
        return
    life.status = OrderStatus.PACKED
    if shipped > now:
        return
    life.status = OrderStatus.SHIPPED
    if draw[10] < _LOST:
        _lose(life, draw, packed, shipped, due, now=now)
        return
    arrives, reason = due, None
    if draw[10] < _LOST + _DELAYED:
        arrives = Calendar.working_day(due, 2 + int(draw[11] * 6))
        reason = DELAY_REASONS[int(draw[12] * len(DELAY_REASONS))]
        if order.country in CUSTOMS_COUNTRIES and draw[12] < 0.5:
            reason = CUSTOMS_DELAY
    parcel = travel(packed, shipped, due, arrives, reason, hour=draw[13], now=now)
    life.parcels.append(parcel)
    if parcel.status is ShipmentStatus.DELIVERED:
        life.status = OrderStatus.DELIVERED


def travel(
    packed: int, shipped: int, due: int, arrives: int, reason: str | None, *, hour: float, now: int
) -> Parcel:
    """A parcel due on one day that arrives on the same or, with a reason, a later one."""
    parcel = Parcel(ShipmentStatus.IN_TRANSIT, packed, shipped, due)
    delivered = arrives * DAY + 7 * HOUR + int(hour * 10 * HOUR)
    if reason is not None and shipped + DAY <= now:
        parcel.status, parcel.expected_on = ShipmentStatus.DELAYED, arrives
        parcel.delay_reason = reason
    if delivered <= now:
        parcel.status, parcel.delivered_at = ShipmentStatus.DELIVERED, delivered
    elif arrives * DAY <= now:
        parcel.status, parcel.expected_on = ShipmentStatus.OUT_FOR_DELIVERY, arrives
    return parcel


def _lose(life: Life, draw: list[float], packed: int, shipped: int, due: int, *, now: int) -> None:
    """The parcel never arrives; after some days it is replaced or the money goes back."""
    given_up = Calendar.working_day(due, 5) * DAY + 9 * HOUR
    parcel = Parcel(ShipmentStatus.IN_TRANSIT, packed, shipped, due)
    life.parcels.append(parcel)
    if now < (due + 1) * DAY:
        return
    parcel.expected_on = None
    if now < given_up:
        parcel.status, parcel.delay_reason = ShipmentStatus.DELAYED, SILENT_REASON
        return
    parcel.status, parcel.delay_reason = ShipmentStatus.LOST, LOST_REASON
    settled = Calendar.working_day(given_up // DAY, 3)
    if now < (settled + 1) * DAY:
        return
    if draw[14] < 0.5:
        reason = "The parcel was lost; the money goes back"
        cancel(life, settled * DAY + 10 * HOUR, reason, now=now, wait=draw[15])
        return
    again = settled * DAY + 12 * HOUR
    arrives = Calendar.working_day(settled, 2)
    replacement = travel(again, again + 2 * HOUR, arrives, arrives, None, hour=draw[13], now=now)
    life.parcels.append(replacement)
    if replacement.status is ShipmentStatus.DELIVERED:
        life.status = OrderStatus.DELIVERED
