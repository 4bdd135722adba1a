"""What is masked in logs and exports, and what must stay readable."""

import logging

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from foundation.logging import configure_logging
from foundation.masking import mask


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("write to Anna.Muster+shop@mail.example.co.uk!", "write to [email]!"),
        ("to <müller@exämple.de>, please", "to <[email]>, please"),
        ("call +49 (0)30 123-4567 now", "call [phone] now"),
        ("0049301234567", "[phone]"),
        ("meine Nummer: 0151/23456789.", "meine Nummer: [phone]."),
        ("(030) 1234567 or 555-123-4567", "[phone] or [phone]"),
        ("card 4111 1111 1111 1111 exp 12/27", "card [card] exp 12/27"),
        ("5500-0000-0000-0004", "[card]"),
        ("4111 1111 1111 1112", "4111 1111 1111 1112"),
        ("IBAN de89 3704 0044 0532 0130 00 bitte", "IBAN [iban] bitte"),
        ("GB29NWBK60161331926819", "[iban]"),
        ("DE89 3704 0044 0532 0130 01", "DE89 3704 0044 0532 0130 01"),
        ("我的邮箱是anna@example.com谢谢", "我的邮箱是[email]谢谢"),
    ],
)
def test_contacts_and_accounts_are_masked(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "where is KF-1234567?",
        "order 1234567 of 01.02.2026 cost €1,299.00",
        "2026-01-31T10:06:54.123456Z turn=01921749-9170-7123-8123-012345678901 ms=0.0123456789",
        "size 42, 2 pieces, 3-5 days, 10:30-12:00",
        "http://127.0.0.1:8080/api/v1/conversations?limit=50",
        "seeded 1,000,000 customers",
        "",
    ],
)
def test_all_else_stays(text: str) -> None:
    assert mask(text) == text


def test_order_numbers_go_where_they_must() -> None:
    assert mask("where is kf-1234567?", order_numbers=True) == "where is [order]?"


@given(st.text(max_size=200))
def test_masking_twice_changes_nothing(text: str) -> None:
    assert mask(mask(text)) == mask(text)


@given(
    st.from_regex(r"[a-z]{1,10}\.?[a-z0-9]{1,10}@[a-z]{2,12}\.(com|de|org)", fullmatch=True),
    st.sampled_from(["{}", "mail: {}", "<{}>", "({})", "x,{},y", "{} 12"]),
)
def test_no_address_gets_through(email: str, around: str) -> None:
    assert email not in mask(around.format(email))


@pytest.mark.parametrize("json", [True, False])
def test_logs_are_masked_whatever_the_field(json: bool, capsys: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    before, level = root.handlers, root.level
    configure_logging(json=json)
    try:
        log = structlog.get_logger("kefu.test")
        log.info("sent", reason="to anna@example.com", facts={"to": ["+49301234567"]})
        try:
            raise ValueError("anna@example.com is not a number")
        except ValueError:
            log.exception("failed")
        logging.getLogger("other").warning("bounced: %s", "anna@example.com")
    finally:
        root.handlers, root.level = before, level
        structlog.reset_defaults()
    said = capsys.readouterr().err
    assert "anna@" not in said
    assert "4930" not in said
    assert said.count("[email]") >= 3
    assert "[phone]" in said
