"""Orders and what happens to them: lines, shipments, payments, returns."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm_store.models.base import (
    Base,
    CreatedAt,
    Currency,
    PrimaryKey,
    ShortText,
    UpdatedAt,
    str_enum,
)
from crm_store.models.catalog import Product
from crm_store.models.customers import Customer
from crm_store.models.encrypted import EncryptedText


class OrderStatus(StrEnum):
    PENDING = "pending"  # placed, payment not captured
    PAID = "paid"
    PACKED = "packed"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


class ShipmentStatus(StrEnum):
    LABEL_CREATED = "label_created"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    LOST = "lost"


class PaymentKind(StrEnum):
    CHARGE = "charge"
    REFUND = "refund"


class PaymentMethod(StrEnum):
    CARD = "card"
    WALLET = "wallet"
    BANK_TRANSFER = "bank_transfer"
    INVOICE = "invoice"


class PaymentStatus(StrEnum):
    PENDING = "pending"
    COMPLETED = "completed"
    FAILED = "failed"


class ReturnStatus(StrEnum):
    REQUESTED = "requested"
    IN_TRANSIT = "in_transit"
    RECEIVED = "received"
    REFUNDED = "refunded"
    EXCHANGED = "exchanged"
    REJECTED = "rejected"


class ReturnResolution(StrEnum):
    REFUND = "refund"
    EXCHANGE = "exchange"


class Order(Base):
    """A purchase. ``number`` is what customers read on their confirmation: ``KF-1234567``."""

    __tablename__ = "orders"
    __table_args__ = (
        Index("ix_orders_customer_id_placed_at", "customer_id", "placed_at"),
        Index("ix_orders_placed_at_id", "placed_at", "id"),
        Index("ix_orders_status_placed_at_id", "status", "placed_at", "id"),
        CheckConstraint("total_minor = items_minor + shipping_minor", name="total_adds_up"),
    )

    id: Mapped[PrimaryKey]
    number: Mapped[str] = mapped_column(String(32), unique=True)
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"))
    status: Mapped[OrderStatus] = mapped_column(str_enum(OrderStatus, "order_status"))
    placed_at: Mapped[datetime]
    currency: Mapped[Currency]
    items_minor: Mapped[int]
    shipping_minor: Mapped[int]
    total_minor: Mapped[int]
    shipping_method: Mapped[str] = mapped_column(String(32), default="standard")
    ship_to: Mapped[str] = mapped_column(EncryptedText("orders.ship_to"))
    street: Mapped[str] = mapped_column(EncryptedText("orders.street"))
    postal_code: Mapped[str] = mapped_column(EncryptedText("orders.postal_code"))
    city: Mapped[str] = mapped_column(String(100))
    country: Mapped[str] = mapped_column(String(2))
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[str | None] = mapped_column(String(200))

    customer: Mapped[Customer] = relationship()
    lines: Mapped[list["OrderLine"]] = relationship(
        back_populates="order", order_by="OrderLine.position"
    )
    shipments: Mapped[list["Shipment"]] = relationship(order_by="Shipment.created_at")
    payments: Mapped[list["Payment"]] = relationship(order_by="Payment.created_at")
    returns: Mapped[list["Return"]] = relationship(back_populates="order")


class OrderLine(Base):
    """One product of an order, at the name and price of that day."""

    __tablename__ = "order_lines"
    __table_args__ = (
        UniqueConstraint("order_id", "position"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
    )

    id: Mapped[PrimaryKey]
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"))
    position: Mapped[int]
    product_id: Mapped[UUID] = mapped_column(ForeignKey("products.id"), index=True)
    name: Mapped[ShortText]
    quantity: Mapped[int]
    unit_price_minor: Mapped[int]

    order: Mapped[Order] = relationship(back_populates="lines")
    product: Mapped[Product] = relationship()


class Shipment(Base):
    """A parcel on its way."""

    __tablename__ = "shipments"

    id: Mapped[PrimaryKey]
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), index=True)
    carrier: Mapped[str] = mapped_column(String(64))
    tracking_number: Mapped[str] = mapped_column(String(64), unique=True)
    status: Mapped[ShipmentStatus] = mapped_column(str_enum(ShipmentStatus, "shipment_status"))
    shipped_at: Mapped[datetime | None]
    expected_on: Mapped[date | None]
    delivered_at: Mapped[datetime | None]
    delay_reason: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[CreatedAt]


class Payment(Base):
    """Money in (charge) or back (refund)."""

    __tablename__ = "payments"
    __table_args__ = (CheckConstraint("amount_minor >= 0", name="amount_not_negative"),)

    id: Mapped[PrimaryKey]
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), index=True)
    kind: Mapped[PaymentKind] = mapped_column(str_enum(PaymentKind, "payment_kind"))
    method: Mapped[PaymentMethod] = mapped_column(str_enum(PaymentMethod, "payment_method"))
    status: Mapped[PaymentStatus] = mapped_column(str_enum(PaymentStatus, "payment_status"))
    amount_minor: Mapped[int]
    currency: Mapped[Currency]
    failure_reason: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[CreatedAt]
    completed_at: Mapped[datetime | None]


class Return(Base):
    """One line (or part of it) on its way back."""

    __tablename__ = "returns"
    __table_args__ = (CheckConstraint("quantity > 0", name="quantity_positive"),)

    id: Mapped[PrimaryKey]
    number: Mapped[str] = mapped_column(String(32), unique=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), index=True)
    line_id: Mapped[UUID] = mapped_column(
        ForeignKey("order_lines.id", ondelete="CASCADE"), index=True
    )
    quantity: Mapped[int]
    reason: Mapped[str] = mapped_column(String(500))
    resolution: Mapped[ReturnResolution] = mapped_column(
        str_enum(ReturnResolution, "return_resolution")
    )
    status: Mapped[ReturnStatus] = mapped_column(str_enum(ReturnStatus, "return_status"))
    refund_minor: Mapped[int] = mapped_column(default=0)
    requested_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]
    refunded_at: Mapped[datetime | None]
    idempotency_key: Mapped[str | None] = mapped_column(String(128), unique=True)

    order: Mapped[Order] = relationship(back_populates="returns")
    line: Mapped[OrderLine] = relationship()
