"""The demo customers that a visitor may be, and orders to ask about."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from crm_store.asking import AsCustomer, AsSystem
from crm_store.models import Customer, Order, OrderLine
from crm_store.orders.delivery import DeliveryEstimate, DeliveryStatus
from crm_store.orders.service import OrderService

_ASKER = AsSystem("the demo shop names orders and customers to try")
_LOOKED_AT = 200
_PEOPLE = 12
_ORDERS = 5
_OF_CUSTOMER = 20

_STATES = {
    DeliveryStatus.AWAITING_PAYMENT: ("Waiting for payment", "warn"),
    DeliveryStatus.PREPARING: ("Being packed", ""),
    DeliveryStatus.ON_THE_WAY: ("On its way", "good"),
    DeliveryStatus.OUT_FOR_DELIVERY: ("Out for delivery", "good"),
    DeliveryStatus.DELAYED: ("Delayed", "warn"),
    DeliveryStatus.LOST: ("Lost on the way", "bad"),
    DeliveryStatus.DELIVERED: ("Delivered", "good"),
    DeliveryStatus.CANCELLED: ("Cancelled", "bad"),
}


@dataclass(frozen=True, slots=True)
class DemoPerson:
    id: UUID
    name: str
    email: str
    note: str


@dataclass(frozen=True, slots=True)
class DemoOrder:
    """What an anonymous visitor needs to prove to be the customer of an order."""

    number: str
    email: str
    status: str


@dataclass(frozen=True, slots=True)
class ShownOrder:
    """An order of the customer's own page."""

    number: str
    placed_at: datetime
    currency: str
    shipping_minor: int
    total_minor: int
    lines: list[OrderLine]
    state: str
    tone: str
    delivery: str


class DemoCustomers:
    """Reads a few recent orders and whose they are."""

    def __init__(self, session: Session) -> None:
        self._orders = OrderService(session)

    def people(self) -> list[DemoPerson]:
        """Customers with recent orders, each once; their notes say in which state those are."""
        people: dict[UUID, DemoPerson] = {}
        for order in self._recent():
            customer = order.customer
            if customer.email and customer.id not in people and len(people) < _PEOPLE:
                note = f"{order.number}: {self._state(order)[0].lower()}"
                people[customer.id] = DemoPerson(customer.id, customer.name, customer.email, note)
        return list(people.values())

    def orders(self) -> list[DemoOrder]:
        """Orders to ask about, as many different states as there are."""
        by_state: dict[str, DemoOrder] = {}
        for order in self._recent():
            state = self._state(order)[0]
            if order.customer.email and state not in by_state:
                by_state[state] = DemoOrder(order.number, order.customer.email, state)
        return list(by_state.values())[:_ORDERS]

    def orders_of(self, customer: Customer) -> list[ShownOrder]:
        """The customer's orders, newest first."""
        asker = AsCustomer(customer.id)
        return [
            self._shown(order) for order in self._orders.recent(asker=asker, limit=_OF_CUSTOMER)
        ]

    def _recent(self) -> list[Order]:
        return self._orders.list(asker=_ASKER, limit=_LOOKED_AT).items

    def _state(self, order: Order) -> tuple[str, str]:
        return _STATES[self._orders.delivery_estimate(order).status]

    def _shown(self, order: Order) -> ShownOrder:
        estimate = self._orders.delivery_estimate(order)
        state, tone = _STATES[estimate.status]
        return ShownOrder(
            number=order.number,
            placed_at=order.placed_at,
            currency=order.currency,
            shipping_minor=order.shipping_minor,
            total_minor=order.total_minor,
            lines=order.lines,
            state=state,
            tone=tone,
            delivery=_delivery_line(order, estimate),
        )


def _delivery_line(order: Order, estimate: DeliveryEstimate) -> str:
    delivered = next((s.delivered_at for s in order.shipments if s.delivered_at), None)
    if delivered is not None:
        return f"Delivered on {_day(delivered.date())}."
    if estimate.earliest is None or estimate.latest is None:
        return estimate.reason or ""
    when = _day(estimate.earliest)
    if estimate.latest != estimate.earliest:
        when = f"between {when} and {_day(estimate.latest)}"
    else:
        when = f"on {when}"
    late = f" That is {estimate.late_by_days} days late." if estimate.late_by_days > 0 else ""
    reason = f" {estimate.reason}" if estimate.reason else ""
    return f"Expected {when}.{late}{reason}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B}"
