"""What customers are told about delivery dates."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from actions.order_cards import order_sentence
from crm_store.models import Order, OrderStatus, Shipment, ShipmentStatus
from crm_store.orders.delivery import DeliveryStatus, estimate_delivery
from crm_store.orders.terms import (
    EXPRESS,
    STANDARD,
    add_working_days,
    counts_from,
    return_refund_minor,
    shipping_fee_minor,
    vat_included_minor,
    working_days,
)

MONDAY = datetime(2026, 6, 1, 9, tzinfo=UTC)


def _order(status: OrderStatus = OrderStatus.PAID, **given: Any) -> Order:
    values = {
        "number": "KF-1234567",
        "status": status,
        "placed_at": MONDAY,
        "shipping_method": STANDARD,
        "country": "DE",
    }
    return Order(**values | given)


def _shipped(status: ShipmentStatus, **given: Any) -> Order:
    order = _order(
        OrderStatus.DELIVERED if status is ShipmentStatus.DELIVERED else OrderStatus.SHIPPED
    )
    shipped_at = MONDAY + timedelta(days=1)
    order.shipments = [
        Shipment(status=status, shipped_at=shipped_at, created_at=shipped_at, **given)
    ]
    return order


def test_working_days_skip_weekends() -> None:
    assert add_working_days(date(2026, 6, 5), 1) == date(2026, 6, 8)
    assert add_working_days(date(2026, 6, 6), 1) == date(2026, 6, 8)
    assert add_working_days(date(2026, 6, 1), 5) == date(2026, 6, 8)


def test_customs_take_longer() -> None:
    assert working_days(STANDARD, "DE") == (2, 4)
    assert working_days(STANDARD, "AT") == (3, 6)
    assert working_days(STANDARD, "CH") == (4, 8)
    assert working_days(EXPRESS, "DE") == (1, 1)


@pytest.mark.parametrize(
    ("at", "method", "day"),
    [
        # Monday 1 June 2026, 13:59 and 14:00 in Freiburg, which is two hours ahead of UTC.
        (datetime(2026, 6, 1, 11, 59, tzinfo=UTC), EXPRESS, date(2026, 6, 1)),
        (datetime(2026, 6, 1, 12, 0, tzinfo=UTC), EXPRESS, date(2026, 6, 2)),
        (datetime(2026, 6, 1, 12, 0, tzinfo=UTC), STANDARD, date(2026, 6, 1)),
        (datetime(2026, 6, 5, 12, 0, tzinfo=UTC), EXPRESS, date(2026, 6, 8)),
        (datetime(2026, 6, 6, 9, 0, tzinfo=UTC), STANDARD, date(2026, 6, 8)),
        # Sunday 23:30 UTC is Monday there.
        (datetime(2026, 6, 7, 23, 30, tzinfo=UTC), EXPRESS, date(2026, 6, 8)),
    ],
)
def test_the_day_that_delivery_counts_from(at: datetime, method: str, day: date) -> None:
    assert counts_from(at, method) == day


def test_fees() -> None:
    assert shipping_fee_minor(STANDARD, 5_999, "FR") == 490
    assert shipping_fee_minor(STANDARD, 6_000, "DE") == 0
    assert shipping_fee_minor(STANDARD, 6_000, "NO") == 1_490
    assert shipping_fee_minor(EXPRESS, 6_000, "DE") == 990
    assert return_refund_minor(4_900, "AT") == 4_900
    assert return_refund_minor(4_900, "NL") == 4_310
    assert return_refund_minor(500, "CH") == 0


def test_vat_is_contained_in_the_price() -> None:
    assert vat_included_minor(11_900, "DE") == 1_900
    assert vat_included_minor(100, "DE") == 16
    assert vat_included_minor(11_900, "CH") == 0


def test_before_shipping_the_promise_counts() -> None:
    estimate = estimate_delivery(_order(), today=date(2026, 6, 1))
    assert estimate.status is DeliveryStatus.PREPARING
    assert (estimate.earliest, estimate.latest) == (date(2026, 6, 3), date(2026, 6, 5))
    assert estimate.late_by_days == 0


def test_an_order_that_never_left_is_late() -> None:
    estimate = estimate_delivery(_order(OrderStatus.PACKED), today=date(2026, 6, 8))
    assert estimate.latest == date(2026, 6, 10)
    assert estimate.late_by_days == 5
    assert estimate.reason


def test_unpaid_orders_count_from_today() -> None:
    estimate = estimate_delivery(_order(OrderStatus.PENDING), today=date(2026, 6, 8))
    assert estimate.status is DeliveryStatus.AWAITING_PAYMENT
    assert estimate.earliest == date(2026, 6, 10)


def test_on_the_way() -> None:
    order = _shipped(ShipmentStatus.IN_TRANSIT, expected_on=date(2026, 6, 4))
    estimate = estimate_delivery(order, today=date(2026, 6, 2))
    assert estimate.status is DeliveryStatus.ON_THE_WAY
    assert (estimate.earliest, estimate.latest, estimate.late_by_days) == (
        date(2026, 6, 4),
        date(2026, 6, 4),
        0,
    )


def test_out_for_delivery_means_today() -> None:
    order = _shipped(ShipmentStatus.OUT_FOR_DELIVERY, expected_on=date(2026, 6, 4))
    estimate = estimate_delivery(order, today=date(2026, 6, 4))
    assert estimate.status is DeliveryStatus.OUT_FOR_DELIVERY
    assert estimate.latest == date(2026, 6, 4)


def test_delayed_with_a_new_date_and_a_reason() -> None:
    order = _shipped(
        ShipmentStatus.DELAYED, expected_on=date(2026, 6, 9), delay_reason="heavy snow"
    )
    estimate = estimate_delivery(order, today=date(2026, 6, 5))
    assert estimate.status is DeliveryStatus.DELAYED
    assert (estimate.latest, estimate.late_by_days) == (date(2026, 6, 9), 4)
    assert estimate.reason == "heavy snow"


def test_a_date_that_passed_in_silence_is_late() -> None:
    order = _shipped(ShipmentStatus.IN_TRANSIT, expected_on=date(2026, 6, 4))
    estimate = estimate_delivery(order, today=date(2026, 6, 10))
    assert estimate.status is DeliveryStatus.DELAYED
    assert estimate.latest is None
    assert estimate.late_by_days == 5


def test_delivered_and_lost() -> None:
    order = _shipped(ShipmentStatus.DELIVERED, delivered_at=MONDAY + timedelta(days=3))
    estimate = estimate_delivery(order, today=date(2026, 7, 1))
    assert estimate.status is DeliveryStatus.DELIVERED
    assert estimate.earliest == estimate.latest == date(2026, 6, 4)
    lost = estimate_delivery(_shipped(ShipmentStatus.LOST), today=date(2026, 6, 15))
    assert lost.status is DeliveryStatus.LOST
    assert lost.latest is None
    assert lost.reason


def test_what_another_system_delivered_or_shipped_is_not_being_packed() -> None:
    today = date(2026, 6, 3)
    for order in (_order(OrderStatus.DELIVERED), _shipped(ShipmentStatus.IN_TRANSIT)):
        order.status = OrderStatus.DELIVERED
        estimate = estimate_delivery(order, today=today)
        assert (estimate.status, estimate.late_by_days) == (DeliveryStatus.DELIVERED, 0)
        assert order_sentence(order, estimate, today=today) == "KF-1234567 was delivered."
    order = _order(OrderStatus.SHIPPED)
    estimate = estimate_delivery(order, today=today)
    assert estimate.status is DeliveryStatus.ON_THE_WAY
    assert "on its way with the carrier" in order_sentence(order, estimate, today=today)


def test_a_replacement_speaks_louder_than_the_lost_parcel() -> None:
    order = _shipped(ShipmentStatus.LOST)
    order.shipments.append(
        Shipment(
            status=ShipmentStatus.IN_TRANSIT,
            shipped_at=MONDAY,
            created_at=MONDAY,
            expected_on=date(2026, 6, 20),
        )
    )
    estimate = estimate_delivery(order, today=date(2026, 6, 15))
    assert estimate.latest == date(2026, 6, 20)
    assert estimate.late_by_days == 15


@pytest.mark.parametrize("status", list(OrderStatus))
@pytest.mark.parametrize("offset", [0, 3, 40])
def test_every_state_has_an_answer_in_order(status: OrderStatus, offset: int) -> None:
    today = MONDAY.date() + timedelta(days=offset)
    estimate = estimate_delivery(_order(status), today=today)
    assert estimate.late_by_days >= 0
    if estimate.earliest and estimate.latest:
        assert estimate.earliest <= estimate.latest
