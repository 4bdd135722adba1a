"""The SQL about orders."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, delete, false, select, update
from sqlalchemy.orm import Session, joinedload, selectinload

from crm_store.asking import AsCustomer, Asker
from crm_store.customers.contacts import has_email
from crm_store.lists import ListQuery, SortKey, Sorts
from crm_store.models import (
    Customer,
    Interaction,
    Order,
    OrderLine,
    OrderStatus,
    Payment,
    PaymentKind,
    PaymentStatus,
    Product,
    Return,
    SearchKind,
    Shipment,
    ShipmentStatus,
)
from crm_store.orders.numbers import normalise_order_number
from crm_store.pages import Page
from crm_store.permissions import Permission, require_or_own
from crm_store.search.service import SearchService
from crm_store.texts import storable

_START = re.compile(r"KF-\d{1,7}")
_NUMBER_CHARS = len("KF-1234567")
_MOST_NAMED = 200
_MOST_TYPED = 200

_ALL_PARTS = (
    joinedload(Order.customer),
    selectinload(Order.lines).joinedload(OrderLine.product),
    selectinload(Order.shipments),
    selectinload(Order.payments),
    selectinload(Order.returns).joinedload(Return.line),
)

ORDER_SORTS = Sorts(
    {"placed_at": SortKey(Order.placed_at, datetime), "number": SortKey(Order.number, str)},
    default="-placed_at",
    unique=Order.id,
)


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """What an order must be like; None and empty are no condition.

    Attributes:
        q: a number or its start, a customer's whole e-mail address, or words of their name.
        status: one of these.
        customer_id: whose; of a merged record, whom it became.
        placed_from: placed then or later.
        placed_to: placed before then.
    """

    q: str | None = None
    status: Sequence[OrderStatus] = ()
    customer_id: UUID | None = None
    placed_from: datetime | None = None
    placed_to: datetime | None = None


class OrderRepository:
    """Reads are scoped by who asks; writes happen on orders already found that way."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def by_number(self, number: str, asker: Asker, *, lock: bool = False) -> Order | None:
        """The order with all its parts; ``lock`` holds its row, to change it."""
        if lock:
            # A lock of its own: PostgreSQL refuses FOR UPDATE over the joins of the eager load.
            require_or_own(asker, Permission.ORDERS_WRITE)
            locked = _scoped(select(Order.id), asker).where(Order.number == number)
            self._session.execute(locked.with_for_update())
        statement = _scoped(select(Order), asker).where(Order.number == number)
        # Rows that this session read before the lock may be stale by now.
        options = {"populate_existing": True} if lock else {}
        return self._session.scalars(
            statement.options(*_ALL_PARTS), execution_options=options
        ).one_or_none()

    def recent(self, customer_id: UUID, limit: int) -> Sequence[Order]:
        """A customer's newest orders."""
        return self._session.scalars(
            select(Order)
            .where(Order.customer_id == customer_id)
            .order_by(Order.placed_at.desc(), Order.id.desc())
            .limit(limit)
            .options(*_ALL_PARTS)
        ).all()

    def page(self, asker: Asker, wanted: OrderFilter, query: ListQuery) -> Page[Order]:
        """Orders that match every condition."""
        statement = _scoped(select(Order), asker).options(joinedload(Order.customer))
        statement = statement.where(*self._conditions(wanted))
        return ORDER_SORTS.page(self._session, statement, query)

    def _conditions(self, wanted: OrderFilter) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = []
        q = storable(wanted.q or "").strip()[:_MOST_TYPED]
        if number := normalise_order_number(q) if q else None:
            found.append(Order.number == number)
        elif q.upper().startswith("KF"):
            found.append(_begins(q.upper()))
        elif q:
            found.append(_of(self._session, q))
        if wanted.status:
            found.append(Order.status.in_(wanted.status))
        if wanted.customer_id is not None:
            into = select(Customer.merged_into_id).where(Customer.id == wanted.customer_id)
            found.append(Order.customer_id == (self._session.scalar(into) or wanted.customer_id))
        if wanted.placed_from is not None:
            found.append(Order.placed_at >= wanted.placed_from)
        if wanted.placed_to is not None:
            found.append(Order.placed_at < wanted.placed_to)
        return found

    def move(self, order: Order, *, allowed: Sequence[OrderStatus], **values: Any) -> bool:
        """Set ``values`` if the order is still in one of the ``allowed`` states."""
        result = self._session.execute(
            update(Order)
            .where(Order.id == order.id, Order.status.in_(allowed))
            .values(**values)
            .execution_options(synchronize_session="fetch")
            .returning(Order.id)
        )
        return result.first() is not None

    def restock(self, order: Order) -> None:
        """Put the order's goods back on the shelf."""
        # In one order of products, so that two cancellations cannot lock each other out.
        for line in sorted(order.lines, key=lambda line: line.product_id):
            self._session.execute(
                update(Product)
                .where(Product.id == line.product_id)
                .values(stock=Product.stock + line.quantity)
                .execution_options(synchronize_session="fetch")
            )

    def fail_pending_charges(self, order: Order, *, reason: str) -> None:
        """Expect no more money for the order."""
        self._session.execute(
            update(Payment)
            .where(
                Payment.order_id == order.id,
                Payment.kind == PaymentKind.CHARGE,
                Payment.status == PaymentStatus.PENDING,
            )
            .values(status=PaymentStatus.FAILED, failure_reason=reason)
            .execution_options(synchronize_session="fetch")
        )

    def has_interaction(self, order: Order, source_key: str) -> bool:
        """Whether the order's timeline has this very entry."""
        statement = select(Interaction.id).where(
            Interaction.source_key == source_key, Interaction.order_id == order.id
        )
        return self._session.scalar(statement) is not None

    def drop_labels(self, order: Order) -> None:
        """Forget parcels of which only a label exists."""
        self._session.execute(
            delete(Shipment)
            .where(Shipment.order_id == order.id, Shipment.status == ShipmentStatus.LABEL_CREATED)
            .execution_options(synchronize_session="fetch")
        )


def _begins(start: str) -> ColumnElement[bool]:
    """Numbers that begin so, as a range: an index on texts knows no other way in every locale."""
    if not _START.fullmatch(start):
        return false()
    return Order.number.between(start.ljust(_NUMBER_CHARS, "0"), start.ljust(_NUMBER_CHARS, "9"))


def _of(session: Session, q: str) -> ColumnElement[bool]:
    """Orders of the customers with the e-mail address ``q``, or with its words in their name."""
    if "@" in q:
        return Order.customer_id.in_(select(Customer.id).where(has_email(session, q)))
    named = SearchService(session).refs(q, SearchKind.CUSTOMER, most=_MOST_NAMED)
    # Their orders first: asked for the newest of them, a planner may walk through all orders.
    theirs = session.scalars(select(Order.id).where(Order.customer_id.in_(named.items)))
    return Order.id.in_(theirs.all())


def _scoped(statement: Select[Any], asker: Asker) -> Select[Any]:
    require_or_own(asker, Permission.ORDERS_READ)
    if isinstance(asker, AsCustomer):
        return statement.where(Order.customer_id == asker.customer_id)
    return statement
