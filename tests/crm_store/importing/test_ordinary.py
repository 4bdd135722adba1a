"""What is told to be ordinary is what all the rules together would have left as it is."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from crm_store.importing.cleaning import columns
from crm_store.importing.cleaning.columns import ColumnCleaner
from crm_store.importing.cleaning.dates import DateReading
from crm_store.importing.cleaning.missing import MARKERS
from crm_store.importing.cleaning.ordinary import ordinary_of
from crm_store.importing.fields import Field, Kind

TEXTS = st.text("aZ09 .'=+-#@/\tä\u200b\n", max_size=24)
CELLS = st.one_of(
    TEXTS,
    st.sampled_from(sorted(MARKERS)).map(str.upper),
    st.builds("{}@{}.de".format, TEXTS, TEXTS),
    st.from_regex(r"\A'?=?[A-Za-z0-9]{1,30}( [0-9]{1,3})?\Z"),
    st.from_regex(r"\A(\+49|0)[ 1-9][0-9 ]{5,12}\Z"),
)
KINDS = st.sampled_from([Kind.CODE, Kind.LINE, Kind.BODY, Kind.EMAIL, Kind.NAME])
VALUES: list[dict[str, str] | None] = [None, {"a1": "another"}]


def cleaner(field: Field, values: dict[str, str] | None) -> ColumnCleaner:
    latest = datetime(2026, 6, 1, tzinfo=UTC)
    return ColumnCleaner(field, dates=DateReading(), latest=latest, values=values)


def results(field: Field, values: dict[str, str] | None, cells: list[str]) -> tuple[Any, ...]:
    tally: Counter[str] = Counter()
    one = cleaner(field, values)
    if field.kind is Kind.PHONE:
        return *one.clean_phones(cells, ["DE"] * len(cells), tally), tally
    return *one.clean(cells, tally), tally


@given(KINDS, st.lists(CELLS, min_size=1, max_size=8), st.sampled_from(VALUES))
@settings(max_examples=500)
def test_the_fast_way_is_the_long_way(
    kind: Kind, cells: list[str], values: dict[str, str] | None
) -> None:
    field = Field("one", kind, limit=20)
    fast = results(field, values, cells)
    told = columns.ordinary_of
    columns.ordinary_of = lambda _field: None
    try:
        assert results(field, values, cells) == fast
    finally:
        columns.ordinary_of = told


@given(st.lists(CELLS, min_size=1, max_size=8), st.sampled_from(VALUES))
@settings(max_examples=500)
def test_the_same_for_numbers(cells: list[str], values: dict[str, str] | None) -> None:
    field = Field("phone", Kind.PHONE, limit=32)
    fast = results(field, values, cells)
    told = columns.ordinary_phone
    columns.ordinary_phone = lambda _cell, _region: None
    try:
        assert results(field, values, cells) == fast
    finally:
        columns.ordinary_phone = told


def test_markers_of_missing_values_are_not_ordinary() -> None:
    told = ordinary_of(Field("one", Kind.LINE))
    assert told is not None
    assert not any(told(form) for marker in MARKERS for form in (marker, marker.upper()))


def test_a_text_beyond_the_limit_is_not_ordinary() -> None:
    field = Field("one", Kind.CODE, limit=5)
    found = [ordinary_of(one) for one in (field, replace(field, limit=6))]
    assert found[0] is not None
    assert found[1] is not None
    assert not found[0]("A-1234")
    assert found[1]("A-1234")
