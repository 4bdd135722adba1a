"""An order's invoice, as facts and as a page to print."""

from dataclasses import dataclass
from datetime import date

from jinja2 import Environment, PackageLoader, StrictUndefined

from crm_store.models import Order, PaymentStatus
from crm_store.orders.terms import vat_included_minor
from foundation.money import format_money


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    name: str
    quantity: int
    unit_price_minor: int

    @property
    def total_minor(self) -> int:
        return self.quantity * self.unit_price_minor


@dataclass(frozen=True, slots=True)
class InvoicePayment:
    """Money in or back; ``amount_minor`` is negative for a refund."""

    on: date
    kind: str
    method: str
    status: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Invoice:
    """What was bought, what it cost and what was paid. Amounts include VAT."""

    number: str
    order_number: str
    issued_on: date
    currency: str
    bill_to: tuple[str, ...]
    lines: tuple[InvoiceLine, ...]
    items_minor: int
    shipping_minor: int
    total_minor: int
    vat_minor: int
    payments: tuple[InvoicePayment, ...]
    cancelled: bool


def invoice_of(order: Order) -> Invoice:
    """The invoice of an order with its parts loaded; failed payments are left out."""
    return Invoice(
        number=order.number.replace("KF-", "INV-"),
        order_number=order.number,
        issued_on=order.placed_at.date(),
        currency=order.currency,
        bill_to=(
            order.ship_to,
            order.street,
            f"{order.postal_code} {order.city}",
            order.country,
        ),
        lines=tuple(
            InvoiceLine(line.name, line.quantity, line.unit_price_minor) for line in order.lines
        ),
        items_minor=order.items_minor,
        shipping_minor=order.shipping_minor,
        total_minor=order.total_minor,
        vat_minor=vat_included_minor(order.total_minor, order.country),
        payments=tuple(
            InvoicePayment(
                on=(payment.completed_at or payment.created_at).date(),
                kind=payment.kind.value,
                method=payment.method.value.replace("_", " "),
                status=payment.status.value,
                amount_minor=-payment.amount_minor
                if payment.kind.value == "refund"
                else payment.amount_minor,
            )
            for payment in order.payments
            if payment.status is not PaymentStatus.FAILED
        ),
        cancelled=order.cancelled_at is not None,
    )


def render_invoice_html(invoice: Invoice) -> str:
    """A complete, printable HTML page; every value is escaped."""
    environment = Environment(
        loader=PackageLoader("crm_store.orders"), autoescape=True, undefined=StrictUndefined
    )
    environment.filters["money"] = lambda minor: format_money(minor, invoice.currency)
    return environment.get_template("invoice.html").render(invoice=invoice)
