"""Reading an order's payments: what came in, what went back, what was charged twice."""

from dataclasses import dataclass

from crm_store.models import Order, OrderStatus, Payment, PaymentKind, PaymentStatus


@dataclass(frozen=True, slots=True)
class DuplicateCharge:
    """A second charge for the same order, with its refund once there is one."""

    charge: Payment
    refund: Payment | None


DuplicateCharges = list[DuplicateCharge]


def completed_charges(order: Order) -> list[Payment]:
    """The money that really came in, oldest first."""
    return [
        payment
        for payment in order.payments
        if payment.kind is PaymentKind.CHARGE and payment.status is PaymentStatus.COMPLETED
    ]


def refunds(order: Order) -> list[Payment]:
    """Refunds paid or under way, oldest first."""
    return [
        payment
        for payment in order.payments
        if payment.kind is PaymentKind.REFUND and payment.status is not PaymentStatus.FAILED
    ]


def balance_minor(order: Order) -> int:
    """Charged minus refunded, where a refund under way counts as paid."""
    charged = sum(payment.amount_minor for payment in completed_charges(order))
    return charged - sum(payment.amount_minor for payment in refunds(order))


def find_duplicate_charges(order: Order) -> DuplicateCharges:
    """Charges beyond the first of the order's full amount, each matched with its refund.

    Refunds that belong to a return or to the cancellation are not taken for those of a double
    charge.
    """
    extra = [p for p in completed_charges(order) if p.amount_minor == order.total_minor][1:]
    if not extra:
        return []
    back = [p for p in refunds(order) if p.amount_minor == order.total_minor]
    spoken_for = sum(
        1
        for item in order.returns
        if item.refunded_at is not None and item.refund_minor == order.total_minor
    )
    if order.status is OrderStatus.CANCELLED:
        spoken_for += 1
    free = back[: max(0, len(back) - spoken_for)]
    return [
        DuplicateCharge(charge, free[index] if index < len(free) else None)
        for index, charge in enumerate(extra)
    ]
