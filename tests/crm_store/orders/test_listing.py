"""Lists of orders: narrowed, sorted, paged."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crm_store.asking import AsCustomer, AsStaff
from crm_store.database import Database
from crm_store.lists import ListQuery
from crm_store.models import OrderStatus, Role
from crm_store.orders.repository import OrderFilter
from crm_store.orders.service import OrderService
from foundation.errors import Invalid, NotAllowed
from foundation.ids import new_id
from tests.factories import make_customer, make_order

STAFF = AsStaff(new_id(), Role.AGENT)
START = datetime(2026, 3, 1, 12, tzinfo=UTC)
IDS = {"grete": new_id(), "old": new_id(), "hans": new_id()}


@pytest.fixture
def orders(database: Database) -> None:
    """Three orders of Grete, into whom "old" was merged, and one of Hans."""
    with database.transaction() as session:
        grete = make_customer(session, id=IDS["grete"], name="Grete", email="grete@example.com")
        make_customer(session, id=IDS["old"], merged_into_id=grete.id)
        hans = make_customer(session, id=IDS["hans"], name="Hans")
        for day, (number, customer, status) in enumerate(
            (
                ("KF-3000000", grete, OrderStatus.DELIVERED),
                ("KF-1000000", grete, OrderStatus.SHIPPED),
                ("KF-4000000", hans, OrderStatus.PAID),
                ("KF-2000000", grete, OrderStatus.PAID),
            )
        ):
            at = START + timedelta(days=day)
            make_order(session, customer, number=number, status=status, placed_at=at)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, "2413"),
        ({"status": [OrderStatus.PAID]}, "24"),
        ({"status": [OrderStatus.PAID, OrderStatus.SHIPPED]}, "241"),
        ({"customer_id": IDS["grete"]}, "213"),
        ({"customer_id": IDS["old"]}, "213"),
        ({"customer_id": new_id()}, ""),
        ({"customer_id": IDS["grete"], "status": [OrderStatus.PAID]}, "2"),
        ({"placed_from": START + timedelta(days=1)}, "241"),
        ({"placed_to": START + timedelta(days=1)}, "3"),
        ({"q": "KF-1"}, "1"),
        ({"q": "kf 4000000"}, "4"),
        ({"q": "grete@example.com", "status": [OrderStatus.DELIVERED]}, "3"),
        ({"q": "hans"}, "4"),
        ({"q": "hans", "customer_id": IDS["grete"]}, ""),
    ],
)
def test_each_condition(
    database: Database, orders: None, wanted: dict[str, Any], found: str
) -> None:
    with database.reading() as session:
        page = OrderService(session).page(OrderFilter(**wanted), asker=STAFF)
    assert "".join(order.number[3] for order in page.items) == found


@pytest.mark.parametrize(
    ("sort", "found"), [("placed_at", "3142"), ("-placed_at", "2413"), ("-number", "4321")]
)
def test_sorted_and_paged(database: Database, orders: None, sort: str, found: str) -> None:
    seen, cursor = "", None
    while True:
        with database.reading() as session:
            query = ListQuery(sort=sort, cursor=cursor, limit=3)
            page = OrderService(session).page(query=query, asker=STAFF)
            seen += "".join(order.number[3] for order in page.items)
        if (cursor := page.next_cursor) is None:
            break
    assert seen == found


def test_whose_orders(database: Database, orders: None) -> None:
    with database.reading() as session:
        service = OrderService(session)
        theirs = service.page(OrderFilter(customer_id=IDS["grete"]), asker=AsCustomer(IDS["hans"]))
        assert theirs.items == []
        with pytest.raises(NotAllowed):
            service.page(asker=AsStaff(new_id(), Role.AGENT, frozenset({"customers:read"})))
        with pytest.raises(Invalid, match="sort"):
            service.page(query=ListQuery(sort="total"), asker=STAFF)
