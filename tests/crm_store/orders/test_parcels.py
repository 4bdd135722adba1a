"""What is reported of parcels: on the order, on the timeline, once."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from crm_store.asking import AsCustomer, AsSystem
from crm_store.database import Database
from crm_store.models import AuditEntry, Interaction, OrderStatus, Shipment, ShipmentStatus
from crm_store.orders.errors import CannotShip, OrderNotFound
from crm_store.orders.parcels import ParcelReport, ParcelService
from crm_store.orders.service import OrderService
from foundation.errors import Invalid, NotAllowed
from tests.factories import make_order

SYSTEM = AsSystem("test")
NOON = datetime(2026, 6, 17, 12, tzinfo=UTC)
LEFT = ParcelReport(ShipmentStatus.IN_TRANSIT, carrier="Postbird", shipped_at=NOON)
ARRIVED = ParcelReport(ShipmentStatus.DELIVERED, delivered_at=NOON + timedelta(days=2))


def _story(database: Database, customer_id: UUID) -> list[str]:
    with database.reading() as session:
        entries = select(Interaction).where(Interaction.customer_id == customer_id)
        return [entry.summary for entry in session.scalars(entries.order_by(Interaction.at))]


def _report(database: Database, number: str, tracking: str, given: ParcelReport) -> OrderStatus:
    later = NOON + timedelta(days=9)
    with database.transaction() as session:
        service = ParcelService(session, clock=lambda: later)
        service.report(number, tracking, given, asker=SYSTEM)
    with database.reading() as session:
        return OrderService(session).by_number(number, asker=SYSTEM).status


def test_leaving_and_arriving_are_entries_of_their_own(database: Database) -> None:
    with database.transaction() as session:
        order = make_order(session)
    label = ParcelReport(ShipmentStatus.LABEL_CREATED, carrier="Postbird")
    assert _report(database, order.number, "LP1", label) is OrderStatus.PAID
    assert _story(database, order.customer_id) == []
    for _ in range(2):
        assert _report(database, order.number, "LP1", LEFT) is OrderStatus.SHIPPED
    for _ in range(2):
        assert _report(database, order.number, "LP1", ARRIVED) is OrderStatus.DELIVERED
    # A message of the carrier's that was held up on its way.
    late = ParcelReport(ShipmentStatus.OUT_FOR_DELIVERY)
    assert _report(database, order.number, "LP1", late) is OrderStatus.DELIVERED
    assert _story(database, order.customer_id) == [
        f"Order {order.number} shipped with Postbird (LP1)",
        f"Order {order.number} delivered",
    ]
    with database.reading() as session:
        parcel = session.scalars(select(Shipment)).one()
        assert parcel.status is ShipmentStatus.DELIVERED
        assert (parcel.shipped_at, parcel.delivered_at) == (NOON, NOON + timedelta(days=2))
        acts = select(func.count()).where(AuditEntry.action == "order.parcel_reported")
        assert session.scalar(acts) == 4


def test_an_order_in_two_parcels_arrives_with_the_second(database: Database) -> None:
    with database.transaction() as session:
        order = make_order(session)
    _report(database, order.number, "LP1", LEFT)
    _report(database, order.number, "LP2", LEFT)
    assert _report(database, order.number, "LP1", ARRIVED) is OrderStatus.SHIPPED
    assert _report(database, order.number, "LP2", ARRIVED) is OrderStatus.DELIVERED


def test_a_lost_parcel_waits_for_its_replacement(database: Database) -> None:
    with database.transaction() as session:
        order = make_order(session)
    _report(database, order.number, "LP1", LEFT)
    lost = ParcelReport(ShipmentStatus.LOST, delay_reason="The carrier cannot find it")
    assert _report(database, order.number, "LP1", lost) is OrderStatus.SHIPPED
    both = ParcelReport(ShipmentStatus.DELIVERED, carrier="Postbird", delivered_at=NOON)
    assert _report(database, order.number, "LP2", both) is OrderStatus.DELIVERED
    # Nobody said when the second one left: it cannot have been after it came.
    with database.reading() as session:
        second = select(Shipment).where(Shipment.tracking_number == "LP2")
        assert session.scalars(second).one().shipped_at == NOON


def test_what_does_not_fit_is_refused(database: Database) -> None:
    with database.transaction() as session:
        order, other = make_order(session), make_order(session)
        gone = make_order(session, status=OrderStatus.CANCELLED)
    _report(database, order.number, "LP1", LEFT)
    for number, given, error in (
        (other.number, LEFT, CannotShip),
        (gone.number, LEFT, CannotShip),
        ("KF-0", LEFT, OrderNotFound),
        (order.number, ParcelReport(ShipmentStatus.IN_TRANSIT), Invalid),
        (
            order.number,
            ParcelReport(ShipmentStatus.IN_TRANSIT, "Postbird", NOON + timedelta(days=10)),
            Invalid,
        ),
    ):
        tracking = "LP1" if number == other.number else "LP9"
        with pytest.raises(error):
            _report(database, number, tracking, given)
    before = ParcelReport(ShipmentStatus.DELIVERED, delivered_at=NOON - timedelta(hours=1))
    with pytest.raises(Invalid):
        _report(database, order.number, "LP1", before)
    asker = AsCustomer(order.customer_id)
    with database.transaction() as session:
        service = ParcelService(session)
        with pytest.raises(NotAllowed):
            service.report(order.number, "LP1", ARRIVED, asker=asker)
