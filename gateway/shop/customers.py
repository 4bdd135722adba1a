"""The demo customers that a visitor may be, and orders to ask about."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from crm_store.asking import AsCustomer
from crm_store.models import Customer, Order, OrderLine
from crm_store.orders.delivery import DeliveryEstimate, DeliveryStatus
from crm_store.orders.service import OrderService
from crm_store.seeding import demo_customers

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
    """A demo customer, and what an anonymous visitor needs to prove to be them."""

    id: UUID
    name: str
    email: str
    order_number: str
    note: str


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
    """The scripted customers, and the orders of whoever is logged in."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._orders = OrderService(session)

    def people(self) -> list[DemoPerson]:
        """Who a visitor may log in as; ``note`` says what there is to try."""
        return [
            DemoPerson(
                id=demo.customer.id,
                name=demo.customer.name,
                email=demo.customer.email or "",
                order_number=demo.order_number,
                note=demo.why,
            )
            for demo in demo_customers(self._session)
        ]

    def orders_of(self, customer: Customer) -> list[ShownOrder]:
        """The customer's orders, newest first."""
        asker = AsCustomer(customer.id)
        return [
            self._shown(order) for order in self._orders.recent(asker=asker, limit=_OF_CUSTOMER)
        ]

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
    reason = f" {estimate.reason.rstrip('.')}." if estimate.reason else ""
    return f"Expected {when}.{late}{reason}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B}"
