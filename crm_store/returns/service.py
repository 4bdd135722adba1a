"""Starting returns within the rules, and saying where the refund is."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from crm_store.asking import AsCustomer, Asker
from crm_store.audit import record
from crm_store.interactions.service import InteractionService
from crm_store.models import (
    InteractionKind,
    Order,
    OrderLine,
    OrderStatus,
    Return,
    ReturnResolution,
    ReturnStatus,
)
from crm_store.numbering import free_number
from crm_store.orders.errors import OrderNotFound
from crm_store.orders.numbers import normalise_order_number
from crm_store.orders.repository import OrderRepository
from crm_store.orders.terms import RETURN_DAYS, return_refund_minor
from crm_store.returns.errors import CannotReturn
from crm_store.returns.refunds import RefundState, state_of_return, states_of_payments
from crm_store.returns.repository import ReturnRepository
from crm_store.texts import shorten, storable
from foundation.clock import utc_now
from foundation.errors import Invalid

_REFUNDS_SHOWN_DAYS = 180
_NOT_DELIVERED = {
    OrderStatus.PENDING: "it has not been paid or sent yet; it can be cancelled instead",
    OrderStatus.PAID: "it has not been sent yet; it can be cancelled instead",
    OrderStatus.PACKED: "it has not been sent yet; it can be cancelled instead",
    OrderStatus.SHIPPED: "it has not been delivered yet",
    OrderStatus.CANCELLED: "it was cancelled",
}


class ReturnService:
    """Everything that people and the assistant do with returns."""

    def __init__(self, session: Session, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._returns = ReturnRepository(session)
        self._orders = OrderRepository(session)
        self._interactions = InteractionService(session)
        self._session = session
        self._clock = clock

    def returnable_lines(self, order: Order) -> list[OrderLine]:
        """Lines of a loaded order of which something can still be sent back, in order."""
        if self._why_not(order) is not None:
            return []
        return [line for line in order.lines if returnable_quantity(order, line) > 0]

    def why_not_returnable(self, order: Order) -> str | None:
        """Why nothing of the order can be sent back, as the end of a sentence; None if it can."""
        reason = self._why_not(order)
        if reason is None and not self.returnable_lines(order):
            return "a return of everything in it has already been started"
        return reason

    def start(
        self,
        order_number: str,
        *,
        asker: Asker,
        line_position: int | None = None,
        line_id: UUID | None = None,
        quantity: int = 1,
        reason: str,
        resolution: ReturnResolution,
        idempotency_key: str,
    ) -> Return:
        """Start the return of one line, named by its position or id.

        The refund is opened when the goods arrive; outside Germany and Austria the label is taken
        off it. Repeating the call with the same key returns
        the return that it started.

        Raises:
            OrderNotFound: absent, or another customer's.
            CannotReturn: not delivered, too long ago, or already returned; the detail says which.
            Invalid: no such line, or an empty reason.
        """
        if not 1 <= len(idempotency_key) <= 128:
            raise Invalid("idempotency_key: 1 to 128 characters")
        order = self._find(order_number, asker, lock=True)
        existing = self._returns.by_key(idempotency_key)
        if existing is not None:
            if existing.order_id != order.id:
                raise Invalid("idempotency_key: already used for another order")
            return existing
        line = _line_of(order, line_position, line_id)
        reason = shorten(storable(reason), 500)
        if not reason:
            raise Invalid("reason: must not be empty")
        self._check(order, line, quantity)
        item = self._add(
            order,
            line,
            quantity=quantity,
            reason=reason,
            resolution=resolution,
            idempotency_key=idempotency_key,
        )
        self._interactions.record(
            customer_id=order.customer_id,
            kind=InteractionKind.RETURN,
            summary=f"Return {item.number} started for {line.name} of order {order.number}"[:500],
            data={"event": "started", "return": item.number, "order": order.number},
            at=item.requested_at,
            order_id=order.id,
            source_key=f"return:{item.number}",
        )
        facts = {"order": order.number, "refund_minor": item.refund_minor}
        record(self._session, asker, "return.started", "return", item.number, facts)
        return item

    def for_order(self, number: str, *, asker: Asker) -> list[Return]:
        """The order's returns, oldest first.

        Raises:
            OrderNotFound: absent, or another customer's.
        """
        order = self._find(number, asker, lock=False)
        return sorted(order.returns, key=lambda item: (item.requested_at, item.number))

    def refund_status(
        self, *, asker: AsCustomer, order_number: str | None = None
    ) -> list[RefundState]:
        """The customer's refunds of the last 180 days, or of one order, newest first.

        Includes refunds of cancellations and double charges.

        Raises:
            OrderNotFound: the order is absent, or another customer's.
        """
        number = None
        if order_number is not None:
            number = self._find(order_number, asker, lock=False).number
        since = self._clock() - timedelta(days=_REFUNDS_SHOWN_DAYS)
        returns = self._returns.refunds_of_returns(
            asker.customer_id, since=since, order_number=number
        )
        states = [state_of_return(item) for item in returns]
        for order in self._returns.orders_with_refunds(
            asker.customer_id, since=since, order_number=number
        ):
            states += states_of_payments(order)
        return sorted(states, key=lambda state: state.requested_at, reverse=True)

    def _find(self, number: str, asker: Asker, *, lock: bool) -> Order:
        wanted = normalise_order_number(number)
        order = self._orders.by_number(wanted, asker, lock=lock) if wanted else None
        if order is None:
            raise OrderNotFound
        return order

    def _why_not(self, order: Order) -> str | None:
        if order.status is not OrderStatus.DELIVERED:
            return _NOT_DELIVERED[order.status]
        delivered = max((s.delivered_at for s in order.shipments if s.delivered_at), default=None)
        if delivered is None:
            return "its delivery is not confirmed yet"
        last_day = delivered.date() + timedelta(days=RETURN_DAYS)
        if self._clock().date() > last_day:
            return (
                f"it was delivered on {delivered:%d %B %Y}, and the {RETURN_DAYS} days for "
                f"returns ended on {last_day:%d %B %Y}"
            )
        return None

    def _check(self, order: Order, line: OrderLine, quantity: int) -> None:
        why = self._why_not(order)
        if why is not None:
            raise CannotReturn(f"Order {order.number} cannot be returned: {why}.")
        left = returnable_quantity(order, line)
        if left == 0:
            raise CannotReturn(f"A return of {line.name} has already been started.")
        if not 1 <= quantity <= left:
            raise CannotReturn(f"Of {line.name}, between 1 and {left} can be returned.")

    def _add(
        self,
        order: Order,
        line: OrderLine,
        *,
        quantity: int,
        reason: str,
        resolution: ReturnResolution,
        idempotency_key: str,
    ) -> Return:
        refund = return_refund_minor(line.unit_price_minor * quantity, order.country)
        now = self._clock()
        item = Return(
            number=free_number("R", self._returns.number_taken),
            order=order,
            line=line,
            quantity=quantity,
            reason=reason,
            resolution=resolution,
            status=ReturnStatus.REQUESTED,
            refund_minor=refund if resolution is ReturnResolution.REFUND else 0,
            requested_at=now,
            updated_at=now,
            idempotency_key=idempotency_key,
        )
        self._session.add(item)
        self._session.flush()
        return item


def returnable_quantity(order: Order, line: OrderLine) -> int:
    """Pieces of the line for which no return was started; a rejected return does not count."""
    taken = sum(
        item.quantity
        for item in order.returns
        if item.line_id == line.id and item.status is not ReturnStatus.REJECTED
    )
    return line.quantity - taken


def _line_of(order: Order, position: int | None, line_id: UUID | None) -> OrderLine:
    if (position is None) == (line_id is None):
        raise Invalid("line_position: name the line by its position or its id")
    for line in order.lines:
        if line.position == position or line.id == line_id:
            return line
    raise Invalid(f"line_position: order {order.number} has no such line")
