import logging
from uuid import UUID

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from foundation.ids import new_id, new_token, token_digest
from foundation.logging import configure_logging
from foundation.money import format_money


def test_ids_are_version_7_and_sorted_by_time() -> None:
    ids = [new_id() for _ in range(1000)]
    assert all(isinstance(one, UUID) and one.version == 7 for one in ids)
    assert ids == sorted(ids)
    assert len(set(ids)) == len(ids)


def test_a_token_cannot_be_read_from_its_digest() -> None:
    token = new_token()
    assert len(token) >= 43
    assert token not in token_digest(token)
    assert token_digest(token) == token_digest(token)


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (0, "EUR", "€0.00"),
        (5, "EUR", "€0.05"),
        (129900, "EUR", "€1,299.00"),
        (-450, "USD", "-$4.50"),
        (1000, "CHF", "10.00 CHF"),
    ],
)
def test_money_reads_well(amount: int, currency: str, text: str) -> None:
    assert format_money(amount, currency) == text


@given(st.integers(min_value=0, max_value=10**12))
def test_money_loses_no_cent(amount: int) -> None:
    digits = format_money(amount, "EUR").removeprefix("€").replace(",", "").replace(".", "")
    assert int(digits) == amount


def test_personal_fields_never_reach_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    before, level = root.handlers, root.level
    try:
        configure_logging(json=True)
        structlog.get_logger("test").info("verified", email="kim@example.com", text="hello there")
    finally:
        root.handlers = before
        root.setLevel(level)
        structlog.reset_defaults()
    printed = capsys.readouterr().err
    assert "verified" in printed
    assert "kim@example.com" not in printed
    assert "hello there" not in printed
