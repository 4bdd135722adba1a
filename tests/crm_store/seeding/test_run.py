"""The seeded shop: deterministic, believable, and without contradictions."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from crm_store.asking import AsCustomer
from crm_store.database import Database
from crm_store.migrate import upgrade
from crm_store.models import (
    Base,
    Customer,
    Interaction,
    InteractionKind,
    Order,
    OrderLine,
    OrderStatus,
    PaymentKind,
    PaymentStatus,
    Product,
    Return,
    ReturnStatus,
    ShipmentStatus,
    SiteSecret,
    Ticket,
    User,
)
from crm_store.orders.delivery import estimate_delivery
from crm_store.orders.service import OrderService
from crm_store.orders.terms import (
    EXPRESS,
    RETURN_DAYS,
    SHIPPING_COUNTRIES,
    return_refund_minor,
    shipping_fee_minor,
)
from crm_store.returns.service import ReturnService
from crm_store.seeding import demo_customers, is_seeded, seed
from foundation.errors import Conflict, Invalid
from tests.factories import make_user
from tests.fixtures.databases import AUDIT_KEYS, KEYRING

TODAY = date(2026, 6, 17)
NOW = datetime(2026, 6, 17, tzinfo=UTC)
RESERVED = {"example.com", "example.org", "example.net"}
# A seeding's own times, the site's secret and the seals of what was done differ from run to run.
# The search's index is made from the rest, by each database in its own way.
_VARYING = {
    "sites",
    "site_secrets",
    "model_runs",
    "audit_entries",
    "audit_head",
    "search_names",
    "search_entries",
}


def digest(database: Database) -> str:
    """One number for all that the store holds."""
    hasher = hashlib.sha256()
    with database.reading() as session:
        for table in Base.metadata.sorted_tables:
            if table.name not in _VARYING:
                # The site's id is another one in every installation.
                columns = [column for column in table.c if column.name != "site_id"]
                for row in session.execute(select(*columns).order_by(*table.primary_key)):
                    hasher.update(repr((table.name, *map(_in_order, row))).encode())
    return hasher.hexdigest()


def _in_order(value: object) -> object:
    # PostgreSQL keeps the keys of a JSON object in an order of its own.
    return json.dumps(value, sort_keys=True) if isinstance(value, dict | list) else value


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """A seeded shop to look at; nobody writes to it."""
    path: Path = tmp_path_factory.mktemp("shop") / "kefu.db"
    upgrade(f"sqlite:///{path}")
    database = Database(f"sqlite:///{path}", keyring=KEYRING, audit_keys=AUDIT_KEYS)
    seed(database, customers=1_500, today=TODAY)
    with database.reading() as session:
        yield session
    database.dispose()


@pytest.fixture(scope="module")
def orders(shop: Session) -> list[Order]:
    """Every order with its parts."""
    parts = (
        joinedload(Order.customer),
        selectinload(Order.lines),
        selectinload(Order.shipments),
        selectinload(Order.payments),
        selectinload(Order.returns).joinedload(Return.line),
    )
    return list(shop.scalars(select(Order).order_by(Order.id).options(*parts)))


def test_the_same_seed_makes_the_same_rows(database: Database) -> None:
    seed(database, customers=120, seed=3, today=TODAY)
    first = digest(database)
    seed(database, customers=120, seed=3, today=TODAY, replace=True)
    assert digest(database) == first
    seed(database, customers=120, seed=4, today=TODAY, replace=True)
    assert digest(database) != first


def test_every_database_holds_the_same(database: Database, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'reference.db'}"
    upgrade(url)
    reference = Database(url, keyring=KEYRING, audit_keys=AUDIT_KEYS)
    for store in (database, reference):
        seed(store, customers=60, seed=5, today=TODAY)
    assert digest(database) == digest(reference)
    reference.dispose()


def test_a_store_with_data_is_left_alone(database: Database) -> None:
    with database.transaction() as session:
        make_user(session, email="agent@example.com")
    with database.reading() as session:
        assert not is_seeded(session)
    report = seed(database, customers=20, today=TODAY)
    with pytest.raises(Conflict):
        seed(database, customers=20, today=TODAY)
    with database.reading() as session:
        assert is_seeded(session)
        secret = session.scalars(select(SiteSecret.secret)).one()
        assert session.scalar(select(func.count(Customer.id))) == report.customers == 20
        assert session.scalar(select(func.count(OrderLine.id))) == report.order_lines
    seed(database, customers=30, today=TODAY, replace=True)
    with database.reading() as session:
        # Who may come in stays; the shop's data is new.
        assert session.scalar(select(func.count(User.id))) == 1
        assert session.scalars(select(SiteSecret.secret)).one() == secret
        assert session.scalar(select(func.count(Customer.id))) == 30


@pytest.mark.parametrize(
    "sizes", [{"customers": 0}, {"customers": 1_000_001}, {"products": 11}, {"products": 301}]
)
def test_sizes_out_of_range(sqlite_database: Database, sizes: dict[str, int]) -> None:
    with pytest.raises(Invalid):
        seed(sqlite_database, **sizes)  # type: ignore[arg-type]


def test_a_small_catalog_and_progress(sqlite_database: Database) -> None:
    seen: list[int] = []
    report = seed(sqlite_database, customers=1_200, products=40, today=TODAY, progress=seen.append)
    assert seen == [1_000, 1_200]
    assert report.products == 40
    assert report.as_dict()["customers"] == 1_200


@pytest.mark.parametrize("weekday", range(7))
def test_there_is_a_demo_customer_for_each_thing_to_try(
    sqlite_database: Database, weekday: int
) -> None:
    today = TODAY + timedelta(days=weekday)
    now = datetime(today.year, today.month, today.day, 9, tzinfo=UTC)
    seed(sqlite_database, customers=10, today=today)
    with sqlite_database.reading() as session:
        shown = demo_customers(session)
        found = [
            OrderService(session).by_number(one.order_number, asker=AsCustomer(one.customer.id))
            for one in shown
        ]
        service = ReturnService(session, clock=lambda: now)
        delayed, today_s, packed, returnable, refund, double = found
        assert delayed.shipments[0].status is ShipmentStatus.DELAYED
        assert today_s.shipments[0].status is ShipmentStatus.OUT_FOR_DELIVERY
        assert packed.status is OrderStatus.PACKED
        assert service.returnable_lines(returnable)
        assert refund.returns[0].status is ReturnStatus.RECEIVED
        (state,) = service.refund_status(asker=AsCustomer(refund.customer_id))
        assert state.status == "being_paid"
        asker = AsCustomer(double.customer_id)
        (charge,) = OrderService(session).duplicate_charges(double.number, asker=asker)
        assert charge.refund is None
        late = OrderService(session, clock=lambda: now).delivery_estimate(delayed)
        assert late.status == "delayed"
        assert late.late_by_days > 0
        for order in found:
            assert all(m.created_at < now for m in order.payments)
            assert all(p.shipped_at is not None and p.shipped_at < now for p in order.shipments)


def test_demo_customers_of_an_unseeded_store(sqlite_database: Database) -> None:
    with sqlite_database.reading() as session:
        assert demo_customers(session) == []


def test_totals_add_up(orders: list[Order]) -> None:
    for order in orders:
        goods = sum(line.quantity * line.unit_price_minor for line in order.lines)
        assert order.items_minor == goods
        assert order.shipping_minor == shipping_fee_minor(
            order.shipping_method, goods, order.country
        )
        assert order.total_minor == goods + order.shipping_minor
        assert [line.position for line in order.lines] == list(range(1, len(order.lines) + 1))
        assert len({line.product_id for line in order.lines}) == len(order.lines)
        assert order.country in SHIPPING_COUNTRIES


def test_nothing_happens_before_its_cause_or_after_now(orders: list[Order]) -> None:
    for order in orders:
        assert NOW - timedelta(days=731) < order.placed_at < NOW
        assert order.customer.created_at < order.placed_at
        for parcel in order.shipments:
            assert parcel.shipped_at is not None
            assert order.placed_at < parcel.created_at < parcel.shipped_at < NOW
            if parcel.delivered_at:
                assert parcel.shipped_at < parcel.delivered_at < NOW
                assert parcel.delivered_at.weekday() < 5
        for money in order.payments:
            assert order.placed_at <= money.created_at <= NOW
            if money.completed_at:
                assert money.created_at <= money.completed_at <= NOW
        for item in order.returns:
            assert item.requested_at <= item.updated_at <= NOW


def test_states_agree_with_what_hangs_on_the_order(orders: list[Order]) -> None:
    for order in orders:
        parcels = order.shipments
        assert (order.cancelled_at is not None) == (order.status is OrderStatus.CANCELLED)
        if order.status in {OrderStatus.PENDING, OrderStatus.PAID, OrderStatus.PACKED}:
            assert parcels == []
        if order.status is OrderStatus.SHIPPED:
            assert parcels
            assert parcels[-1].delivered_at is None
        if order.status is OrderStatus.DELIVERED:
            assert parcels[-1].status is ShipmentStatus.DELIVERED
            assert parcels[-1].delivered_at is not None
        for parcel in parcels:
            assert (parcel.status is ShipmentStatus.DELIVERED) == (parcel.delivered_at is not None)
            if parcel.status is ShipmentStatus.DELAYED:
                assert parcel.delay_reason
        for item in order.returns:
            assert order.status is OrderStatus.DELIVERED
            delivered = parcels[-1].delivered_at
            assert delivered is not None
            assert delivered < item.requested_at <= delivered + timedelta(days=RETURN_DAYS)
            assert item.quantity <= item.line.quantity
            assert item.line.order_id == order.id


def test_parcels_are_late_only_with_a_reason(orders: list[Order]) -> None:
    for order in orders:
        if order.status is OrderStatus.DELIVERED and len(order.shipments) == 1:
            estimate = estimate_delivery(order, today=TODAY)
            assert estimate.reason or estimate.late_by_days == 0
        if order.shipping_method == EXPRESS:
            assert order.country == "DE"


def test_money_agrees_with_states(orders: list[Order]) -> None:
    for order in orders:
        done = [m for m in order.payments if m.status is PaymentStatus.COMPLETED]
        charged = sum(m.amount_minor for m in done if m.kind is PaymentKind.CHARGE)
        back = sum(
            m.amount_minor
            for m in order.payments
            if m.kind is PaymentKind.REFUND and m.status is not PaymentStatus.FAILED
        )
        invoiced = any(m.method == "invoice" for m in order.payments)
        if order.status in {OrderStatus.PAID, OrderStatus.PACKED, OrderStatus.SHIPPED}:
            assert invoiced or charged >= order.total_minor
        if order.status is OrderStatus.CANCELLED:
            assert back == charged
        if not invoiced:
            assert back <= charged
        refunded = [item for item in order.returns if item.status is ReturnStatus.REFUNDED]
        for item in refunded:
            assert item.refunded_at is not None
            goods = item.quantity * item.line.unit_price_minor
            assert item.refund_minor == return_refund_minor(goods, order.country)
            assert any(m.amount_minor == item.refund_minor for m in done if m.kind == "refund")
        for money in order.payments:
            assert (money.status is PaymentStatus.COMPLETED) == (money.completed_at is not None)
            assert (money.status is PaymentStatus.FAILED) == (money.failure_reason is not None)


def test_the_mix_is_believable(orders: list[Order]) -> None:
    states = Counter(order.status for order in orders)
    assert states[OrderStatus.DELIVERED] > 0.9 * len(orders)
    assert 0.02 < states[OrderStatus.CANCELLED] / len(orders) < 0.07
    late = [
        parcel
        for order in orders
        for parcel in order.shipments
        if parcel.delay_reason and parcel.status is ShipmentStatus.DELIVERED
    ]
    assert 0.03 < len(late) / len(orders) < 0.10
    returned = sum(1 for order in orders if order.returns)
    assert 0.04 < returned / len(orders) < 0.15
    double = sum(
        1
        for order in orders
        if sum(m.kind is PaymentKind.CHARGE and m.completed_at is not None for m in order.payments)
        > 1
    )
    assert 2 <= double <= 0.01 * len(orders)
    months = Counter(order.placed_at.month for order in orders if order.placed_at.year == 2025)
    assert months[12] > 1.3 * months[10]


def test_the_timeline_tells_every_order_and_return(shop: Session, orders: list[Order]) -> None:
    entries = list(shop.scalars(select(Interaction)))
    told = Counter(entry.order_id for entry in entries if entry.kind is InteractionKind.PURCHASE)
    assert {order.id for order in orders} == set(told)
    for event in ("shipped", "delivered"):
        at = sorted(
            getattr(parcel, f"{event}_at")
            for order in orders
            for parcel in order.shipments
            if getattr(parcel, f"{event}_at") is not None
        )
        assert at == sorted(e.at for e in entries if (e.data or {}).get("event") == event)
    returns = shop.scalar(select(func.count(Return.id)))
    starts = [e for e in entries if e.kind is InteractionKind.RETURN and "started" in e.summary]
    assert len(starts) == returns
    assert shop.scalar(select(func.count(Ticket.id))) == sum(
        entry.kind is InteractionKind.TICKET and (entry.data or {})["event"] == "opened"
        for entry in entries
    )


def test_customers_are_reachable_by_nobody_and_come_from_many_places(shop: Session) -> None:
    customers = list(shop.scalars(select(Customer)))
    assert all(
        customer.email
        and customer.email.rsplit("@")[1] in {"example.com", "example.org", "example.net"}
        for customer in customers
    )
    assert len({customer.email for customer in customers}) == len(customers)
    assert all(customer.email and customer.email.isascii() for customer in customers)
    assert all(
        customer.phone is None or (customer.phone[1:].isdigit() and customer.phone[0] == "+")
        for customer in customers
    )
    assert len({customer.country for customer in customers}) > 10
    assert any("؀" <= customer.name[0] <= "ۿ" for customer in customers)
    assert max(len(customer.name) for customer in customers) > 30


def test_customers_have_tastes(orders: list[Order], shop: Session) -> None:
    shelf = dict(shop.execute(select(Product.id, Product.category_id)).all())  # type: ignore[arg-type]
    firsts: dict[object, list[object]] = {}
    for order in orders:
        firsts.setdefault(order.customer_id, []).append(shelf[order.lines[0].product_id])
    regulars = [bought for bought in firsts.values() if len(bought) >= 8]
    assert regulars
    loyal = [Counter(bought).most_common(1)[0][1] / len(bought) for bought in regulars]
    # By chance the favourite shelf of twelve would have about a quarter of eight orders.
    assert sum(loyal) / len(loyal) > 0.45


def test_some_products_are_bought_together(orders: list[Order]) -> None:
    pairs: Counter[frozenset[object]] = Counter()
    single: Counter[object] = Counter()
    for order in orders:
        items = [line.product_id for line in order.lines]
        single.update(items)
        pairs.update(frozenset((a, b)) for at, a in enumerate(items) for b in items[at + 1 :])
    lifts = [
        times * len(orders) / (single[a] * single[b])
        for (a, b), times in ((tuple(pair), times) for pair, times in pairs.items())
        if times >= 8
    ]
    assert sum(lift > 3 for lift in lifts) >= 20
