"""Goods that come back: who returns what, why, and how far it has got by now."""

from dataclasses import dataclass

from crm_store.models import PaymentKind, PaymentStatus, ReturnResolution, ReturnStatus
from crm_store.orders.terms import return_refund_minor
from crm_store.seeding.lives import Life, Money, refund
from crm_store.seeding.times import DAY, HOUR, Calendar

DRAWS = 8
_SHARE = 0.07
_SHARE_SIZED = 0.14
_EXCHANGED, _REJECTED = 0.22, 0.03
_SIZED = frozenset({"footwear", "jackets", "running", "kids", "cycling"})
_FIT_REASONS = (
    "Too small",
    "Too large",
    "Does not fit as I hoped",
    "The colour differs from the picture",
)
_REASONS = (
    "Changed my mind",
    "Arrived damaged",
    "Not as described",
    "Stopped working after a few days",
    "Found it cheaper elsewhere",
    "Ordered two to compare",
    "A part is missing",
)


@dataclass(slots=True)
class Back:
    """A row of ``returns`` to be; ``line`` is the position of the line in the order, from 0."""

    line: int
    quantity: int
    reason: str
    resolution: ReturnResolution
    status: ReturnStatus
    refund_minor: int
    requested_at: int
    updated_at: int
    refunded_at: int | None = None


@dataclass(slots=True)
class Bought:
    """A line of the order as far as returns care."""

    shelf: str
    quantity: int
    unit_price_minor: int


def maybe_return(
    life: Life, lines: list[Bought], country: str, draw: list[float], now: int
) -> Back | None:
    """A return of a delivered order, with the refund added to its payments; mostly None."""
    delivered = life.delivered_at
    if delivered is None:
        return None
    index = int(draw[0] * len(lines))
    line = lines[index]
    sized = line.shelf in _SIZED
    if draw[1] > (_SHARE_SIZED if sized else _SHARE):
        return None
    # Most decide within days, few at the last moment.
    requested = delivered + 4 * HOUR + int(draw[2] ** 2 * 27 * DAY)
    if requested > now:
        return None
    reasons = _FIT_REASONS if sized and draw[3] < 0.7 else _REASONS
    back = Back(
        line=index,
        quantity=1 + int(draw[4] * line.quantity),
        reason=reasons[int(draw[5] * len(reasons))],
        resolution=ReturnResolution.REFUND,
        status=ReturnStatus.REQUESTED,
        refund_minor=0,
        requested_at=requested,
        updated_at=requested,
    )
    if draw[6] < _EXCHANGED:
        back.resolution = ReturnResolution.EXCHANGE
    else:
        back.refund_minor = return_refund_minor(back.quantity * line.unit_price_minor, country)
    proceed(life, back, rejected=draw[6] > 1 - _REJECTED, pace=draw[7], now=now)
    return back


def proceed(life: Life, back: Back, *, rejected: bool, pace: float, now: int) -> None:
    """Move the return along as far as it has come: posted, received, settled."""
    posted = back.requested_at + DAY + int(pace * 2 * DAY)
    received = posted + 2 * DAY + int(pace * 2 * DAY)
    settled = Calendar.working_day(received // DAY, 1 + int(pace * 4)) * DAY + 11 * HOUR
    if posted > now:
        return
    back.status, back.updated_at = ReturnStatus.IN_TRANSIT, posted
    if received > now:
        return
    back.status, back.updated_at = ReturnStatus.RECEIVED, received
    is_exchange = back.resolution is ReturnResolution.EXCHANGE
    if not is_exchange and not rejected:
        life.payments.append(refund(_charge(life), received, settled, back.refund_minor, now=now))
    if settled > now:
        return
    back.updated_at = settled
    if rejected:
        back.status = ReturnStatus.REJECTED
    elif is_exchange:
        back.status = ReturnStatus.EXCHANGED
    else:
        back.status, back.refunded_at = ReturnStatus.REFUNDED, settled


def _charge(life: Life) -> Money:
    """The charge that the money goes back to: the completed one, else the invoice still open."""
    charges = [money for money in life.payments if money.kind is PaymentKind.CHARGE]
    return next((c for c in charges if c.status is PaymentStatus.COMPLETED), charges[-1])
