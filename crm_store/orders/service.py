"""Looking orders up and changing them within the rules."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from crm_store.asking import AsCustomer, Asker, AsStaff, AsSystem
from crm_store.audit import record
from crm_store.interactions.service import InteractionService
from crm_store.lists import ListQuery
from crm_store.models import (
    InteractionKind,
    Order,
    OrderStatus,
    Payment,
    PaymentKind,
    PaymentStatus,
)
from crm_store.orders.delivery import DeliveryEstimate, estimate_delivery
from crm_store.orders.errors import CannotCancel, CannotChangeAddress, OrderNotFound
from crm_store.orders.invoices import Invoice, invoice_of
from crm_store.orders.numbers import normalise_order_number
from crm_store.orders.payments import (
    DuplicateCharges,
    completed_charges,
    find_duplicate_charges,
    refunds,
)
from crm_store.orders.repository import OrderFilter, OrderRepository
from crm_store.orders.terms import SHIPPING_COUNTRIES
from crm_store.pages import Page
from crm_store.texts import shorten, storable
from foundation.clock import utc_now
from foundation.errors import Invalid

CHANGEABLE = (OrderStatus.PENDING, OrderStatus.PAID, OrderStatus.PACKED)
_TOO_LATE = {
    OrderStatus.SHIPPED: "the parcel has already left our warehouse",
    OrderStatus.DELIVERED: "it has already been delivered",
    OrderStatus.CANCELLED: "it is already cancelled",
}
_ADDRESS_LIMITS = {"street": 200, "postal_code": 20, "city": 100}


class OrderService:
    """Everything that people and the assistant do with orders."""

    def __init__(self, session: Session, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._orders = OrderRepository(session)
        self._interactions = InteractionService(session)
        self._session = session
        self._clock = clock

    def by_number(self, number: str, *, asker: Asker) -> Order:
        """The order with customer, lines, shipments, payments and returns loaded.

        Raises:
            OrderNotFound: absent, or another customer's.
        """
        return self._find(number, asker, lock=False)

    def recent(self, *, asker: AsCustomer, limit: int = 5) -> list[Order]:
        """The customer's newest orders, all parts loaded."""
        return list(self._orders.recent(asker.customer_id, limit))

    def list(
        self,
        *,
        asker: AsStaff | AsSystem,
        q: str | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[Order]:
        """Orders newest first; ``q`` is a number or its start, an e-mail, or words of a name."""
        return self.page(OrderFilter(q=q), ListQuery(cursor=cursor, limit=limit), asker=asker)

    def page(
        self,
        wanted: OrderFilter = OrderFilter(),  # noqa: B008  # frozen
        query: ListQuery = ListQuery(),  # noqa: B008  # frozen
        *,
        asker: Asker,
    ) -> Page[Order]:
        """Orders that match every condition, sorted as asked; a customer gets their own.

        Raises:
            Invalid: the sort or the cursor is not one of this list.
        """
        return self._orders.page(asker, wanted, query)

    def cancel(self, number: str, *, asker: Asker, reason: str, idempotency_key: str) -> Order:
        """Cancel an order that has not left, give the money back, put the goods back in stock.

        Repeating the call with the same key returns the cancelled order and changes nothing.

        Raises:
            OrderNotFound: absent, or another customer's.
            CannotCancel: it has left, or was cancelled before; the detail says which.
        """
        order = self._find(number, asker, lock=True)
        source_key = _source_key("order-cancel", idempotency_key)
        if order.status is OrderStatus.CANCELLED and self._orders.has_interaction(
            order, source_key
        ):
            return order
        now = self._clock()
        moved = self._orders.move(
            order,
            allowed=CHANGEABLE,
            status=OrderStatus.CANCELLED,
            cancelled_at=now,
            cancel_reason=shorten(storable(reason), 200),
        )
        if not moved:
            raise CannotCancel(f"Order {order.number} cannot be cancelled: {_too_late(order)}.")
        self._orders.restock(order)
        self._orders.drop_labels(order)
        self._orders.fail_pending_charges(order, reason="The order was cancelled")
        refunded = self._refund_everything(order, now)
        self._interactions.record(
            customer_id=order.customer_id,
            kind=InteractionKind.PURCHASE,
            summary=f"Order {order.number} cancelled",
            data={"event": "cancelled", "order": order.number, "refund_minor": refunded},
            at=now,
            order_id=order.id,
            source_key=source_key,
        )
        record(self._session, asker, "order.cancelled", "order", order.number)
        self._session.flush()
        return self._find(number, asker, lock=True)

    def change_address(
        self, number: str, *, asker: Asker, street: str, postal_code: str, city: str
    ) -> Order:
        """Send an order that has not left to another address in the same country.

        Raises:
            OrderNotFound: absent, or another customer's.
            CannotChangeAddress: it has left or is cancelled.
            Invalid: a part of the address is empty or too long; the detail names it.
        """
        given = {"street": street, "postal_code": postal_code, "city": city}
        address = {name: _address_part(name, value) for name, value in given.items()}
        order = self._find(number, asker, lock=True)
        if not self._orders.move(order, allowed=CHANGEABLE, **address):
            raise CannotChangeAddress(
                f"The address of order {order.number} cannot be changed: {_too_late(order)}."
            )
        self._interactions.record(
            customer_id=order.customer_id,
            kind=InteractionKind.PURCHASE,
            summary=f"Delivery address of order {order.number} changed",
            data={"event": "address_changed", "order": order.number},
            at=self._clock(),
            order_id=order.id,
        )
        record(self._session, asker, "order.address_changed", "order", order.number)
        return order

    def delivery_estimate(self, order: Order) -> DeliveryEstimate:
        """When the order arrives, whether it is late, and why."""
        return estimate_delivery(order, today=self._clock().date())

    def invoice(self, number: str, *, asker: Asker) -> Invoice:
        """The order's invoice; ``invoices.render_invoice_html`` makes a page of it.

        Raises:
            OrderNotFound: absent, or another customer's.
        """
        return invoice_of(self.by_number(number, asker=asker))

    def duplicate_charges(self, number: str, *, asker: Asker) -> DuplicateCharges:
        """Charges of the order beyond the first, with their refunds where there are some.

        Raises:
            OrderNotFound: absent, or another customer's.
        """
        return find_duplicate_charges(self.by_number(number, asker=asker))

    def _find(self, number: str, asker: Asker, *, lock: bool) -> Order:
        wanted = normalise_order_number(number)
        order = self._orders.by_number(wanted, asker, lock=lock) if wanted else None
        if order is None:
            raise OrderNotFound
        return order

    def _refund_everything(self, order: Order, now: datetime) -> int:
        """Open a refund for every charge not refunded yet; returns the sum in minor units."""
        back = [payment.amount_minor for payment in refunds(order)]
        total = 0
        for charge in completed_charges(order):
            if charge.amount_minor in back:
                back.remove(charge.amount_minor)
                continue
            total += charge.amount_minor
            self._session.add(
                Payment(
                    order_id=order.id,
                    kind=PaymentKind.REFUND,
                    method=charge.method,
                    status=PaymentStatus.PENDING,
                    amount_minor=charge.amount_minor,
                    currency=charge.currency,
                    created_at=now,
                )
            )
        return total


def ships_to(country: str) -> bool:
    """Whether the shop delivers to a country (ISO 3166-1 alpha-2)."""
    return country.upper() in SHIPPING_COUNTRIES


def _too_late(order: Order) -> str:
    return _TOO_LATE.get(order.status, "its state has just changed")


def _source_key(scope: str, idempotency_key: str) -> str:
    if not 1 <= len(idempotency_key) <= 100:
        raise Invalid("idempotency_key: 1 to 100 characters")
    return f"{scope}:{idempotency_key}"


def _address_part(name: str, value: str) -> str:
    value = " ".join(storable(value).split())
    if not value:
        raise Invalid(f"{name}: must not be empty")
    if len(value) > _ADDRESS_LIMITS[name]:
        raise Invalid(f"{name}: at most {_ADDRESS_LIMITS[name]} characters")
    return value
