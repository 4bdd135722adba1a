"""Purchases. Tax law keeps what was sold for how much; it does not keep to whom."""

from crm_store.privacy.classified import (
    ERASED_ID,
    ERASED_TEXT,
    Classified,
    DataClass,
    kept,
    scrubbed,
)

_ORDERS = DataClass.ORDERS
_BY_ORDER = "order_id -> orders.id"
_TAX = "tax law: what was sold, when and for how much must be kept for ten years"

TABLES: list[Classified] = [
    scrubbed(
        "orders",
        _ORDERS,
        "customer_id",
        why=_TAX,
        # The country stays: it decides the tax.
        scrub={
            "customer_id": ERASED_ID,
            "ship_to": ERASED_TEXT,
            "street": ERASED_TEXT,
            "postal_code": "",
            "city": "",
            "cancel_reason": None,
        },
        shown="id number status placed_at currency items_minor shipping_minor total_minor"
        " shipping_method ship_to street postal_code city country cancelled_at cancel_reason",
        inside="customer_id",
        export="orders",
    ),
    kept(
        "order_lines",
        _ORDERS,
        _BY_ORDER,
        why=_TAX,
        shown="id order_id position product_id name quantity unit_price_minor",
        export="order_lines",
    ),
    scrubbed(
        "payments",
        _ORDERS,
        _BY_ORDER,
        why=_TAX,
        scrub={"failure_reason": None},
        shown="order_id kind method status amount_minor currency failure_reason created_at"
        " completed_at",
        inside="id",
        export="payments",
    ),
    scrubbed(
        "shipments",
        _ORDERS,
        _BY_ORDER,
        why="a part of the order; the number would lead to the address at the carrier's",
        # Unique, and no two may be the same: the key of the row takes its place.
        scrub={"tracking_number": ..., "delay_reason": None},
        shown="order_id carrier tracking_number status shipped_at expected_on delivered_at"
        " delay_reason created_at",
        inside="id",
        export="shipments",
    ),
    scrubbed(
        "returns",
        _ORDERS,
        _BY_ORDER,
        why=_TAX,
        scrub={"reason": ERASED_TEXT, "idempotency_key": None},
        shown="number order_id line_id quantity reason resolution status refund_minor requested_at"
        " updated_at refunded_at",
        inside="id idempotency_key",
        export="returns",
    ),
]
