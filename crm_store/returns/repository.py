"""The SQL about returns."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from crm_store.models import Order, Payment, PaymentKind, Return, ReturnResolution


class ReturnRepository:
    """Orders come in already scoped by who asks; what is found here belongs to them."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def by_key(self, idempotency_key: str) -> Return | None:
        """The return that this key started."""
        statement = select(Return).where(Return.idempotency_key == idempotency_key)
        return self._session.scalar(statement.options(joinedload(Return.line)))

    def number_taken(self, number: str) -> bool:
        """Whether a return has this number."""
        return self._session.scalar(select(Return.id).where(Return.number == number)) is not None

    def refunds_of_returns(
        self, customer_id: UUID, *, since: datetime, order_number: str | None
    ) -> Sequence[Return]:
        """The customer's returns for money, newest first; of one order, whatever their age."""
        statement = (
            select(Return)
            .join(Return.order)
            .where(Order.customer_id == customer_id, Return.resolution == ReturnResolution.REFUND)
            .options(joinedload(Return.order).selectinload(Order.payments), joinedload(Return.line))
            .order_by(Return.requested_at.desc())
        )
        if order_number is None:
            statement = statement.where(Return.requested_at >= since)
        else:
            statement = statement.where(Order.number == order_number)
        return self._session.scalars(statement).all()

    def orders_with_refunds(
        self, customer_id: UUID, *, since: datetime, order_number: str | None
    ) -> Sequence[Order]:
        """The customer's orders from which money went back, with payments and returns."""
        refunded = select(Payment.order_id).where(Payment.kind == PaymentKind.REFUND)
        if order_number is None:
            refunded = refunded.where(Payment.created_at >= since)
        statement = (
            select(Order)
            .where(Order.customer_id == customer_id, Order.id.in_(refunded))
            .options(selectinload(Order.payments), selectinload(Order.returns))
        )
        if order_number is not None:
            statement = statement.where(Order.number == order_number)
        return self._session.scalars(statement).all()
