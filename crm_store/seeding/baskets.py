"""From a basket to the rows of an order and of everything that hangs on it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from crm_store.models import (
    InteractionKind,
    OrderStatus,
    PaymentMethod,
    ReturnStatus,
    ShipmentStatus,
    TicketPriority,
    TicketStatus,
)
from crm_store.orders.parcels import delivered_summary, shipped_summary
from crm_store.orders.terms import EXPRESS, EXPRESS_COUNTRIES, STANDARD, shipping_fee_minor
from crm_store.seeding.backs import Back
from crm_store.seeding.lives import CARRIERS, Life, Money, Parcel, Placed
from crm_store.seeding.numbers import IdMaker, Scattered
from crm_store.seeding.people import Person
from crm_store.seeding.shelves import CURRENCY
from crm_store.seeding.times import DAY
from crm_store.tickets.types import type_of
from foundation.money import format_money

COLUMNS = {
    "orders": (
        "id", "number", "customer_id", "status", "placed_at", "currency", "items_minor",
        "shipping_minor", "total_minor", "shipping_method", "ship_to", "street", "postal_code",
        "city", "country", "cancelled_at", "cancel_reason",
    ),
    "order_lines": (
        "id", "order_id", "position", "product_id", "name", "quantity", "unit_price_minor",
    ),
    "shipments": (
        "id", "order_id", "carrier", "tracking_number", "status", "shipped_at", "expected_on",
        "delivered_at", "delay_reason", "created_at",
    ),
    "payments": (
        "id", "order_id", "kind", "method", "status", "amount_minor", "currency",
        "failure_reason", "created_at", "completed_at",
    ),
    "returns": (
        "id", "number", "order_id", "line_id", "quantity", "reason", "resolution", "status",
        "refund_minor", "requested_at", "updated_at", "refunded_at",
    ),
    "tickets": (
        "id", "number", "customer_id", "order_id", "subject", "body", "topic", "type", "status",
        "priority", "created_at", "updated_at", "solved_at",
    ),
    "interactions": ("id", "customer_id", "kind", "at", "summary", "data", "order_id"),
}  # fmt: skip
_INVOICE_COUNTRIES = frozenset({"DE", "AT"})
_EXPRESS_SHARE = 0.14
_PAYMENTS = (
    (0.48, PaymentMethod.CARD),
    (0.78, PaymentMethod.WALLET),
    (0.90, PaymentMethod.INVOICE),
    (1.00, PaymentMethod.BANK_TRANSFER),
)
_SETTLED_AFTER = 10 * DAY


@dataclass(slots=True)
class Item:
    """A line of a basket, at the price of its day."""

    product_id: str
    name: str
    shelf: str
    quantity: int
    unit_price_minor: int


@dataclass(slots=True)
class Rows:
    """Rows by table, in the order in which foreign keys allow them."""

    orders: list[tuple[Any, ...]] = field(default_factory=list)
    order_lines: list[tuple[Any, ...]] = field(default_factory=list)
    shipments: list[tuple[Any, ...]] = field(default_factory=list)
    payments: list[tuple[Any, ...]] = field(default_factory=list)
    returns: list[tuple[Any, ...]] = field(default_factory=list)
    tickets: list[tuple[Any, ...]] = field(default_factory=list)
    interactions: list[tuple[Any, ...]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Made:
    """What later talk about an order refers to."""

    id: str
    number: str
    return_number: str | None
    ticket_number: str | None
    ticket_at: int


@dataclass(frozen=True, slots=True)
class _Order:
    """What the rows that hang on an order say about it."""

    id: str
    number: str
    customer_id: str


class Numbers:
    """The shop's running numbers."""

    def __init__(self, ids: IdMaker) -> None:
        self.ids = ids
        # Factors without a common divisor with nine million, so that no number repeats.
        self.orders = Scattered("KF", factor=5_654_593, offset=3_141_592)
        self.returns = Scattered("R", factor=4_781_209, offset=2_718_281)
        self.tickets = Scattered("T", factor=6_180_343, offset=1_414_213)
        self._parcels = 0

    def tracking(self) -> str:
        """The next parcel's tracking number."""
        self._parcels += 1
        return f"LP{40_000_000_000 + self._parcels * 13}"


def place(at: int, items: list[Item], country: str, draw: list[float]) -> Placed:
    """The order of a basket: how it ships, how it is paid, what it costs."""
    express = country in EXPRESS_COUNTRIES and draw[0] < _EXPRESS_SHARE
    method = EXPRESS if express else STANDARD
    payment = next(kind for limit, kind in _PAYMENTS if draw[1] < limit)
    if payment is PaymentMethod.INVOICE and country not in _INVOICE_COUNTRIES:
        payment = PaymentMethod.CARD
    goods = sum(item.quantity * item.unit_price_minor for item in items)
    fee = shipping_fee_minor(method, goods, country)
    return Placed(at, method, country, payment, goods + fee)


def add_order(
    rows: Rows,
    numbers: Numbers,
    *,
    customer_id: str,
    person: Person,
    placed: Placed,
    items: list[Item],
    life: Life,
    back: Back | None,
    now: int,
) -> Made:
    """Append the rows of one order."""
    order_id, number = numbers.ids.new(), numbers.orders.new()
    goods = sum(item.quantity * item.unit_price_minor for item in items)
    rows.orders.append(
        (
            order_id, number, customer_id, life.status.value, placed.at, CURRENCY, goods,
            placed.total_minor - goods, placed.total_minor, placed.shipping_method, person.name,
            person.street, person.postal_code, person.city, person.country, life.cancelled_at,
            life.cancel_reason,
        )
    )  # fmt: skip
    lines = [
        (
            numbers.ids.new(), order_id, position, item.product_id, item.name, item.quantity,
            item.unit_price_minor,
        )
        for position, item in enumerate(items, start=1)
    ]  # fmt: skip
    rows.order_lines += lines
    parcels = [_parcel(numbers, order_id, placed, parcel) for parcel in life.parcels]
    rows.payments += [_money(numbers, order_id, money) for money in life.payments]
    pieces = sum(item.quantity for item in items)
    order = _Order(order_id, number, customer_id)
    data = {"order": number}
    ordered = f"Ordered {pieces} {'item' if pieces == 1 else 'items'}"
    rows.interactions.append(
        (
            numbers.ids.new(), customer_id, InteractionKind.PURCHASE.value, placed.at,
            f"{ordered} for {format_money(placed.total_minor, CURRENCY)} ({number})",
            data | {"event": "placed", "total_minor": placed.total_minor}, order_id,
        )
    )  # fmt: skip
    rows.shipments += parcels
    for parcel in parcels:
        rows.interactions += _on_its_way(numbers, order, parcel)
    if life.cancelled_at is not None:
        rows.interactions.append(
            (
                numbers.ids.new(), customer_id, InteractionKind.PURCHASE.value, life.cancelled_at,
                f"Order {number} cancelled: {life.cancel_reason}", data | {"event": "cancelled"},
                order_id,
            )
        )  # fmt: skip
    returned = None
    if back is not None:
        returned = _add_return(rows, numbers, order, lines[back.line], back)
    ticket, opened = _add_ticket(rows, numbers, order, life, now=now)
    return Made(order_id, number, returned, ticket, opened)


def _parcel(numbers: Numbers, order_id: str, placed: Placed, parcel: Parcel) -> tuple[Any, ...]:
    carrier = CARRIERS[placed.at % len(CARRIERS)]
    return (
        numbers.ids.new(), order_id, carrier, numbers.tracking(), parcel.status.value,
        parcel.shipped_at, parcel.expected_on, parcel.delivered_at, parcel.delay_reason,
        parcel.created_at,
    )  # fmt: skip


def _on_its_way(
    numbers: Numbers, about: _Order, parcel: tuple[Any, ...]
) -> Iterator[tuple[Any, ...]]:
    """What a parcel puts on the timeline: that it left, that it arrived."""
    _, _, carrier, tracking, _, shipped_at, _, delivered_at, *_ = parcel
    for at, event, summary in (
        (shipped_at, "shipped", shipped_summary(about.number, carrier, tracking)),
        (delivered_at, "delivered", delivered_summary(about.number)),
    ):
        if at is not None:
            yield (
                numbers.ids.new(), about.customer_id, InteractionKind.PURCHASE.value, at, summary,
                {"order": about.number, "event": event, "tracking_number": tracking}, about.id,
            )  # fmt: skip


def _money(numbers: Numbers, order_id: str, money: Money) -> tuple[Any, ...]:
    return (
        numbers.ids.new(), order_id, money.kind.value, money.method.value, money.status.value,
        money.amount_minor, CURRENCY, money.failure_reason, money.created_at, money.completed_at,
    )  # fmt: skip


def _add_return(
    rows: Rows, numbers: Numbers, about: _Order, line: tuple[Any, ...], back: Back
) -> str:
    number = numbers.returns.new()
    rows.returns.append(
        (
            numbers.ids.new(), number, about.id, line[0], back.quantity, back.reason,
            back.resolution.value, back.status.value, back.refund_minor, back.requested_at,
            back.updated_at, back.refunded_at,
        )
    )  # fmt: skip
    data = {"return": number, "order": about.number}
    started = f"Return {number} started for {line[4]}: {back.reason}"
    entries = [(back.requested_at, started, "started")]
    if back.status is ReturnStatus.REFUNDED:
        money = format_money(back.refund_minor, CURRENCY)
        entries.append((back.updated_at, f"Return {number} refunded: {money}", "refunded"))
    rows.interactions += [
        (
            numbers.ids.new(), about.customer_id, InteractionKind.RETURN.value, at, summary,
            data | {"event": event}, about.id,
        )
        for at, summary, event in entries
    ]  # fmt: skip
    return number


def _add_ticket(
    rows: Rows, numbers: Numbers, about: _Order, life: Life, *, now: int
) -> tuple[str | None, int]:
    """A ticket where somebody had to look into it, and when: a lost parcel, a double charge."""
    lost = [parcel for parcel in life.parcels if parcel.status is ShipmentStatus.LOST]
    charges = [m for m in life.payments if m.kind.value == "charge" and m.completed_at is not None]
    if lost:
        opened = (lost[0].shipped_at // DAY + 12) * DAY + 36_000
        subject, topic = f"Parcel of order {about.number} is lost", "delivery_lost"
        body = "The customer is waiting and the carrier cannot find the parcel."
        done = life.status is not OrderStatus.SHIPPED
    elif len(charges) > 1:
        opened = charges[1].created_at + DAY
        subject, topic = f"Order {about.number} was charged twice", "payment_double_charge"
        body = "The customer sees two charges for one order."
        done = any(money.kind.value == "refund" for money in life.payments)
    else:
        return None, now
    if opened > now:
        return None, now
    status = TicketStatus.SOLVED if done else TicketStatus.OPEN
    updated = min(now, opened + _SETTLED_AFTER) if done else opened
    number = numbers.tickets.new()
    rows.tickets.append(
        (
            numbers.ids.new(), number, about.customer_id, about.id, subject, body, topic,
            type_of(topic).value, status.value, TicketPriority.HIGH.value, opened, updated,
            updated if done else None,
        )
    )  # fmt: skip
    rows.interactions.append(
        (
            numbers.ids.new(), about.customer_id, InteractionKind.TICKET.value, opened,
            f"Ticket {number} opened: {subject}", {"ticket": number, "event": "opened"}, about.id,
        )
    )  # fmt: skip
    return number, opened
