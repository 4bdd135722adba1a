"""Texts that every database can hold."""

import json

from hypothesis import given
from hypothesis import strategies as st

from crm_store.texts import shorten, storable, storable_json

anything = st.text(st.characters())
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | anything,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(anything, inner, max_size=3),
    max_leaves=8,
)


@given(anything)
def test_a_storable_text_is_utf8_without_nul(text: str) -> None:
    kept = storable(text)
    assert "\x00" not in kept
    assert storable(kept.encode().decode()) == kept


@given(json_values)
def test_no_text_deep_inside_is_missed(value: object) -> None:
    written = json.dumps(storable_json(value), ensure_ascii=False)
    assert "\\u0000" not in written
    written.encode()


@given(anything, st.integers(1, 50))
def test_shortened_is_one_line_within_the_limit(text: str, limit: int) -> None:
    line = shorten(text, limit)
    assert len(line) <= limit
    assert "\n" not in line


def test_a_short_text_stays() -> None:
    assert shorten("a  b\nc", 5) == "a b c"
    assert shorten("abcdef", 4) == "abc…"
