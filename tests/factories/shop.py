"""Customers, products and orders."""

import random
from typing import Any

from sqlalchemy.orm import Session

from crm_store.models import (
    Category,
    Customer,
    Order,
    OrderLine,
    OrderStatus,
    Payment,
    PaymentKind,
    PaymentMethod,
    PaymentStatus,
    Product,
)
from foundation.clock import utc_now
from foundation.ids import new_id


def make_customer(session: Session, **given: Any) -> Customer:
    """A customer with an e-mail address of their own and no phone."""
    values: dict[str, Any] = {"name": "Grete Kunde", "email": f"{new_id().hex}@example.com"}
    customer = Customer(**values | given)
    session.add(customer)
    session.flush()
    return customer


def make_category(session: Session, **given: Any) -> Category:
    """A category with a slug of its own."""
    values: dict[str, Any] = {"slug": f"category-{new_id().hex}", "name": "Tents & shelters"}
    category = Category(**values | given)
    session.add(category)
    session.flush()
    return category


def make_product(session: Session, **given: Any) -> Product:
    """A product in stock at 49.00 EUR; its category is made when none is given."""
    unique = new_id().hex
    if "category_id" not in given:
        given["category_id"] = make_category(session).id
    values: dict[str, Any] = {
        "sku": f"SKU-{unique}",
        "slug": f"product-{unique}",
        "name": "Ridge tent",
        "description": "A tent for two.",
        "price_minor": 4900,
        "currency": "EUR",
        "stock": 10,
    }
    product = Product(**values | given)
    session.add(product)
    session.flush()
    return product


def make_order(
    session: Session,
    customer: Customer | None = None,
    *,
    products: list[Product] | None = None,
    quantity: int = 1,
    charged: bool = True,
    **given: Any,
) -> Order:
    """A paid order, one line a product, with a completed card charge when ``charged``.

    Customer and product are made when none is given.
    """
    customer = customer or make_customer(session)
    products = products if products is not None else [make_product(session)]
    items_minor = sum(product.price_minor * quantity for product in products)
    values: dict[str, Any] = {
        "number": f"KF-{random.randrange(10**7):07d}",
        "customer_id": customer.id,
        "status": OrderStatus.PAID,
        "placed_at": utc_now(),
        "currency": "EUR",
        "items_minor": items_minor,
        "shipping_minor": 490,
        "ship_to": customer.name,
        "street": "Lindenweg 1",
        "postal_code": "12345",
        "city": "Berlin",
        "country": "DE",
    }
    values |= given
    values.setdefault("total_minor", values["items_minor"] + values["shipping_minor"])
    order = Order(**values)
    order.lines = [
        OrderLine(
            position=position,
            product_id=product.id,
            name=product.name,
            quantity=quantity,
            unit_price_minor=product.price_minor,
        )
        for position, product in enumerate(products, start=1)
    ]
    if charged:
        order.payments = [
            Payment(
                kind=PaymentKind.CHARGE,
                method=PaymentMethod.CARD,
                status=PaymentStatus.COMPLETED,
                amount_minor=order.total_minor,
                currency=order.currency,
                completed_at=order.placed_at,
            )
        ]
    session.add(order)
    session.flush()
    return order
