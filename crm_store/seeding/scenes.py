"""The scripted newest orders of the demo customers, one for each thing worth trying in the chat."""

from collections.abc import Callable
from dataclasses import dataclass

from crm_store.models import (
    OrderStatus,
    PaymentMethod,
    ReturnResolution,
    ReturnStatus,
    ShipmentStatus,
)
from crm_store.orders.terms import STANDARD
from crm_store.seeding.backs import Back, proceed
from crm_store.seeding.lives import (
    DELAY_REASONS,
    Life,
    Parcel,
    Placed,
    charge_of,
    charge_twice,
    travel,
)
from crm_store.seeding.times import DAY, HOUR, Calendar

QUIET_DAYS = 40
"""A demo customer's other orders are older than this, so that the scripted one is the newest."""


@dataclass(slots=True)
class Scene:
    """An order whose course is written down instead of drawn."""

    placed: Placed
    life: Life
    back: Back | None = None


def delayed(total: int, price: int, calendar: Calendar) -> Scene:
    """A parcel that should have come and will come later."""
    scene = _paid(total, calendar, days_ago=9)
    due = Calendar.working_day(Calendar.working_day(scene.placed.at // DAY, 0), 4)
    # Never back to the day that was promised at first, whichever weekday it is today.
    arrives = Calendar.working_day(max(calendar.today, due), 2)
    _send(scene, due, arrives, DELAY_REASONS[1], calendar)
    return scene


def out_for_delivery(total: int, price: int, calendar: Calendar) -> Scene:
    """A parcel that comes today."""
    scene = _paid(total, calendar, days_ago=4)
    _send(scene, calendar.today, calendar.today, None, calendar)
    scene.life.parcels[0].status = ShipmentStatus.OUT_FOR_DELIVERY
    return scene


def packed(total: int, price: int, calendar: Calendar) -> Scene:
    """An order that can still be cancelled or sent elsewhere."""
    scene = _paid(total, calendar, days_ago=1)
    scene.life.status = OrderStatus.PACKED
    return scene


def returnable(total: int, price: int, calendar: Calendar) -> Scene:
    """An order that arrived lately and can be sent back."""
    scene = _paid(total, calendar, days_ago=12)
    day = Calendar.working_day(calendar.today - 10, 1)
    _send(scene, day, day, None, calendar)
    return scene


def refund_under_way(total: int, price: int, calendar: Calendar) -> Scene:
    """A return that has reached the shop, with the money on its way."""
    scene = _paid(total, calendar, days_ago=24)
    day = Calendar.working_day(calendar.today - 20, 1)
    _send(scene, day, day, None, calendar)
    # At this pace the goods arrive within seven days; the money takes four working days more.
    requested = calendar.now - 7 * DAY - 8 * HOUR
    scene.back = Back(
        line=0,
        quantity=1,
        reason="Does not fit as I hoped",
        resolution=ReturnResolution.REFUND,
        status=ReturnStatus.REQUESTED,
        refund_minor=price,
        requested_at=requested,
        updated_at=requested,
    )
    proceed(scene.life, scene.back, rejected=False, pace=0.9, now=calendar.now)
    return scene


def charged_twice(total: int, price: int, calendar: Calendar) -> Scene:
    """An order on its way that was charged two times, not refunded yet."""
    scene = _paid(total, calendar, days_ago=3)
    charge_twice(scene.placed, scene.life, scene.placed.at, None, now=calendar.now)
    due = Calendar.working_day(calendar.today, 1)
    _send(scene, due, due, None, calendar)
    return scene


SCENES: tuple[Callable[[int, int, Calendar], Scene], ...] = (
    delayed,
    out_for_delivery,
    packed,
    returnable,
    refund_under_way,
    charged_twice,
)


def _paid(total: int, calendar: Calendar, *, days_ago: int) -> Scene:
    at = calendar.now - days_ago * DAY + 9 * HOUR + 1_234
    placed = Placed(at, STANDARD, "DE", PaymentMethod.CARD, total)
    life = Life(status=OrderStatus.PAID)
    life.payments.append(charge_of(placed, at, at, now=calendar.now))
    return Scene(placed, life)


def _send(scene: Scene, due: int, arrives: int, reason: str | None, calendar: Calendar) -> None:
    left = scene.placed.at + 3 * HOUR, scene.placed.at + 26 * HOUR
    parcel: Parcel = travel(*left, due, arrives, reason, hour=0.4, now=calendar.now)
    scene.life.parcels.append(parcel)
    done = parcel.status is ShipmentStatus.DELIVERED
    scene.life.status = OrderStatus.DELIVERED if done else OrderStatus.SHIPPED
