"""What people type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.errors import Invalid, TooLarge
from gateway.texts import clean_text
from gateway.widget.attachments import safe_filename


@given(st.text(max_size=300))
def test_cleaned_text_has_no_control_characters_and_stays_clean(text: str) -> None:
    try:
        cleaned = clean_text(text, max_chars=1_000)
    except Invalid:
        return
    assert cleaned
    assert not any(ord(char) < 32 and char not in "\n\t" for char in cleaned)
    assert clean_text(cleaned, max_chars=1_000) == cleaned


def test_the_limit_counts_what_is_kept() -> None:
    assert clean_text("\x00" * 50 + "x" * 10, max_chars=10) == "x" * 10
    with pytest.raises(TooLarge, match="10 characters; this has 11"):
        clean_text("x" * 11, max_chars=10)


@given(st.text(max_size=300))
def test_a_filename_is_one_name(name: str) -> None:
    safe = safe_filename(name, "image/png")
    assert safe.endswith(".png")
    assert len(safe) <= 200
    assert "/" not in safe
    assert "\\" not in safe
    assert safe.isprintable()
