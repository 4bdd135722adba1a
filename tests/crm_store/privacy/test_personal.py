"""Every table and column is classified, and the register holds together."""

from collections import Counter

import pytest
from sqlalchemy import select

from crm_store.database import Database
from crm_store.models import Base
from crm_store.privacy.classified import Classified, Erasure
from crm_store.privacy.personal import (
    belongs_to,
    in_order_of_erasure,
    personal,
    register,
    table_of,
)
from foundation.ids import new_id

HOW = "add its line in crm_store/privacy/tables (crm_store/privacy/personal.py tells how)"
LINES = [pytest.param(line, id=line.table) for line in register().values()]


def test_every_table_is_classified() -> None:
    missing = sorted(Base.metadata.tables.keys() - register().keys())
    assert not missing, f"not classified: {missing}; {HOW}"
    assert not register().keys() - Base.metadata.tables.keys()


@pytest.mark.parametrize("line", LINES)
def test_every_column_is_classified_once(line: Classified) -> None:
    columns = {column.name for column in table_of(line).columns}
    assert not columns - line.columns, f"not classified in {line.table}; {HOW}"
    assert not line.columns - columns, f"no such columns in {line.table}"
    twice = [name for name, n in Counter((*line.shown, *line.inside)).items() if n > 1]
    assert not twice, f"classified twice in {line.table}"


@pytest.mark.parametrize("line", LINES)
def test_a_line_makes_sense(line: Classified) -> None:
    table = table_of(line)
    assert line.why or line.erasure is Erasure.DELETE, "say why it stays"
    assert bool(line.shown) == (line.export is not None)
    assert line.scrub.keys() <= line.columns
    assert line.only.keys() <= line.columns
    assert (line.erasure is Erasure.SCRUB) == bool(line.scrub)
    for column, value in line.scrub.items():
        assert value is not None or table.c[column].nullable, f"{column} may not be NULL"


def test_whatever_points_to_a_customer_is_personal() -> None:
    names = {line.table for line in personal()}
    for table in Base.metadata.tables.values():
        for key in table.foreign_keys:
            if key.column.table.name == "customers":
                assert table.name in names, f"{table.name} points to customers"


def test_nothing_that_stays_holds_on_to_what_goes() -> None:
    """A row that may not be deleted because another points to it would stop an erasure."""
    changing = {line.table: line for line in in_order_of_erasure()}
    for table in Base.metadata.tables.values():
        for key in table.foreign_keys:
            target = changing.get(key.column.table.name)
            if target is None or target.erasure is not Erasure.DELETE or key.ondelete is not None:
                continue
            own = changing.get(table.name)
            goes_too = own is not None and (
                own.erasure is Erasure.DELETE or key.parent.name in own.scrub
            )
            assert key.parent.nullable or goes_too, f"{table.name}.{key.parent.name}"


def test_the_rows_of_a_person_can_be_asked_for(database: Database) -> None:
    with database.reading() as session:
        for line in personal():
            statement = select(table_of(line)).where(belongs_to(line, [new_id()]))
            assert session.execute(statement).all() == []
