"""No table that points to customers is passed over."""

from typing import Any

import pytest
from sqlalchemy import Table

from crm_store.asking import AsSystem
from crm_store.database import Database
from crm_store.merging.pairs import in_order
from crm_store.merging.references import references_to, unique_keys
from crm_store.merging.service import MergeService
from crm_store.models import Base, Customer, DuplicatePair
from tests.factories import make_customer
from tests.factories.any_row import make_row

SYSTEM = AsSystem("test")
CUSTOMERS: Table = Base.metadata.tables["customers"]


def pointing_to_customers() -> set[str]:
    """Read from the schema in another way than the code under test does."""
    return {
        f"{table.name}.{key.parent.name}"
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
        if key.target_fullname == "customers.id"
    }


def test_every_column_that_points_to_customers_moves_or_is_the_log_of_merges() -> None:
    moved = {str(column) for column in references_to(CUSTOMERS)}
    assert pointing_to_customers() - moved == {
        "customer_merges.survivor_id",
        "customer_merges.loser_id",
    }


def test_a_unique_index_with_a_condition_is_seen() -> None:
    keys = unique_keys(Base.metadata.tables["consents"].c.customer_id)
    assert [([c.name for c in columns], str(where)) for columns, where in keys] == [
        (["purpose"], "superseded_at IS NULL")
    ]


@pytest.mark.parametrize("name", sorted(pointing_to_customers()))
def test_a_row_of_each_table_comes_over_and_goes_back(sqlite_database: Database, name: str) -> None:
    column = column_named(name)
    with sqlite_database.transaction() as session:
        stays, goes, third = sorted(make_customer(session).id for _ in range(3))
        given: dict[str, Any] = {column.name: goes}
        if column.table is DuplicatePair.__table__:
            first, second = in_order(goes, third)
            given = {"first_id": first, "second_id": second}
        make_row(session, column.table.name, **given)
        names_before = who_is_named(session, column)

        merge = MergeService(session).merge(stays, goes, asker=SYSTEM)

        if column.table.name != "customer_merges":
            assert goes not in who_is_named(session, column) - {None}
        MergeService(session).undo(merge.id, asker=SYSTEM)
        if column.table.name not in {"customer_merges", "interactions", "duplicate_pairs"}:
            assert who_is_named(session, column) == names_before


def column_named(name: str) -> Any:
    table, _, column = name.partition(".")
    return Base.metadata.tables[table].c[column]


def who_is_named(session: Any, column: Any) -> set[Any]:
    if column.table is Customer.__table__:
        own = column.table.c.id
        rows = session.execute(column.table.select().with_only_columns(own, column))
        return {(key, value) for key, value in rows} | {value for _, value in rows}
    return set(session.scalars(column.table.select().with_only_columns(column)))
