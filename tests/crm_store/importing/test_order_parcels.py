"""When imported orders left and arrived: parcels, status, timeline."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from crm_store.database import Database
from crm_store.importing.mapping import ConflictPolicy
from crm_store.models import Interaction, Order, OrderStatus, Shipment, ShipmentStatus
from tests.crm_store.importing.conftest import Imports, counts, reasons
from tests.factories import make_customer, make_product

HEADER = (
    "order number,customer id,order date,status,total,"
    "shipped at,delivered at,tracking number,carrier"
)


@pytest.fixture(autouse=True)
def shop(database: Database) -> None:
    with database.transaction() as session:
        make_customer(session, external_id="C-1", name="Anna Berg")
        make_product(session, sku="SKU-1", name="Tent")
        make_product(session, sku="SKU-2", name="Mug")


def status(database: Database, number: str) -> OrderStatus:
    with database.reading() as session:
        return session.scalars(select(Order.status).where(Order.number == number)).one()


def parcels(database: Database) -> list[tuple[str, str, str | None, str | None]]:
    """Tracking number, status, day it left, day it arrived."""
    with database.reading() as session:
        found = session.scalars(select(Shipment).order_by(Shipment.tracking_number)).all()
        return [
            (one.tracking_number, one.status.value, day(one.shipped_at), day(one.delivered_at))
            for one in found
        ]


def story(database: Database) -> list[tuple[str | None, str]]:
    """The timeline, the oldest first: day and line."""
    with database.reading() as session:
        found = session.scalars(select(Interaction).order_by(Interaction.at, Interaction.id))
        return [(day(entry.at), entry.summary) for entry in found]


def day(at: datetime | None) -> str | None:
    return None if at is None else f"{at:%m-%d}"


def test_parcels_are_made_and_told_once(imports: Imports, database: Database) -> None:
    rows = [
        HEADER,
        "1,C-1,2024-03-05,delivered,10,2024-03-06,2024-03-08,Z1,DHL",
        "2,C-1,2024-03-05,paid,10,2024-03-07,,Z2,UPS",
        "3,C-1,2024-03-05,paid,10,,,Z3,UPS",
    ]
    assert counts(imports(rows, "orders")) == (3, 0, 0, 0)
    came = [
        ("Z1", "delivered", "03-06", "03-08"),
        ("Z2", "in_transit", "03-07", None),
        ("Z3", "label_created", None, None),
    ]
    told = [
        ("03-05", "Order 1 placed"),
        ("03-05", "Order 2 placed"),
        ("03-05", "Order 3 placed"),
        ("03-06", "Order 1 shipped with DHL (Z1)"),
        ("03-07", "Order 2 shipped with UPS (Z2)"),
        ("03-08", "Order 1 delivered"),
    ]
    for _ in range(2):
        assert parcels(database) == came
        assert story(database) == told
        # "paid" may tell of the money alone: what has left is shipped.
        assert [status(database, n) for n in "123"] == [
            OrderStatus.DELIVERED,
            OrderStatus.SHIPPED,
            OrderStatus.PAID,
        ]
        assert counts(imports(rows, "orders")) == (0, 0, 3, 0)


def test_a_later_file_tells_what_happened_since(imports: Imports, database: Database) -> None:
    imports([HEADER, "1,C-1,2024-03-05,paid,10,,,Z1,DHL"], "orders")
    arrived = [HEADER, "1,C-1,2024-03-05,delivered,10,2024-03-06,2024-03-08,Z1,DHL"]
    assert counts(imports(arrived, "orders")) == (0, 1, 0, 0)
    assert counts(imports(arrived, "orders")) == (0, 0, 1, 0)
    assert parcels(database) == [("Z1", "delivered", "03-06", "03-08")]
    corrected = [arrived[0], arrived[1].replace("03-08", "03-09")]
    assert counts(imports(corrected, "orders")) == (0, 1, 0, 0)
    assert story(database) == [
        ("03-05", "Order 1 placed"),
        ("03-06", "Order 1 shipped with DHL (Z1)"),
        ("03-09", "Order 1 delivered"),
    ]


def test_without_a_tracking_number_the_order_itself_is_told_of(
    imports: Imports, database: Database
) -> None:
    rows = [HEADER, "1,C-1,2024-03-05,,10,2024-03-06,2024-03-08,,"]
    assert counts(imports(rows, "orders")) == (1, 0, 0, 0)
    assert counts(imports(rows, "orders")) == (0, 0, 1, 0)
    assert (status(database, "1"), parcels(database)) == (OrderStatus.DELIVERED, [])
    assert story(database) == [
        ("03-05", "Order 1 placed"),
        ("03-06", "Order 1 shipped"),
        ("03-08", "Order 1 delivered"),
    ]


def test_what_was_dated_by_the_import_is_set_right(imports: Imports, database: Database) -> None:
    short = "order number,customer id,order date,status"
    imports([short, "1,C-1,2024-03-05,paid"], "orders")
    imports([short, "1,C-1,2024-03-05,shipped"], "orders")
    assert [line for _, line in story(database)] == ["Order 1 placed", "Order 1 shipped"]
    rows = [HEADER, "1,C-1,2024-03-05,shipped,,2024-03-06,,Z1,DHL"]
    assert counts(imports(rows, "orders")) == (0, 1, 0, 0)
    assert story(database) == [("03-05", "Order 1 placed"), ("03-06", "Order 1 shipped")]
    assert counts(imports(rows, "orders")) == (0, 0, 1, 0)


def test_impossible_times_cost_their_row(imports: Imports, database: Database) -> None:
    rows = [
        HEADER,
        "1,C-1,2024-03-05,shipped,10,2024-03-03,,Z1,DHL",
        "2,C-1,2024-03-05,shipped,10,,2024-03-03,Z2,DHL",
        "3,C-1,2024-03-05,shipped,10,2024-03-09,2024-03-07,Z3,DHL",
        "4,C-1,2024-03-05,shipped,10,2024-03-06,,Z4,",
        "5,C-1,2024-03-05,shipped,10,2024-03-06,,Z5,DHL",
        "6,C-1,2024-03-05,shipped,10,2024-03-06,,Z5,DHL",
        "7,C-9,2024-03-05,shipped,10,2024-03-06,,Z7,DHL",
    ]
    report = imports(rows, "orders")
    assert counts(report) == (1, 0, 0, 6)
    assert reasons(report) == [
        "2 shipped at: impossible: before the order was placed",
        "3 delivered at: impossible: before the order was placed",
        "4 delivered at: impossible: before it was shipped",
        "5 carrier: needed for a new parcel",
        "7 tracking number: this parcel belongs to another order",
        "8 customer id: no customer has this id",
    ]
    assert parcels(database) == [("Z5", "in_transit", "03-06", None)]
    late = [HEADER, "5,,,,,,2024-03-02,Z5,", "8,C-1,2024-03-05,paid,10,,,Z5,DHL"]
    report = imports(late, "orders")
    assert counts(report) == (0, 0, 0, 2)
    assert parcels(database) == [("Z5", "in_transit", "03-06", None)]


def test_a_date_alone_is_no_time_before_that_day(imports: Imports, database: Database) -> None:
    rows = [HEADER, "1,C-1,2024-03-05 14:00,delivered,10,2024-03-05,2024-03-05,Z1,DHL"]
    assert counts(imports(rows, "orders")) == (1, 0, 0, 0)
    with database.reading() as session:
        parcel = session.scalars(select(Shipment)).one()
        assert parcel.shipped_at == parcel.delivered_at == datetime(2024, 3, 5, 14, tzinfo=UTC)
    assert counts(imports(rows, "orders")) == (0, 0, 1, 0)


@pytest.mark.parametrize("batch_size", [1, 100])
def test_an_order_is_delivered_with_its_last_parcel(
    imports: Imports, database: Database, batch_size: int
) -> None:
    header = "order number,customer id,order date,sku,qty,unit price,shipped at,delivered at,"
    rows = [
        header + "tracking number,carrier",
        "1,C-1,2024-03-05,SKU-1,1,5,2024-03-06,2024-03-08,Z1,DHL",
        "1,C-1,2024-03-05,SKU-2,1,5,2024-03-07,,Z2,DHL",
    ]
    imports(rows, "orders")
    assert status(database, "1") is OrderStatus.SHIPPED
    assert counts(imports(rows, "orders", batch_size=batch_size)) == (0, 0, 2, 0)
    rows[2] = rows[2].replace(",,", ",2024-03-09,")
    assert counts(imports(rows, "orders", batch_size=batch_size))[3] == 0
    assert status(database, "1") is OrderStatus.DELIVERED
    assert counts(imports(rows, "orders", batch_size=batch_size)) == (0, 0, 2, 0)
    assert [line for _, line in story(database)] == [
        "Order 1 placed",
        "Order 1 shipped with DHL (Z1)",
        "Order 1 shipped with DHL (Z2)",
        "Order 1 delivered",
        "Order 1 delivered",
    ]


def test_known_rows_and_what_the_carrier_said_stay(imports: Imports, database: Database) -> None:
    rows = [HEADER, "1,C-1,2024-03-05,shipped,10,2024-03-06,,Z1,DHL"]
    imports(rows, "orders")
    with database.transaction() as session:
        session.scalars(select(Shipment)).one().status = ShipmentStatus.DELAYED
    imports([HEADER, "2,C-1,2024-03-05,paid,10,,,,"], "orders")
    later = [HEADER, "1,C-1,2024-03-05,shipped,10,2024-03-07,,Z1,DHL"]
    skipped = [*later, "2,C-1,2024-03-05,shipped,10,2024-03-07,,,"]
    before = story(database)
    assert counts(imports(skipped, "orders", conflict=ConflictPolicy.SKIP)) == (0, 0, 2, 0)
    assert story(database) == before
    assert parcels(database) == [("Z1", "delayed", "03-06", None)]
    assert counts(imports(later, "orders")) == (0, 1, 0, 0)
    assert parcels(database) == [("Z1", "delayed", "03-07", None)]


@pytest.mark.parametrize(
    "header",
    [
        "Bestellnr,Kundennummer,Bestelldatum,Versanddatum,Zugestellt am,Sendungsnummer,Paketdienst",
        "订单号,客户编号,下单时间,发货时间,签收时间,快递单号,快递公司",
    ],
)
def test_columns_are_known_by_their_names(
    header: str, imports: Imports, database: Database
) -> None:
    rows = [header, "1,C-1,2024-03-05,2024-03-06,2024-03-08,Z1,DHL"]
    assert counts(imports(rows, "orders")) == (1, 0, 0, 0)
    assert parcels(database) == [("Z1", "delivered", "03-06", "03-08")]
