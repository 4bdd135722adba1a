"""What the shop sells."""

from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm_store.models.base import Base, Code, CreatedAt, Currency, PrimaryKey, ShortText


class Category(Base):
    """A shelf of the shop; ``synonyms`` are the words that customers use for it."""

    __tablename__ = "categories"

    id: Mapped[PrimaryKey]
    slug: Mapped[str] = mapped_column(String(100), unique=True)
    name: Mapped[ShortText]
    synonyms: Mapped[list[str]] = mapped_column(default=list)


class Product(Base):
    """Something with a price, a stock and a description."""

    __tablename__ = "products"
    __table_args__ = (
        CheckConstraint("price_minor >= 0", name="price_not_negative"),
        CheckConstraint("stock >= 0", name="stock_not_negative"),
    )

    id: Mapped[PrimaryKey]
    sku: Mapped[Code] = mapped_column(String(64), unique=True)
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    name: Mapped[ShortText]
    description: Mapped[str]
    category_id: Mapped[UUID] = mapped_column(ForeignKey("categories.id"), index=True)
    price_minor: Mapped[int]
    currency: Mapped[Currency]
    stock: Mapped[int] = mapped_column(default=0)
    restock_days: Mapped[int | None]
    """Days until the next delivery to the warehouse, where stock is 0 and one is planned."""
    warranty_months: Mapped[int] = mapped_column(default=24)
    attributes: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Facts to show and compare: brand, colour, material, weight, …"""
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[CreatedAt]

    category: Mapped[Category] = relationship()
