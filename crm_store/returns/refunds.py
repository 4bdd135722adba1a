"""Where a customer's money is, said the way a customer asks it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from crm_store.models import (
    Order,
    Payment,
    PaymentKind,
    PaymentStatus,
    Return,
    ReturnStatus,
)
from crm_store.orders.terms import REFUND_WORKING_DAYS, add_working_days


class RefundStatus(StrEnum):
    AWAITING_GOODS = "awaiting_goods"  # the parcel is with the customer or on its way back
    BEING_PAID = "being_paid"
    PAID = "paid"
    REJECTED = "rejected"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class RefundState:
    """One amount of money on its way back."""

    order_number: str
    return_number: str | None
    """None where the money goes back for a cancellation or a double charge."""
    item: str | None
    amount_minor: int
    currency: str
    status: RefundStatus
    requested_at: datetime
    expected_by: date | None
    """The last day by which it is paid; None while the goods are not back, or when it is over."""
    paid_at: datetime | None


_OF_RETURN = {
    ReturnStatus.REQUESTED: RefundStatus.AWAITING_GOODS,
    ReturnStatus.IN_TRANSIT: RefundStatus.AWAITING_GOODS,
    ReturnStatus.RECEIVED: RefundStatus.BEING_PAID,
    ReturnStatus.REFUNDED: RefundStatus.PAID,
    ReturnStatus.REJECTED: RefundStatus.REJECTED,
}
_OF_PAYMENT = {
    PaymentStatus.PENDING: RefundStatus.BEING_PAID,
    PaymentStatus.COMPLETED: RefundStatus.PAID,
    PaymentStatus.FAILED: RefundStatus.FAILED,
}


def state_of_return(item: Return) -> RefundState:
    """The refund of a returned line; its order must be loaded."""
    status = _OF_RETURN[item.status]
    being_paid = status is RefundStatus.BEING_PAID
    return RefundState(
        order_number=item.order.number,
        return_number=item.number,
        item=item.line.name,
        amount_minor=item.refund_minor,
        currency=item.order.currency,
        status=status,
        requested_at=item.requested_at,
        expected_by=_due(item.updated_at) if being_paid else None,
        paid_at=item.refunded_at,
    )


def states_of_payments(order: Order) -> list[RefundState]:
    """Refunds of the order that no return accounts for; payments and returns must be loaded."""
    payments = [payment for payment in order.payments if payment.kind is PaymentKind.REFUND]
    for item in order.returns:
        _take_away(payments, item)
    return [
        RefundState(
            order_number=order.number,
            return_number=None,
            item=None,
            amount_minor=payment.amount_minor,
            currency=payment.currency,
            status=_OF_PAYMENT[payment.status],
            requested_at=payment.created_at,
            expected_by=_due(payment.created_at)
            if payment.status is PaymentStatus.PENDING
            else None,
            paid_at=payment.completed_at,
        )
        for payment in payments
    ]


def _take_away(payments: list[Payment], item: Return) -> None:
    """Remove the payment that belongs to the return: same amount, not before its request."""
    if item.status not in (ReturnStatus.RECEIVED, ReturnStatus.REFUNDED):
        return
    for payment in payments:
        same = payment.amount_minor == item.refund_minor
        if same and payment.created_at >= item.requested_at - timedelta(days=1):
            payments.remove(payment)
            return


def _due(start: datetime) -> date:
    return add_working_days(start.date(), REFUND_WORKING_DAYS)
