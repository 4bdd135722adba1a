"""What can be exported: its columns under the names that importing knows, and its filters."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import InstrumentedAttribute

from crm_store.importing.cleaning.numbers import minor_digits
from crm_store.models import (
    Account,
    Category,
    Consent,
    Customer,
    Interaction,
    Lead,
    Order,
    OrderLine,
    Product,
    Ticket,
)
from crm_store.permissions import Permission
from crm_store.privacy.classified import ERASED_ID


class Shape(StrEnum):
    """What a column's values are, for formats that have types."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    TIME = "time"


Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, its shape, and how it is made of a selected row."""

    name: str
    shape: Shape
    value: Callable[[Row], Any]


@dataclass(frozen=True, slots=True)
class Export:
    """One kind of rows.

    Attributes:
        statement: selects them, each column under the name that ``Column.value`` reads.
        order: the key that they come in the order of.
        at: the time that ``since`` and ``until`` are about.
        filters: columns that can be asked to have a value.
        permission: what the asker needs to read them.
    """

    name: str
    columns: tuple[Column, ...]
    statement: Select[*tuple[Any, ...]]
    order: InstrumentedAttribute[Any]
    permission: Permission
    at: InstrumentedAttribute[Any] | None = None
    filters: dict[str, InstrumentedAttribute[Any]] = field(default_factory=dict)


def _plain(name: str, shape: Shape = Shape.TEXT) -> Column:
    return Column(name, shape, lambda row: row[name])


def _money(name: str, source: str) -> Column:
    """An amount as a number in its currency's own unit."""

    def value(row: Row) -> Decimal | None:
        if row[source] is None:
            return None
        return Decimal(row[source]).scaleb(-minor_digits(row["currency"]))

    return Column(name, Shape.NUMBER, value)


def _texts(names: str) -> tuple[Column, ...]:
    return tuple(_plain(name) for name in names.split())


def _listed(name: str) -> Column:
    return Column(name, Shape.TEXT, lambda row: "; ".join(row[name] or []))


def _whose() -> tuple[Column, ...]:
    return (_plain("customer_external_id"), _plain("customer_email"))


_OF_CUSTOMER = (
    Customer.external_id.label("customer_external_id"),
    Customer.email.label("customer_email"),
)
_NUMBER = _plain("number")

CUSTOMERS = Export(
    "customers",
    (
        *_texts("external_id name email phone street postal_code city country locale"),
        _plain("created_at", Shape.TIME),
    ),
    select(
        Customer.external_id, Customer.name, Customer.email, Customer.phone, Customer.street,
        Customer.postal_code, Customer.city, Customer.country, Customer.locale,
        Customer.created_at,
    ).where(Customer.merged_into_id.is_(None), Customer.id != ERASED_ID),
    Customer.id,
    Permission.CUSTOMERS_READ,
    Customer.created_at,
    {"country": Customer.country, "city": Customer.city, "locale": Customer.locale},
)  # fmt: skip

CATEGORIES = Export(
    "categories",
    (*_texts("slug name"), _listed("synonyms")),
    select(Category.slug, Category.name, Category.synonyms),
    Category.id,
    Permission.ORDERS_READ,
)

PRODUCTS = Export(
    "products",
    (
        *_texts("sku name description category"),
        _money("price", "price_minor"),
        _plain("currency"),
        _plain("stock", Shape.INTEGER),
        _plain("restock_days", Shape.INTEGER),
        _plain("warranty_months", Shape.INTEGER),
        _plain("active", Shape.BOOLEAN),
    ),
    select(
        Product.sku, Product.name, Product.description, Category.name.label("category"),
        Product.price_minor, Product.currency, Product.stock, Product.restock_days,
        Product.warranty_months, Product.active,
    ).join(Category, Category.id == Product.category_id),
    Product.id,
    Permission.ORDERS_READ,
    Product.created_at,
    {"category": Category.name, "currency": Product.currency},
)  # fmt: skip

ORDERS = Export(
    "orders",
    (
        _NUMBER,
        *_whose(),
        _plain("placed_at", Shape.TIME),
        *_texts("status currency"),
        _money("total", "total_minor"),
        _money("shipping", "shipping_minor"),
        *_texts("shipping_method ship_to street postal_code city country"),
        _plain("cancelled_at", Shape.TIME),
        _plain("cancel_reason"),
    ),
    select(
        Order.number, *_OF_CUSTOMER, Order.placed_at, Order.status, Order.currency,
        Order.total_minor, Order.shipping_minor, Order.shipping_method, Order.ship_to,
        Order.street, Order.postal_code, Order.city, Order.country, Order.cancelled_at,
        Order.cancel_reason,
    ).join(Customer, Customer.id == Order.customer_id),
    Order.id,
    Permission.ORDERS_READ,
    Order.placed_at,
    {"status": Order.status, "currency": Order.currency, "country": Order.country},
)  # fmt: skip

ORDER_LINES = Export(
    "order_lines",
    (
        _NUMBER,
        _plain("position", Shape.INTEGER),
        *_texts("sku line_name"),
        _plain("quantity", Shape.INTEGER),
        _money("unit_price", "unit_price_minor"),
        _plain("currency"),
    ),
    select(
        Order.number, OrderLine.position, Product.sku, OrderLine.name.label("line_name"),
        OrderLine.quantity, OrderLine.unit_price_minor, Order.currency,
    )
    .join(Order, Order.id == OrderLine.order_id)
    .join(Product, Product.id == OrderLine.product_id),
    OrderLine.id,
    Permission.ORDERS_READ,
    Order.placed_at,
    {"status": Order.status, "sku": Product.sku},
)  # fmt: skip

TICKETS = Export(
    "tickets",
    (
        Column("external_id", Shape.TEXT, lambda row: row["number"]),
        *_whose(),
        *_texts("subject body topic status priority"),
        _plain("created_at", Shape.TIME),
    ),
    select(
        Ticket.number, *_OF_CUSTOMER, Ticket.subject, Ticket.body, Ticket.topic, Ticket.status,
        Ticket.priority, Ticket.created_at,
    ).outerjoin(Customer, Customer.id == Ticket.customer_id),
    Ticket.id,
    Permission.TICKETS_READ,
    Ticket.created_at,
    {"status": Ticket.status, "priority": Ticket.priority, "topic": Ticket.topic},
)  # fmt: skip

INTERACTIONS = Export(
    "interactions",
    (*_whose(), _plain("kind"), _plain("at", Shape.TIME), _plain("summary")),
    select(*_OF_CUSTOMER, Interaction.kind, Interaction.at, Interaction.summary).join(
        Customer, Customer.id == Interaction.customer_id
    ),
    Interaction.id,
    Permission.CUSTOMERS_READ,
    Interaction.at,
    {"kind": Interaction.kind},
)

CONSENTS = Export(
    "consents",
    (
        *_whose(),
        _plain("purpose"),
        _plain("granted", Shape.BOOLEAN),
        _plain("at", Shape.TIME),
        *_texts("source wording"),
    ),
    select(
        *_OF_CUSTOMER, Consent.purpose, Consent.granted, Consent.at, Consent.source,
        Consent.wording,
    )
    .join(Customer, Customer.id == Consent.customer_id)
    .where(Consent.customer_id != ERASED_ID),
    Consent.id,
    Permission.CUSTOMERS_READ,
    Consent.at,
    {"purpose": Consent.purpose},
)  # fmt: skip

LEADS = Export(
    "leads",
    (
        *_texts("external_id name email phone company source status notes"),
        _plain("created_at", Shape.TIME),
    ),
    select(
        Lead.external_id, Lead.name, Lead.email, Lead.phone, Lead.company, Lead.source,
        Lead.status, Lead.notes, Lead.created_at,
    ),
    Lead.id,
    Permission.SALES_READ,
    Lead.created_at,
    {"status": Lead.status, "source": Lead.source},
)  # fmt: skip

ACCOUNTS = Export(
    "accounts",
    (
        *_texts("external_id name website industry"),
        _plain("employees", Shape.INTEGER),
        *_texts("country notes"),
        _plain("created_at", Shape.TIME),
    ),
    select(
        Account.external_id, Account.name, Account.website, Account.industry, Account.employees,
        Account.country, Account.notes, Account.created_at,
    ).where(Account.merged_into_id.is_(None)),
    Account.id,
    Permission.SALES_READ,
    Account.created_at,
    {"country": Account.country, "industry": Account.industry},
)  # fmt: skip

EXPORTS: dict[str, Export] = {
    one.name: one
    for one in (
        CUSTOMERS, PRODUCTS, CATEGORIES, ORDERS, ORDER_LINES, TICKETS, INTERACTIONS, CONSENTS,
        LEADS, ACCOUNTS,
    )
}  # fmt: skip
