"""What gave customers a reason to write: read off an order's life, with the time it was open."""

from collections.abc import Iterator
from dataclasses import dataclass

from crm_store.models import (
    PaymentKind,
    PaymentMethod,
    PaymentStatus,
    ReturnResolution,
    ReturnStatus,
    ShipmentStatus,
)
from crm_store.orders.terms import working_days
from crm_store.seeding.backs import Back
from crm_store.seeding.baskets import Item, Made
from crm_store.seeding.lives import CANCEL_REASONS, FAILURES, Life, Parcel, Placed
from crm_store.seeding.times import DAY, HOUR, Calendar

CHAT_DAYS = 545
"""Conversations reach back a year and a half; older ones have been deleted."""
# How many orders with such an occasion lead to a conversation. Who has trouble writes more often.
_SHARES = {
    "double": 0.90,
    "lost": 0.90,
    "late": 0.55,
    "failed": 0.30,
    "cancel": 0.30,
    "broken": 0.70,
    "returning": 0.24,
    "exchanging": 0.30,
    "refund_early": 0.06,
    "refund_wait": 0.16,
    "refunded": 0.08,
    "rejected": 0.75,
    "preparing": 0.012,
    "transit": 0.035,
    "before": 0.022,
    "delivered": 0.025,
}
_DEFECTS = frozenset(
    {"Arrived damaged", "Not as described", "Stopped working after a few days", "A part is missing"}
)
_WRITING_TIME = 150
"""Seconds from the first word to the moment at which the shop acts."""


@dataclass(frozen=True, slots=True)
class Course:
    """An order with everything that happened to it."""

    made: Made
    placed: Placed
    items: list[Item]
    basket: list[int]
    life: Life
    back: Back | None


@dataclass(frozen=True, slots=True)
class Occasion:
    """Something to write about between two moments; without a course it is a general question."""

    kind: str
    low: int
    high: int
    customer: int
    """The position in the batch."""
    basket: list[int]
    course: Course | None = None
    reason: str = ""


class Occasions:
    """Collects what a batch's customers write about."""

    def __init__(self, calendar: Calendar) -> None:
        self._now = calendar.now
        self.since = calendar.now - CHAT_DAYS * DAY
        self.told: list[Occasion] = []
        self.lasting: list[Occasion] = []
        """Those that nobody has written about and that last until now."""

    def consider(self, course: Course, customer: int, joined: int, luck: float) -> None:
        """Let one of the order's occasions, or none, lead to a conversation."""
        if course.placed.at < self.since - 60 * DAY:
            return
        lasting = None
        for kind, low, high, reason in _happened(course, self._now):
            earliest = max(low, self.since, joined + DAY)
            if earliest >= min(high, self._now - HOUR):
                continue
            found = Occasion(kind, earliest, high, customer, course.basket, course, reason)
            share = _SHARES[kind]
            if luck < share:
                self.told.append(found)
                return
            luck = (luck - share) / (1 - share)
            if high >= self._now and lasting is None:
                lasting = found
        if lasting is not None:
            self.lasting.append(lasting)

    def ask_generally(self, customer: int, joined: int, basket: list[int], *, asks: bool) -> None:
        """A question that no order gave rise to; who does not ask it might still do so."""
        low = max(self.since, joined + DAY)
        if low < self._now - DAY:
            found = Occasion("any", low, self._now, customer, basket)
            (self.told if asks else self.lasting).append(found)


def promised_day(course: Course) -> int:
    """The last day that the shop promised, counted from the payment."""
    placed, at = course.placed, course.placed.at
    if placed.payment is not PaymentMethod.INVOICE:
        paid = [
            money.completed_at
            for money in course.life.payments
            if money.kind is PaymentKind.CHARGE and money.completed_at is not None
        ]
        at = min(paid, default=at)
    latest = working_days(placed.shipping_method, placed.country)[1]
    return Calendar.working_day(Calendar.working_day(at // DAY, 0), latest)


def _happened(course: Course, now: int) -> Iterator[tuple[str, int, int, str]]:
    """(kind, from, until, reason) of everything to write about, troubles first."""
    yield from _about_money(course, now)
    life = course.life
    if life.cancelled_at is not None:
        if life.cancel_reason in CANCEL_REASONS:
            yield _moment("cancel", life.cancelled_at, life.cancel_reason or "")
        return
    yield from _about_delivery(course, now)
    if course.back is not None:
        yield from _about_return(course, course.back, now)
    yield "before", course.placed.at - 3 * DAY, course.placed.at - HOUR // 3, ""


def _about_money(course: Course, now: int) -> Iterator[tuple[str, int, int, str]]:
    charges = [m for m in course.life.payments if m.kind is PaymentKind.CHARGE]
    done = [m for m in charges if m.completed_at is not None]
    # Where the parcel is lost besides, the ticket is about that and may not be open yet.
    if len(done) > 1 and course.made.ticket_number is not None:
        refunds = [m for m in course.life.payments if m.kind is PaymentKind.REFUND]
        settled = min((m.completed_at for m in refunds if m.completed_at), default=now)
        yield "double", done[1].created_at + DAY + HOUR, settled, ""
    failed = charges[0] if charges[0].failure_reason in FAILURES else None
    if failed is not None:
        later = [m.created_at for m in charges if m.created_at > failed.created_at]
        until = min(later, default=failed.created_at + DAY)
        yield "failed", failed.created_at + 90, until, failed.failure_reason or ""


def _about_delivery(course: Course, now: int) -> Iterator[tuple[str, int, int, str]]:
    life, placed = course.life, course.placed
    if not life.parcels:
        # Waiting for a bank transfer is another matter.
        if any(m.status is not PaymentStatus.FAILED for m in life.payments):
            yield "preparing", placed.at + HOUR // 2, now, ""
        return
    first = life.parcels[0]
    if first.status is ShipmentStatus.LOST:
        until = life.parcels[1].created_at if len(life.parcels) > 1 else now
        yield "lost", course.made.ticket_at + 2 * HOUR, until, ""
    elif first.delay_reason is not None:
        yield from _about_delay(course, first, now)
    else:
        yield "transit", first.shipped_at + 2 * HOUR, first.delivered_at or now, ""
    yield "preparing", placed.at + HOUR // 2, first.shipped_at, ""
    delivered = life.delivered_at
    if delivered is not None and course.back is None:
        yield "delivered", delivered + 3 * HOUR, min(now, delivered + 20 * DAY), ""


def _about_delay(course: Course, parcel: Parcel, now: int) -> Iterator[tuple[str, int, int, str]]:
    promised = promised_day(course)
    if parcel.expected_on is None or parcel.expected_on <= promised:
        return
    # From the evening on which it should have come until the talk could still end before it did.
    until = parcel.delivered_at - HOUR if parcel.delivered_at else now
    yield "late", promised * DAY + 17 * HOUR, until, parcel.delay_reason or ""


def _about_return(course: Course, back: Back, now: int) -> Iterator[tuple[str, int, int, str]]:
    if back.reason in _DEFECTS and back.resolution is ReturnResolution.REFUND:
        yield _moment("broken", back.requested_at, back.reason)
    elif back.resolution is ReturnResolution.REFUND:
        yield _moment("returning", back.requested_at, back.reason)
    else:
        yield _moment("exchanging", back.requested_at, back.reason)
        return
    if back.status is ReturnStatus.REJECTED:
        yield "rejected", back.updated_at + HOUR, min(now, back.updated_at + 3 * DAY), back.reason
        return
    yield "refund_early", back.requested_at + 4 * HOUR, back.requested_at + 20 * HOUR, ""
    refunds = [m for m in course.life.payments if m.kind is PaymentKind.REFUND]
    for money in refunds:
        yield "refund_wait", money.created_at + 2 * HOUR, money.completed_at or now, ""
    if back.refunded_at is not None:
        yield "refunded", back.refunded_at + HOUR, min(now, back.refunded_at + 4 * DAY), ""


def _moment(kind: str, at: int, reason: str) -> tuple[str, int, int, str]:
    """Something done within the conversation itself."""
    return kind, at - _WRITING_TIME, at - _WRITING_TIME + 1, reason
