"""Sorted keyset lists: every row exactly once, in one order, whatever the sort."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import BigInteger, Boolean, Column, Date, Double, MetaData, String, Table, select
from sqlalchemy.orm import Session
from sqlalchemy.types import Uuid

from crm_store.database import Database
from crm_store.lists import ListQuery, SortKey, Sorts
from crm_store.models.base import UtcDateTime
from crm_store.pages import encode_cursor
from foundation.errors import Invalid
from foundation.ids import new_id

# The same in every process, or those that share the tests would each collect others.
SOME_ID = UUID(int=7)
# One table with a column of each kind that lists are sorted by; gone with its connection.
THINGS = Table(
    "things_to_sort",
    MetaData(),
    Column("id", Uuid, primary_key=True),
    Column("name", String(50), nullable=False),
    Column("amount", BigInteger),
    Column("score", Double),
    Column("due", Date),
    Column("at", UtcDateTime),
    Column("done", Boolean, nullable=False),
    prefixes=["TEMPORARY"],
)
START = datetime(2026, 1, 1, tzinfo=UTC)
SORTS = Sorts(
    {
        "name": SortKey(THINGS.c.name, str),
        "amount": SortKey(THINGS.c.amount, int, nullable=True),
        "score": SortKey(THINGS.c.score, float, nullable=True),
        "due": SortKey(THINGS.c.due, date, nullable=True),
        "at": SortKey(THINGS.c.at, datetime, nullable=True),
        "done": SortKey(THINGS.c.done, bool),
    },
    default="-at",
    unique=THINGS.c.id,
)

# Few values, so that ties and absent values are the rule.
rows = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["", "a", "b", "ab", "ä", "=", "-"]),
        "amount": st.none() | st.sampled_from([-(2**62), -1, 0, 1, 2**62]),
        "score": st.none() | st.sampled_from([0.1, 0.1 + 0.2, -1e300, 5e-324]),
        "due": st.none() | st.sampled_from([date(1900, 1, 1), date(2026, 2, 28)]),
        "at": st.none() | st.integers(0, 2).map(lambda n: START + timedelta(microseconds=n)),
        "done": st.booleans(),
    }
)
sort_texts = st.lists(st.sampled_from(SORTS.names), min_size=1, max_size=3, unique=True).flatmap(
    lambda names: st.tuples(*(st.sampled_from([name, f"-{name}"]) for name in names)).map(",".join)
)


def walk(session: Session, sort: str | None, limit: int) -> list[Any]:
    """All rows, page by page."""
    seen: list[Any] = []
    cursor = None
    while True:
        page = SORTS.page(session, select(THINGS), ListQuery(sort, cursor, limit))
        assert len(page.items) <= limit
        seen += page.items
        cursor = page.next_cursor
        if cursor is None:
            return seen


@pytest.mark.parametrize("limit", [1, 3])
def test_every_row_is_on_exactly_one_page(database: Database, limit: int) -> None:
    @settings(
        deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(values=st.lists(rows, max_size=8), sort=sort_texts)
    def check(values: list[dict[str, Any]], sort: str) -> None:
        with database.engine.connect() as connection, connection.begin() as begun:
            with Session(connection, join_transaction_mode="rollback_only") as session:
                THINGS.create(connection, checkfirst=False)
                if values:
                    session.execute(THINGS.insert(), [{"id": new_id(), **row} for row in values])
                paged = walk(session, sort, limit)
                whole = walk(session, sort, 200)
            begun.rollback()
        assert [row.id for row in paged] == [row.id for row in whole]
        assert len({row.id for row in paged}) == len(values)
        assert_ordered([row._asdict() for row in paged], sort)

    check()


def assert_ordered(found: list[dict[str, Any]], sort: str) -> None:
    """By each key in turn, absent values last; texts are left to the database's own order."""
    for one, other in pairwise(found):
        for name in sort.split(","):
            key = name.removeprefix("-")
            first, second = one[key], other[key]
            if first == second:
                continue
            if key == "name":
                break
            assert first is not None, f"a row without {key} came before one with it"
            assert second is None or (first > second) == name.startswith("-")
            break


@pytest.fixture
def session(sqlite_database: Database) -> Any:
    with sqlite_database.transaction() as opened:
        THINGS.create(opened.connection(), checkfirst=False)
        yield opened


@pytest.mark.parametrize("sort", ["password", "name,", "--name", "name,at,due,done", " name", "id"])
def test_only_named_keys_sort(session: Session, sort: str) -> None:
    with pytest.raises(Invalid, match="sort"):
        SORTS.page(session, select(THINGS), ListQuery(sort))


@pytest.mark.parametrize(
    "cursor",
    [
        "nonsense",
        encode_cursor("name", "=a"),
        encode_cursor("-name", "=a", f"={SOME_ID}"),
        encode_cursor("name", "-", f"={SOME_ID}"),
        encode_cursor("name", "a", f"={SOME_ID}"),
        encode_cursor("name", "=a", "=1"),
    ],
)
def test_a_cursor_of_another_order_is_refused(session: Session, cursor: str) -> None:
    with pytest.raises(Invalid, match="cursor"):
        SORTS.page(session, select(THINGS), ListQuery("name", cursor))


@pytest.mark.parametrize(
    ("sort", "mark"),
    [
        ("amount", "=9223372036854775808"),
        ("amount", "=x"),
        ("score", "=nan"),
        ("at", "=2026-01-01T00:00:00"),
        ("at", "=0001-01-01T00:00:00+14:00"),
        ("due", "=2026-13-01"),
        ("done", "=yes"),
    ],
)
def test_a_cursor_with_a_bad_value_is_refused(session: Session, sort: str, mark: str) -> None:
    cursor = encode_cursor(sort, mark, f"={UUID(int=1)}")
    with pytest.raises(Invalid, match="cursor"):
        SORTS.page(session, select(THINGS), ListQuery(sort, cursor))


def test_several_columns_give_rows_and_one_gives_values(session: Session) -> None:
    session.execute(THINGS.insert(), [{"id": new_id(), "name": "a", "done": False}])
    assert SORTS.page(session, select(THINGS.c.name), ListQuery()).items == ["a"]
    assert (
        SORTS.page(session, select(THINGS.c.name, THINGS.c.done), ListQuery()).items[0][1] is False
    )
