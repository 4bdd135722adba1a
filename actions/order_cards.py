"""An order in words and as a card."""

from datetime import date

from actions.reply import Card, Tone
from actions.wording import day, days_between, listing, money, plural
from crm_store.models import Order
from crm_store.orders.delivery import DeliveryEstimate, DeliveryStatus

_LABELS: dict[DeliveryStatus, tuple[str, Tone]] = {
    DeliveryStatus.AWAITING_PAYMENT: ("Waiting for payment", "warn"),
    DeliveryStatus.PREPARING: ("Being packed", "neutral"),
    DeliveryStatus.ON_THE_WAY: ("On its way", "good"),
    DeliveryStatus.OUT_FOR_DELIVERY: ("Out for delivery", "good"),
    DeliveryStatus.DELAYED: ("Delayed", "warn"),
    DeliveryStatus.LOST: ("Missing", "bad"),
    DeliveryStatus.DELIVERED: ("Delivered", "good"),
    DeliveryStatus.CANCELLED: ("Cancelled", "neutral"),
}


def order_sentence(order: Order, estimate: DeliveryEstimate, *, today: date) -> str:
    """Where an order is, in a sentence or two."""
    words = {
        DeliveryStatus.AWAITING_PAYMENT: _unpaid,
        DeliveryStatus.PREPARING: _preparing,
        DeliveryStatus.ON_THE_WAY: _on_the_way,
        DeliveryStatus.OUT_FOR_DELIVERY: _out_for_delivery,
        DeliveryStatus.DELAYED: _delayed,
        DeliveryStatus.LOST: _lost,
        DeliveryStatus.DELIVERED: _delivered,
        DeliveryStatus.CANCELLED: _cancelled,
    }
    return words[estimate.status](order, estimate, today)


def _unpaid(order: Order, estimate: DeliveryEstimate, today: date) -> str:
    return (
        f"We have not received the payment for {order.number} yet. Once it is here, we pack the "
        "order at once."
    )


def _preparing(order: Order, estimate: DeliveryEstimate, today: date) -> str:
    late = " That is later than promised, sorry." if estimate.late_by_days else ""
    return f"{order.number} is being packed and should reach you {_when(estimate, today)}.{late}"


def _on_the_way(order: Order, estimate: DeliveryEstimate, today: date) -> str:
    when = _when(estimate, today)
    return f"{order.number} is on its way with {_carrier(order)} and should arrive {when}."


def _out_for_delivery(order: Order, estimate: DeliveryEstimate, today: date) -> str:
    return f"Good news: {order.number} is out for delivery and should arrive today."


def _delayed(order: Order, estimate: DeliveryEstimate, today: date) -> str:
    why = f" ({_lower(estimate.reason)})" if estimate.reason else ""
    until = "The carrier has not named a new date yet."
    if estimate.earliest and estimate.latest:
        new = days_between(estimate.earliest, estimate.latest, today=today)
        until = f"It should now arrive {new}."
    late = plural(estimate.late_by_days, "day")
    return f"I'm sorry: {order.number} is {late} late{why}. {until}"


def _lost(order: Order, estimate: DeliveryEstimate, today: date) -> str:
    return (
        f"I'm sorry: the carrier cannot find the parcel of {order.number}. You can have a "
        "replacement or your money back, as you like."
    )


def _delivered(order: Order, estimate: DeliveryEstimate, today: date) -> str:
    on = f" {_when(estimate, today)}" if estimate.earliest else ""
    return f"{order.number} was delivered{on}."


def _cancelled(order: Order, estimate: DeliveryEstimate, today: date) -> str:
    on = f" {day(order.cancelled_at, today=today)}" if order.cancelled_at else ""
    return f"{order.number} was cancelled{on}."


def order_card(order: Order, estimate: DeliveryEstimate, *, today: date) -> Card:
    """The order's facts."""
    facts = [("Placed", day(order.placed_at, today=today))]
    if estimate.status is DeliveryStatus.DELIVERED and estimate.latest:
        facts.append(("Delivered", day(estimate.latest, today=today)))
    elif estimate.earliest and estimate.latest:
        facts.append(("Expected", _range(estimate.earliest, estimate.latest, today)))
    parcels = [parcel for parcel in order.shipments if parcel.shipped_at]
    if parcels:
        newest = max(parcels, key=lambda parcel: parcel.created_at)
        facts.append((f"Tracking ({newest.carrier})", newest.tracking_number))
    facts.append(("Total", money(order.total_minor, order.currency)))
    return Card(
        kind="order",
        title=f"Order {order.number}",
        subtitle=_contents(order),
        facts=tuple(facts),
        status=_LABELS[estimate.status],
    )


def order_line(order: Order, *, today: date) -> str:
    """An order on a button: its number, day and first item."""
    first = order.lines[0].name if order.lines else "no items"
    more = f" +{len(order.lines) - 1}" if len(order.lines) > 1 else ""
    return f"{order.number} · {day(order.placed_at, today=today)} · {_short(first)}{more}"


def _contents(order: Order) -> str:
    names = [f"{line.quantity} × {line.name}" for line in order.lines[:3]]
    if len(order.lines) > 3:
        names.append(plural(len(order.lines) - 3, "more item"))
    return listing(names)


def _when(estimate: DeliveryEstimate, today: date) -> str:
    if estimate.earliest is None:
        return "as soon as we know more"
    return days_between(estimate.earliest, estimate.latest, today=today)


def _range(earliest: date, latest: date, today: date) -> str:
    if earliest == latest:
        return day(latest, today=today)
    return f"{day(earliest, today=today)} – {day(latest, today=today)}"


def _carrier(order: Order) -> str:
    parcels = [parcel for parcel in order.shipments if parcel.shipped_at]
    return max(parcels, key=lambda p: p.created_at).carrier if parcels else "the carrier"


def _lower(text: str) -> str:
    text = text.rstrip(".")
    return text[:1].lower() + text[1:]


def _short(text: str, limit: int = 24) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"
