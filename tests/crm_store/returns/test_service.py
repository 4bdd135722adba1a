"""Starting returns and following refunds, on each database."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_store.asking import AsCustomer, AsSystem
from crm_store.database import Database
from crm_store.models import (
    Interaction,
    Order,
    OrderStatus,
    Payment,
    PaymentKind,
    PaymentMethod,
    PaymentStatus,
    Return,
    ReturnResolution,
    ReturnStatus,
    Shipment,
    ShipmentStatus,
)
from crm_store.orders.errors import OrderNotFound
from crm_store.orders.service import OrderService
from crm_store.returns.errors import CannotReturn
from crm_store.returns.refunds import RefundStatus
from crm_store.returns.service import ReturnService
from foundation.errors import Invalid
from tests.factories import make_customer, make_order, make_product

SYSTEM = AsSystem("test")
NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)


def _service(session: Session) -> ReturnService:
    return ReturnService(session, clock=lambda: NOW)


def _delivered(session: Session, *, days_ago: int = 5, quantity: int = 1, lines: int = 1) -> Order:
    delivered_at = NOW - timedelta(days=days_ago)
    order = make_order(
        session,
        products=[make_product(session) for _ in range(lines)],
        quantity=quantity,
        status=OrderStatus.DELIVERED,
        placed_at=delivered_at - timedelta(days=3),
    )
    session.add(
        Shipment(
            order_id=order.id,
            carrier="Postbird",
            tracking_number=order.number,
            status=ShipmentStatus.DELIVERED,
            shipped_at=delivered_at - timedelta(days=2),
            delivered_at=delivered_at,
        )
    )
    session.flush()
    return order


def _start(session: Session, order: Order, *, key: str = "m1", **given: object) -> Return:
    values: dict[str, object] = {
        "asker": AsCustomer(order.customer_id),
        "line_position": 1,
        "reason": "too small",
        "resolution": ReturnResolution.REFUND,
        "idempotency_key": key,
    }
    return _service(session).start(order.number, **values | given)  # type: ignore[arg-type]


def test_starting_a_return_is_recorded_and_repeatable(database: Database) -> None:
    with database.transaction() as session:
        order = _delivered(session, quantity=2)
    with database.transaction() as session:
        first = _start(session, order, quantity=2)
        assert first.status is ReturnStatus.REQUESTED
        assert first.refund_minor == 2 * 4900
    with database.transaction() as session:
        assert _start(session, order, quantity=2).number == first.number
    with database.reading() as session:
        assert len(session.scalars(select(Return)).all()) == 1
        assert len(session.scalars(select(Interaction)).all()) == 1
        items = _service(session).for_order(order.number, asker=SYSTEM)
        assert [item.number for item in items] == [first.number]


def test_an_exchange_refunds_nothing(database: Database) -> None:
    with database.transaction() as session:
        item = _start(session, _delivered(session), resolution=ReturnResolution.EXCHANGE)
        assert item.refund_minor == 0


def test_pieces_are_returned_once(database: Database) -> None:
    with database.transaction() as session:
        order = _delivered(session, quantity=3)
        _start(session, order, quantity=2)
        with pytest.raises(CannotReturn, match="between 1 and 1"):
            _start(session, order, key="m2", quantity=2)
        _start(session, order, key="m3")
        with pytest.raises(CannotReturn, match="already been started"):
            _start(session, order, key="m4")


def test_returnable_lines(database: Database) -> None:
    with database.transaction() as session:
        number = _delivered(session, lines=2).number
    with database.transaction() as session:
        order = OrderService(session).by_number(number, asker=SYSTEM)
        assert [line.position for line in _service(session).returnable_lines(order)] == [1, 2]
        _start(session, order)
        assert [line.position for line in _service(session).returnable_lines(order)] == [2]
        _start(session, order, key="m2", line_position=None, line_id=order.lines[1].id)
        why = _service(session).why_not_returnable(order)
        assert why is not None
        assert "already been started" in why


@pytest.mark.parametrize(("days_ago", "allowed"), [(30, True), (31, False)])
def test_thirty_days(database: Database, days_ago: int, allowed: bool) -> None:
    with database.transaction() as session:
        order = _delivered(session, days_ago=days_ago)
        if allowed:
            assert _start(session, order).number.startswith("R-")
        else:
            with pytest.raises(CannotReturn, match="30 days"):
                _start(session, order)


@pytest.mark.parametrize("status", [s for s in OrderStatus if s is not OrderStatus.DELIVERED])
def test_only_what_was_delivered(database: Database, status: OrderStatus) -> None:
    with database.transaction() as session:
        order = make_order(session, status=status)
        with pytest.raises(CannotReturn):
            _start(session, order)


def test_bad_input_is_named(database: Database) -> None:
    with database.transaction() as session:
        order = _delivered(session)
        with pytest.raises(Invalid, match="line_position"):
            _start(session, order, line_position=7)
        with pytest.raises(Invalid, match="line_position"):
            _start(session, order, line_position=None)
        with pytest.raises(Invalid, match="reason"):
            _start(session, order, reason=" \x00 ")
        with pytest.raises(CannotReturn, match="between"):
            _start(session, order, quantity=0)


def test_another_customers_order_is_not_found(database: Database) -> None:
    with database.transaction() as session:
        order = _delivered(session)
        other = AsCustomer(make_customer(session).id)
        with pytest.raises(OrderNotFound):
            _start(session, order, asker=other)
        with pytest.raises(OrderNotFound):
            _service(session).refund_status(asker=other, order_number=order.number)
        assert _service(session).refund_status(asker=other) == []


def test_refund_status_follows_the_return(database: Database) -> None:
    with database.transaction() as session:
        order = _delivered(session)
        item = _start(session, order)
        asker = AsCustomer(order.customer_id)
        (state,) = _service(session).refund_status(asker=asker)
        assert (state.status, state.expected_by) == (RefundStatus.AWAITING_GOODS, None)

        item.status = ReturnStatus.RECEIVED
        item.updated_at = NOW + timedelta(hours=1)
        session.add(_refund(order, item.refund_minor, PaymentStatus.PENDING))
        session.flush()
        session.expire_all()
        (state,) = _service(session).refund_status(asker=asker, order_number=order.number)
        assert state.status is RefundStatus.BEING_PAID
        # NOW is a Tuesday: five working days later is the next Tuesday.
        assert state.expected_by == date(2026, 7, 7)
        assert state.amount_minor == 4900


def test_refund_status_includes_cancellations(database: Database) -> None:
    with database.transaction() as session:
        order = make_order(session)
    with database.transaction() as session:
        OrderService(session, clock=lambda: NOW).cancel(
            order.number, asker=SYSTEM, reason="x", idempotency_key="m1"
        )
    with database.reading() as session:
        (state,) = _service(session).refund_status(asker=AsCustomer(order.customer_id))
    assert state.return_number is None
    assert state.status is RefundStatus.BEING_PAID
    assert state.amount_minor == order.total_minor


def _refund(order: Order, amount_minor: int, status: PaymentStatus) -> Payment:
    return Payment(
        order_id=order.id,
        kind=PaymentKind.REFUND,
        method=PaymentMethod.CARD,
        status=status,
        amount_minor=amount_minor,
        currency=order.currency,
        created_at=NOW,
    )
