"""Lists of customers: narrowed, sorted, paged; each by an index where there are many."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert, text
from sqlalchemy.orm import Session

from crm_store.asking import AsStaff
from crm_store.customers.listing import CustomerFilter, segment_names
from crm_store.customers.service import CustomerService
from crm_store.database import Database
from crm_store.lists import ListQuery
from crm_store.models import (
    Customer,
    ModelRun,
    Role,
    Segment,
    SegmentMembership,
    TicketStatus,
)
from foundation.errors import Invalid
from foundation.ids import new_id
from tests.factories import make_customer, make_order
from tests.factories.any_row import make_row

STAFF = AsStaff(new_id(), Role.AGENT)
START = datetime(2026, 3, 1, 12, tzinfo=UTC)


def names(database: Database, wanted: CustomerFilter, query: ListQuery = ListQuery()) -> list[str]:  # noqa: B008  # frozen
    with database.reading() as session:
        page = CustomerService(session).page(wanted, query, asker=STAFF)
        return [customer.name for customer in page.items]


@pytest.fixture
def people(database: Database) -> dict[str, Customer]:
    """Four customers and one that was merged into the first."""
    with database.transaction() as session:
        found = {
            "anna": make_customer(
                session, name="Anna Ärmel", country="DE", city="München", created_at=START
            ),
            "bert": make_customer(
                session,
                name="bert Brandt",
                country="AT",
                city="Wien",
                created_at=START + timedelta(days=1),
            ),
            "cleo": make_customer(
                session,
                name="Cleo Clark",
                country="DE",
                city="münchen",
                created_at=START + timedelta(days=2),
            ),
            "doro": make_customer(
                session,
                name="Doro Clark",
                country=None,
                city=None,
                created_at=START + timedelta(days=3),
            ),
        }
        make_customer(session, name="Old Anna", country="DE", merged_into_id=found["anna"].id)
        make_order(session, found["bert"], number="KF-7654321")
        for who, status in (("anna", TicketStatus.PENDING), ("cleo", TicketStatus.SOLVED)):
            make_row(session, "tickets", customer_id=found[who].id, status=status)
    return found


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, ["Doro Clark", "Cleo Clark", "bert Brandt", "Anna Ärmel"]),
        ({"country": "de"}, ["Cleo Clark", "Anna Ärmel"]),
        ({"country": " Österreich "}, ["bert Brandt"]),
        ({"country": "Atlantis"}, []),
        ({"city": "MÜNCHEN"}, ["Cleo Clark", "Anna Ärmel"]),
        ({"city": " "}, ["Doro Clark", "Cleo Clark", "bert Brandt", "Anna Ärmel"]),
        ({"created_from": START + timedelta(days=2)}, ["Doro Clark", "Cleo Clark"]),
        ({"created_to": START + timedelta(days=1)}, ["Anna Ärmel"]),
        ({"has_open_ticket": True}, ["Anna Ärmel"]),
        ({"has_open_ticket": False}, ["Doro Clark", "Cleo Clark", "bert Brandt"]),
        ({"has_orders": True}, ["bert Brandt"]),
        ({"has_orders": False, "country": "DE"}, ["Cleo Clark", "Anna Ärmel"]),
        ({"q": "clark", "country": "DE"}, ["Cleo Clark"]),
        ({"q": "KF-7654321", "country": "AT"}, ["bert Brandt"]),
        ({"q": "KF-7654321", "country": "DE"}, []),
        ({"q": "old", "country": "DE"}, []),
        ({"segment": "Nobody's"}, []),
    ],
)
def test_each_condition(
    database: Database, people: dict[str, Customer], wanted: dict[str, Any], found: list[str]
) -> None:
    assert names(database, CustomerFilter(**wanted)) == found


def test_by_segment(database: Database, people: dict[str, Customer]) -> None:
    with database.transaction() as session:
        run = ModelRun(
            kind="segments",
            engine="local",
            params={},
            metrics={},
            started_at=START,
            finished_at=START,
        )
        session.add(run)
        session.flush()
        for name in ("At risk", "At risk", "Loyal", "Empty"):
            segment = Segment(run_id=run.id, name=name, description="", size=0, profile={})
            session.add(segment)
            session.flush()
            who = {"Loyal": "bert", "Empty": None}.get(name, "anna")
            if who and not session.get(SegmentMembership, people[who].id):
                session.add(
                    SegmentMembership(
                        customer_id=people[who].id, segment_id=segment.id, rfm="111", features={}
                    )
                )
                session.flush()
    assert names(database, CustomerFilter(segment="At risk")) == ["Anna Ärmel"]
    assert names(database, CustomerFilter(segment="Loyal", country="DE")) == []
    with database.reading() as session:
        assert segment_names(session, asker=STAFF) == ["At risk", "Loyal"]


@pytest.mark.parametrize(
    ("sort", "found"),
    [
        ("name", ["Anna Ärmel", "bert Brandt", "Cleo Clark", "Doro Clark"]),
        ("-name", ["Doro Clark", "Cleo Clark", "bert Brandt", "Anna Ärmel"]),
        ("created_at", ["Anna Ärmel", "bert Brandt", "Cleo Clark", "Doro Clark"]),
        ("-updated_at", ["bert Brandt", "Doro Clark", "Cleo Clark", "Anna Ärmel"]),
    ],
)
def test_sorted_and_paged(
    database: Database, people: dict[str, Customer], sort: str, found: list[str]
) -> None:
    with database.transaction() as session:
        session.get_one(Customer, people["bert"].id).street = "Gasse 1"
    seen: list[str] = []
    cursor = None
    while True:
        with database.reading() as session:
            page = CustomerService(session).page(
                query=ListQuery(sort=sort, cursor=cursor, limit=1), asker=STAFF
            )
        seen += [customer.name for customer in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == found


def test_words_with_a_sort(database: Database, people: dict[str, Customer]) -> None:
    wanted = CustomerFilter(q="clark")
    assert names(database, wanted, ListQuery(sort="-name")) == ["Doro Clark", "Cleo Clark"]
    assert names(database, CustomerFilter(q="clarck"), ListQuery(sort="name")) == [
        "Cleo Clark",
        "Doro Clark",
    ]
    with pytest.raises(Invalid, match="sort"):
        names(database, wanted, ListQuery(sort="email"))
    with pytest.raises(Invalid, match="cursor"):
        names(database, CustomerFilter(), ListQuery(cursor="x"))


READ_BY: tuple[tuple[dict[str, Any], str | None, str], ...] = (
    ({}, None, "ix_customers_created_at_id"),
    ({"created_from": START, "created_to": START + timedelta(days=1)}, "created_at", "_at_id"),
    ({"country": "DE", "has_orders": False}, "-created_at", "ix_customers_created_at_id"),
)


def test_the_newest_are_read_by_their_index(database: Database) -> None:
    """In a crowd so large that reading all of it is not the cheapest."""
    rows = [
        {
            "id": new_id(),
            "name": f"Person {at % 977:04d}",
            "locale": "en",
            "country": ("DE", "AT", "CH", "FR", "IT", "PL")[at % 6] if at % 7 else None,
            "city": f"City {at % 100}" if at % 7 else None,
            "created_at": START + timedelta(minutes=at),
            "updated_at": START + timedelta(minutes=(at * 7919) % 5_000),
        }
        for at in range(5_000)
    ]
    with database.transaction() as session:
        session.execute(insert(Customer), rows)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    for wanted, sort, index in READ_BY:
        with database.reading() as session:
            plan = explained(
                session,
                lambda wanted=wanted, sort=sort: CustomerService(session).page(  # type: ignore[misc]
                    CustomerFilter(**wanted), ListQuery(sort=sort), asker=STAFF
                ),
            )
        assert index in plan, plan
        assert "Sort " not in plan, plan
        assert "TEMP B-TREE" not in plan, plan


def explained(session: Session, ask: Callable[[], Any]) -> str:
    """How the database reads the last thing that ``ask`` asks for."""
    asked: list[tuple[str, Any]] = []

    def note(_c: Any, _cur: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        asked.append((statement, parameters))

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    ask()
    event.remove(connection, "before_cursor_execute", note)
    statement, parameters = asked[-1]
    how = "EXPLAIN QUERY PLAN " if connection.dialect.name == "sqlite" else "EXPLAIN "
    rows = connection.exec_driver_sql(how + statement, parameters).all()
    return "\n".join(str(row[-1]) for row in rows)
