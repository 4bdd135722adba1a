"""Looking orders up and changing them, on each database."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from crm_store.asking import AsCustomer, AsStaff, AsSystem
from crm_store.database import Database
from crm_store.models import (
    Interaction,
    Order,
    OrderStatus,
    Payment,
    PaymentKind,
    PaymentMethod,
    PaymentStatus,
    Product,
    Role,
    Shipment,
    ShipmentStatus,
)
from crm_store.orders.errors import CannotCancel, CannotChangeAddress, OrderNotFound
from crm_store.orders.service import OrderService
from foundation.errors import Invalid
from foundation.ids import new_id
from tests.factories import make_customer, make_order, make_product

SYSTEM = AsSystem("test")


def test_a_customer_finds_their_order_and_nobody_elses(database: Database) -> None:
    with database.transaction() as session:
        order = make_order(session)
        other = make_customer(session)
    with database.reading() as session:
        service = OrderService(session)
        owner = AsCustomer(order.customer_id)
        typed = order.number.lower().replace("-", " ")
        assert service.by_number(typed, asker=owner).id == order.id
        with pytest.raises(OrderNotFound):
            service.by_number(order.number, asker=AsCustomer(other.id))
        with pytest.raises(OrderNotFound):
            service.by_number("nonsense", asker=SYSTEM)


def test_all_parts_are_loaded(database: Database) -> None:
    with database.transaction() as session:
        number = make_order(session).number
    with database.reading() as session:
        order = OrderService(session).by_number(number, asker=SYSTEM)
    # The session is closed: anything lazy would raise here.
    assert order.lines[0].product.name == order.lines[0].name
    assert order.customer.name
    assert [payment.status for payment in order.payments] == [PaymentStatus.COMPLETED]
    assert order.shipments == order.returns == []


def test_recent_orders_newest_first(database: Database) -> None:
    now = datetime.now(UTC)
    with database.transaction() as session:
        customer = make_customer(session)
        made = [
            make_order(session, customer, placed_at=now - timedelta(days=age)).number
            for age in (30, 1, 10)
        ]
        make_order(session)
    with database.reading() as session:
        found = OrderService(session).recent(asker=AsCustomer(customer.id), limit=2)
    assert [order.number for order in found] == [made[1], made[2]]


def test_staff_list_pages_and_searches(database: Database) -> None:
    staff = AsStaff(new_id(), Role.AGENT)
    with database.transaction() as session:
        customer = make_customer(session, name="Zoë Lindqvist", email="zoe@example.org")
        mine = {make_order(session, customer).number for _ in range(3)}
        make_order(session)
    with database.reading() as session:
        service = OrderService(session)
        first = service.list(asker=staff, q="zoe@example.org", limit=2)
        second = service.list(asker=staff, q="zoe@example.org", limit=2, cursor=first.next_cursor)
        assert second.next_cursor is None
        assert {order.number for order in first.items + second.items} == mine
        for q in ("ZOE@example.org", "zoë l"):
            assert {order.number for order in service.list(asker=staff, q=q).items} == mine
        one = mine.pop()
        assert [o.number for o in service.list(asker=staff, q=one[:9]).items] == [one]
        assert [o.number for o in service.list(asker=staff, q=one.lower()).items] == [one]
        assert service.list(asker=staff, q="100%\x00").items == []
        assert len(service.list(asker=staff).items) == 4


def test_cancelling_refunds_restocks_and_is_repeatable(database: Database) -> None:
    with database.transaction() as session:
        product = make_product(session, stock=3)
        order = make_order(session, products=[product], quantity=2, status=OrderStatus.PACKED)
        session.add(
            Shipment(
                order_id=order.id,
                carrier="Postbird",
                tracking_number="X1",
                status=ShipmentStatus.LABEL_CREATED,
            )
        )
    asker = AsCustomer(order.customer_id)
    for _ in range(2):
        with database.transaction() as session:
            cancelled = OrderService(session).cancel(
                order.number, asker=asker, reason="ordered twice", idempotency_key="m1"
            )
            assert cancelled.status is OrderStatus.CANCELLED
            assert cancelled.cancel_reason == "ordered twice"
            assert cancelled.shipments == []
            refunds = [p for p in cancelled.payments if p.kind is PaymentKind.REFUND]
            assert [(p.amount_minor, p.status) for p in refunds] == [
                (order.total_minor, PaymentStatus.PENDING)
            ]
    with database.reading() as session:
        assert session.get_one(Product, product.id).stock == 5
        entries = session.scalars(select(Interaction)).all()
        assert [entry.order_id for entry in entries] == [order.id]
    with database.transaction() as session, pytest.raises(CannotCancel, match="already cancelled"):
        OrderService(session).cancel(order.number, asker=asker, reason="", idempotency_key="m2")


def test_cancelling_an_unpaid_order_refunds_nothing(database: Database) -> None:
    with database.transaction() as session:
        order = make_order(session, charged=False, status=OrderStatus.PENDING)
        session.add(
            Payment(
                order_id=order.id,
                kind=PaymentKind.CHARGE,
                method=PaymentMethod.BANK_TRANSFER,
                status=PaymentStatus.PENDING,
                amount_minor=order.total_minor,
                currency="EUR",
            )
        )
    with database.transaction() as session:
        cancelled = OrderService(session).cancel(
            order.number, asker=SYSTEM, reason="changed my mind", idempotency_key="m1"
        )
        assert [(p.kind, p.status) for p in cancelled.payments] == [
            (PaymentKind.CHARGE, PaymentStatus.FAILED)
        ]


def test_cancelling_a_double_charged_order_gives_all_of_it_back(database: Database) -> None:
    with database.transaction() as session:
        order = make_order(session)
        session.add(_charge(order))
    with database.transaction() as session:
        cancelled = OrderService(session).cancel(
            order.number, asker=SYSTEM, reason="no", idempotency_key="m1"
        )
        refunds = [p for p in cancelled.payments if p.kind is PaymentKind.REFUND]
        assert sum(p.amount_minor for p in refunds) == 2 * order.total_minor


@pytest.mark.parametrize(
    ("status", "why"),
    [(OrderStatus.SHIPPED, "already left"), (OrderStatus.DELIVERED, "already been delivered")],
)
def test_too_late_to_cancel_or_redirect(database: Database, status: OrderStatus, why: str) -> None:
    with database.transaction() as session:
        number = make_order(session, status=status).number
    with database.transaction() as session:
        service = OrderService(session)
        with pytest.raises(CannotCancel, match=why):
            service.cancel(number, asker=SYSTEM, reason="x", idempotency_key="m1")
        with pytest.raises(CannotChangeAddress, match=why):
            service.change_address(
                number, asker=SYSTEM, street="Weg 2", postal_code="1", city="Bern"
            )


def test_nobody_cancels_another_customers_order(database: Database) -> None:
    with database.transaction() as session:
        order = make_order(session)
        other = make_customer(session)
    with database.transaction() as session, pytest.raises(OrderNotFound):
        OrderService(session).cancel(
            order.number, asker=AsCustomer(other.id), reason="x", idempotency_key="m1"
        )
    with database.reading() as session:
        assert session.get_one(Order, order.id).status is OrderStatus.PAID


def test_changing_the_address(database: Database) -> None:
    with database.transaction() as session:
        number = make_order(session).number
    with database.transaction() as session:
        OrderService(session).change_address(
            number, asker=SYSTEM, street="  Neuer   Weg 2 ", postal_code="79098", city="Freiburg"
        )
    with database.reading() as session:
        order = OrderService(session).by_number(number, asker=SYSTEM)
        assert (order.street, order.postal_code, order.city) == (
            "Neuer Weg 2",
            "79098",
            "Freiburg",
        )
        with pytest.raises(Invalid, match="city"):
            OrderService(session).change_address(
                number, asker=SYSTEM, street="x", postal_code="y", city="z" * 101
            )
        with pytest.raises(Invalid, match="street"):
            OrderService(session).change_address(
                number, asker=SYSTEM, street=" ", postal_code="y", city="z"
            )


def test_duplicate_charges_and_their_refunds(database: Database) -> None:
    with database.transaction() as session:
        order = make_order(session)
        session.add(_charge(order))
    with database.transaction() as session:
        (duplicate,) = OrderService(session).duplicate_charges(order.number, asker=SYSTEM)
        assert duplicate.refund is None
        refund = _charge(order)
        refund.kind = PaymentKind.REFUND
        session.add(refund)
    with database.reading() as session:
        (duplicate,) = OrderService(session).duplicate_charges(order.number, asker=SYSTEM)
        assert duplicate.refund is not None
        assert duplicate.refund.id == refund.id


def test_one_charge_is_no_duplicate(database: Database) -> None:
    with database.transaction() as session:
        number = make_order(session).number
    with database.reading() as session:
        assert OrderService(session).duplicate_charges(number, asker=SYSTEM) == []


def test_estimates_use_the_services_clock(database: Database) -> None:
    monday = datetime(2026, 6, 1, 9, tzinfo=UTC)
    with database.transaction() as session:
        order = make_order(session, placed_at=monday)
    with database.reading() as session:
        service = OrderService(session, clock=lambda: monday)
        estimate = service.delivery_estimate(service.by_number(order.number, asker=SYSTEM))
    assert (estimate.earliest, estimate.latest) == (date(2026, 6, 3), date(2026, 6, 5))


def _charge(order: Order) -> Payment:
    return Payment(
        order_id=order.id,
        kind=PaymentKind.CHARGE,
        method=PaymentMethod.CARD,
        status=PaymentStatus.COMPLETED,
        amount_minor=order.total_minor,
        currency=order.currency,
        completed_at=order.placed_at,
    )
