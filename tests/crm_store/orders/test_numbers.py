"""Order numbers as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_store.orders.numbers import normalise_order_number


@pytest.mark.parametrize(
    "text",
    [
        "KF-1234567",
        "kf 1234567",
        "#KF1234567",
        "1234567",
        "KF–1234567",
        "kf_1234567",
        "K F 1234567",
        "my order is KF-1234567, where is it??",
        "order no.: 1234567!",
        "it is 1234567",
        "#1234567",
        "order #1234567 from 12 May",
        "ＫＦ-1234567 1234567",
    ],
)
def test_reads_what_people_write(text: str) -> None:
    assert normalise_order_number(text) == "KF-1234567"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "123456",
        "12345678",
        "KF-12345678",
        "R-1234567",
        "r 1234567",
        "T-1234567",
        "+49 1234567",
        "0761 1234567",
        "(0761) 1234567",
        "ABC1234567",
    ],
)
def test_leaves_other_numbers_alone(text: str) -> None:
    assert normalise_order_number(text) is None


@given(st.text(max_size=200))
def test_is_total_and_its_result_is_a_fixed_point(text: str) -> None:
    number = normalise_order_number(text)
    if number is not None:
        assert normalise_order_number(number) == number
