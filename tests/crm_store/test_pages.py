"""Keyset pages."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from crm_store.database import Database
from crm_store.models import Customer
from crm_store.pages import Page, encode_cursor, fetch_page
from foundation.clock import utc_now
from foundation.errors import Invalid
from tests.factories import make_customer

KEYS = [(Customer.created_at, datetime), (Customer.id, UUID)]
# The same in every process, or those that share the tests would each collect others.
SOME_ID = UUID(int=7)
SOME_TIME = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("limit", [1, 3, 7, 200])
def test_the_pages_together_are_the_list(database: Database, descending: bool, limit: int) -> None:
    start = utc_now()
    with database.transaction() as session:
        # Several rows share a time: the second key has to break the tie.
        made = [
            make_customer(session, created_at=start + timedelta(seconds=i // 3)) for i in range(10)
        ]
    expected = sorted(made, key=lambda c: (c.created_at, c.id), reverse=descending)
    seen: list[Customer] = []
    cursor = None
    with database.reading() as session:
        while True:
            page = fetch_page(
                session,
                select(Customer),
                keys=KEYS,
                cursor=cursor,
                limit=limit,
                descending=descending,
            )
            assert len(page.items) <= limit
            seen += page.items
            cursor = page.next_cursor
            if cursor is None:
                break
    assert [c.id for c in seen] == [c.id for c in expected]


def test_several_columns_give_rows(database: Database) -> None:
    with database.transaction() as session:
        make_customer(session, name="A")
        page = fetch_page(session, select(Customer, Customer.name), keys=KEYS, cursor=None, limit=5)
    assert page.items[0][1] == "A"


@pytest.mark.parametrize(
    "cursor",
    [
        "nonsense",
        "%%%",
        "é",
        encode_cursor("x", "y"),
        encode_cursor(SOME_TIME),
        encode_cursor(SOME_TIME, "\x00"),
        encode_cursor("2026-01-01T00:00:00", SOME_ID),
        encode_cursor("0001-01-01T00:00:00+14:00", SOME_ID),
        encode_cursor("9999-12-31T23:59:59-14:00", SOME_ID),
    ],
)
def test_a_foreign_cursor_is_refused(database: Database, cursor: str) -> None:
    with database.reading() as session, pytest.raises(Invalid, match="cursor"):
        fetch_page(session, select(Customer), keys=KEYS, cursor=cursor, limit=5)


@pytest.mark.parametrize("text", ["a\x00", "\ud800"])
def test_a_cursor_of_texts_that_no_database_takes_is_refused(database: Database, text: str) -> None:
    keys = [(Customer.name, str), (Customer.id, UUID)]
    cursor = encode_cursor(text, SOME_ID)
    with database.reading() as session, pytest.raises(Invalid, match="cursor"):
        fetch_page(session, select(Customer), keys=keys, cursor=cursor, limit=5)


def test_map_keeps_the_cursor() -> None:
    assert Page([1, 2], "c").map(str) == Page(["1", "2"], "c")
