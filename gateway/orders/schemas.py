"""Orders as staff see them. Amounts are integer minor units of ``currency``."""

from datetime import date, datetime
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from crm_store.models import (
    Order,
    OrderStatus,
    PaymentKind,
    PaymentMethod,
    PaymentStatus,
    ReturnResolution,
    ReturnStatus,
    ShipmentStatus,
)


class OrderView(BaseModel):
    """A row of a list of orders."""

    id: UUID
    number: str
    customer_id: UUID
    customer_name: str
    status: OrderStatus
    placed_at: datetime
    total_minor: int
    currency: str


class OrderLineView(BaseModel):
    position: int
    name: str
    quantity: int
    unit_price_minor: int


class ShipmentView(BaseModel):
    carrier: str
    tracking_number: str
    status: ShipmentStatus
    shipped_at: datetime | None
    expected_on: date | None
    delivered_at: datetime | None
    delay_reason: str | None


class ParcelState(BaseModel):
    """What is known of a parcel now."""

    model_config = ConfigDict(extra="forbid")

    status: ShipmentStatus
    carrier: str | None = Field(None, max_length=64, description="Needed the first time.")
    shipped_at: AwareDatetime | None = None
    expected_on: date | None = None
    delivered_at: AwareDatetime | None = None
    delay_reason: str | None = Field(None, max_length=200)


class PaymentView(BaseModel):
    kind: PaymentKind
    method: PaymentMethod
    status: PaymentStatus
    amount_minor: int
    created_at: datetime


class ReturnView(BaseModel):
    number: str
    status: ReturnStatus
    resolution: ReturnResolution
    quantity: int
    reason: str
    refund_minor: int
    requested_at: datetime


class OrderDetail(OrderView):
    """One order with everything that happened to it."""

    items_minor: int
    shipping_minor: int
    ship_to: str
    street: str
    postal_code: str
    city: str
    country: str
    cancelled_at: datetime | None
    cancel_reason: str | None
    lines: list[OrderLineView]
    shipments: list[ShipmentView]
    payments: list[PaymentView]
    returns: list[ReturnView]


def order_view(order: Order) -> OrderView:
    """A row of a list."""
    return OrderView(
        id=order.id,
        number=order.number,
        customer_id=order.customer_id,
        customer_name=order.customer.name,
        status=order.status,
        placed_at=order.placed_at,
        total_minor=order.total_minor,
        currency=order.currency,
    )


def order_detail(order: Order) -> OrderDetail:
    """An order with its parts loaded."""
    return OrderDetail(
        **order_view(order).model_dump(),
        items_minor=order.items_minor,
        shipping_minor=order.shipping_minor,
        ship_to=order.ship_to,
        street=order.street,
        postal_code=order.postal_code,
        city=order.city,
        country=order.country,
        cancelled_at=order.cancelled_at,
        cancel_reason=order.cancel_reason,
        lines=[OrderLineView.model_validate(x, from_attributes=True) for x in order.lines],
        shipments=[ShipmentView.model_validate(x, from_attributes=True) for x in order.shipments],
        payments=[PaymentView.model_validate(x, from_attributes=True) for x in order.payments],
        returns=[ReturnView.model_validate(x, from_attributes=True) for x in order.returns],
    )
