"""What is written in bulk is what the column types and psycopg would write."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import column, select, table, text
from sqlalchemy.dialects import sqlite

from crm_store.database import Database
from crm_store.importing.upsert.copying import column_text, copy_in
from crm_store.importing.upsert.loading import insert_rows, store_column
from crm_store.models import Consent, Customer
from foundation.ids import new_id

_ZONES = st.integers(-840, 840).map(lambda minutes: timezone(timedelta(minutes=minutes)))
_MOMENTS = st.datetimes(datetime(1900, 1, 2), datetime(9000, 1, 1), timezones=_ZONES)  # noqa: DTZ001


@pytest.fixture
def postgresql(_postgres_with_schema: str) -> Iterator[Database]:
    database = Database(_postgres_with_schema)
    yield database
    database.dispose()


@given(st.lists(st.none() | _MOMENTS))
def test_times_are_stored_as_their_type_stores_them(moments: list[datetime | None]) -> None:
    dialect = sqlite.dialect()
    at = Customer.__table__.c.created_at
    convert = at.type.dialect_impl(dialect).bind_processor(dialect)
    assert convert is not None
    assert store_column(at, moments, dialect) == [convert(moment) for moment in moments]


def test_a_time_without_its_zone_is_refused() -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001
    with pytest.raises(ValueError, match="without a time zone"):
        store_column(Customer.__table__.c.created_at, [naive], sqlite.dialect())


def test_rows_come_back_as_they_were_given(database: Database) -> None:
    east = timezone(timedelta(hours=5, minutes=30))
    customer = {
        "id": new_id(),
        "external_id": "tab\t, line\n, return\r, backslash \\ and \\N",
        "name": "\\.",
        "email": "anna@example.com",
        "city": None,
        "created_at": datetime(2024, 2, 29, 23, 59, 59, 123456, tzinfo=east),
        "updated_at": datetime(2024, 3, 1, tzinfo=UTC),
    }
    consent = {"id": new_id(), "customer_id": customer["id"], "purpose": "profiling"}
    consent |= {"granted": True, "at": customer["created_at"], "source": "import", "evidence": {}}
    with database.transaction() as session:
        insert_rows(session, Customer, [customer])
        insert_rows(session, Consent, [consent])
    with database.reading() as session:
        for model, given_row in ((Customer, customer), (Consent, consent)):
            stored = session.scalars(select(model)).one()
            assert {name: getattr(stored, name) for name in given_row} == given_row


@pytest.mark.parametrize(
    "values", [["a", None, "b\\"], [None, None], [True, False, None], [1, -(2**40), None]]
)
def test_columns_of_one_kind_go_as_text(postgresql: Database, values: list[Any]) -> None:
    kind = {str: "text", bool: "boolean", int: "bigint"}.get(type(values[0]), "text")
    assert column_text(values) is not None
    with postgresql.reading() as session:
        session.execute(text(f"CREATE TEMPORARY TABLE taken (at integer, value {kind})"))
        copy_in(session.connection(), "taken (at, value)", [range(len(values)), values])
        found = select(column("value")).select_from(table("taken")).order_by(column("at"))
        assert session.scalars(found).all() == values


@pytest.mark.parametrize("values", [[1, "a"], [UUID(int=1)], [1.5]])
def test_other_kinds_are_left_to_the_driver(values: list[Any]) -> None:
    assert column_text(values) is None
