"""What the rules make of values."""

from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal

import phonenumbers
import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_store.customers.contacts import normalise_email
from crm_store.importing.cleaning.countries import clean_country
from crm_store.importing.cleaning.date_order import Contradiction, day_comes_first
from crm_store.importing.cleaning.dates import DateReading, clean_moment
from crm_store.importing.cleaning.emails import clean_email
from crm_store.importing.cleaning.names import name_case
from crm_store.importing.cleaning.numbers import decimal_mark_of, in_minor_units, read_money
from crm_store.importing.cleaning.phone_shapes import ordinary_phone
from crm_store.importing.cleaning.phones import clean_phone, international
from crm_store.importing.cleaning.rules import RULES, BadValue
from crm_store.importing.cleaning.text import clean_body, clean_line
from crm_store.importing.guarding import guard, unguard

NOW = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected", "rule"),
    [
        ("  two   words ", "two words", "whitespace"),
        ("zero\u200bwidth\ufeff", "zerowidth", "invisible_characters"),
        ("nul\x00l", "null", "invisible_characters"),
        ("Mu\u0308ller", "Müller", "unicode_form"),
        ("a\u00a0b", "a b", "whitespace"),
    ],
)
def test_a_line_is_tidied_and_each_rule_counted(text: str, expected: str, rule: str) -> None:
    tally: Counter[str] = Counter()
    assert clean_line(text, tally) == expected
    assert tally == {rule: 1}


@given(st.text())
def test_a_tidy_line_stays_as_it_is(text: str) -> None:
    once = clean_line(text, Counter())
    again: Counter[str] = Counter()
    assert clean_line(once, again) == once
    assert not again
    once.encode("utf-8")


def test_paragraphs_of_a_body_stay() -> None:
    assert clean_body(" one \r\ntwo\r\n\r\n\r\n\r\nthree ", Counter()) == "one\ntwo\n\nthree"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ANNA MÜLLER", "Anna Müller"),
        ("ludwig van beethoven", "Ludwig van Beethoven"),
        ("O'NEIL-SMITH", "O'Neil-Smith"),
        ("JOHN MCDONALD", "John McDonald"),
        ("ACME GMBH", "Acme GmbH"),
        ("IBM", "IBM"),
        ("王小明", "王小明"),
        ("Anna de la Cruz", "Anna de la Cruz"),
    ],
)
def test_names_are_written_as_names(name: str, expected: str) -> None:
    assert name_case(name) == expected


@pytest.mark.parametrize(
    ("cell", "day_first", "expected"),
    [
        ("2024-03-05", None, "2024-03-05T00:00:00"),
        ("2024-03-05T10:20:30Z", None, "2024-03-05T10:20:30"),
        ("2024-03-05 10:20:30+02:00", None, "2024-03-05T08:20:30"),
        ("5.3.2024", True, "2024-03-05T00:00:00"),
        ("03/05/2024", False, "2024-03-05T00:00:00"),
        ("03/05/2024 2:30 PM", False, "2024-03-05T14:30:00"),
        ("25/12/2023", None, "2023-12-25T00:00:00"),
        ("5-Mar-24", None, "2024-03-05T00:00:00"),
        ("5. März 2024", None, "2024-03-05T00:00:00"),
        ("March 5, 2024", None, "2024-03-05T00:00:00"),
        ("Tue, 5 Mar 2024 10:00:00 GMT", None, "2024-03-05T10:00:00"),
        ("2024年3月5日", None, "2024-03-05T00:00:00"),
        ("20240305", None, "2024-03-05T00:00:00"),
        ("45356", None, "2024-03-05T00:00:00"),
        ("1709632800", None, "2024-03-05T10:00:00"),
        ("1709632800000", None, "2024-03-05T10:00:00"),
        (datetime(2024, 3, 5, 10, tzinfo=UTC), None, "2024-03-05T10:00:00"),
    ],
)
def test_dates_are_read_in_many_forms(cell: object, day_first: bool | None, expected: str) -> None:
    found = clean_moment(cell, DateReading(day_first), Counter(), latest=NOW)
    assert found is not None
    assert found.isoformat() == f"{expected}+00:00"


@pytest.mark.parametrize(
    "cell",
    ["1900-01-01", "9999-12-31", "0000-00-00", "01.01.1900", "0001-01-01", "31/12/9999"],
)
def test_stand_ins_for_no_date_are_none(cell: str) -> None:
    tally: Counter[str] = Counter()
    assert clean_moment(cell, DateReading(True), tally, latest=NOW) is None
    assert tally["date_sentinel"] == 1


@pytest.mark.parametrize(
    "cell",
    ["2024-02-31", "31.4.2024", "1850-01-01", "2030-01-01", "soon", "13/13/2024", "04/05/24"],
)
def test_impossible_dates_are_refused(cell: str) -> None:
    with pytest.raises(BadValue):
        clean_moment(cell, DateReading(), Counter(), latest=NOW)


def test_a_columns_dates_tell_what_comes_first() -> None:
    assert day_comes_first(["03/04/2024", "25/12/2023"]) is True
    assert day_comes_first(["03/04/2024", "12/25/2023"]) is False
    assert day_comes_first(["03.04.2024"]) is True
    assert day_comes_first(["03/04/2024"]) is None
    assert day_comes_first(["03/04/2024"], "US") is False
    assert day_comes_first(["03/04/2024"], "DE") is True
    with pytest.raises(Contradiction):
        day_comes_first(["25/12/2023", "12/25/2023"])


@pytest.mark.parametrize(
    ("cell", "mark", "minor", "currency"),
    [
        ("1.234,56 €", None, 123456, "EUR"),
        ("$1,234.56", None, 123456, "USD"),
        ("(12.00)", None, -1200, None),
        ("-5", None, -500, None),
        ("5-", None, -500, None),
        ("1'234.50 CHF", None, 123450, "CHF"),
        ("EUR 9,90", None, 990, "EUR"),
        ("1.234", ",", 123400, None),
        ("1,234", ".", 123400, None),
        ("1.234.567,8", None, 123456780, None),
        ("¥1200", None, 1200, "JPY"),
        ("１２３", None, 12300, None),
        (0.1 + 0.2, None, 30, None),
        (12, None, 1200, None),
    ],
)
def test_amounts_are_read_in_many_notations(
    cell: object, mark: str | None, minor: int, currency: str | None
) -> None:
    amount, written = read_money(cell, mark, Counter())
    assert written == currency
    assert in_minor_units(amount, written or "EUR") == minor


@pytest.mark.parametrize("cell", ["twelve", "1.2.3", "12,34,5", "", "1..2", "=1+1"])
def test_what_is_no_amount_is_refused(cell: str) -> None:
    with pytest.raises(BadValue):
        read_money(cell, None, Counter())


def test_an_amount_finer_than_a_cent_is_refused() -> None:
    with pytest.raises(BadValue):
        in_minor_units(Decimal("1.234"), "EUR")


def test_a_columns_amounts_tell_the_decimal_mark() -> None:
    assert decimal_mark_of(["1.234", "5,90"]) == ","
    assert decimal_mark_of(["1,234.50", "3.10"]) == "."
    assert decimal_mark_of(["1.234"]) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [("Germany", "DE"), ("deutschland", "DE"), ("德国", "DE"), ("DEU", "DE"), ("uk", "GB")],
)
def test_countries_by_any_name(text: str, code: str) -> None:
    assert clean_country(text, Counter()) == code


LOCAL = st.text("abz09._+-AZ", max_size=12)
DOMAIN = st.text("abz09-.", max_size=14)


@given(
    LOCAL,
    DOMAIN,
    st.sampled_from(["com", "de", "co.uk", "test", "local", "x", "c0m", "example.com", "COM", ""]),
)
@settings(max_examples=600)
def test_the_fast_way_for_addresses_is_the_long_way(local: str, domain: str, tld: str) -> None:
    text = f"{local}@{domain}.{tld}" if domain else f"{local}@{tld}"
    try:
        expected = normalise_email(validate_email(text, check_deliverability=False).normalized)
    except EmailNotValidError:
        expected = None
    try:
        found = clean_email(text, Counter())
    except BadValue:
        found = None
    assert found == expected


REGIONS = st.sampled_from(sorted(phonenumbers.SUPPORTED_REGIONS))


@given(REGIONS, st.data())
@settings(max_examples=800)
def test_the_fast_way_for_numbers_is_the_long_way(region: str, data: st.DataObject) -> None:
    code = phonenumbers.country_code_for_region(region)
    example = phonenumbers.example_number(region)
    digits = str(example.national_number) if example else "123456789"
    tail = data.draw(st.text("0123456789", min_size=0, max_size=4))
    before = data.draw(
        st.sampled_from(
            ["", "0", "00", "1", "8", f"+{code}", f"+{code} ", f"+{code} (0)", str(code)]
        )
    )
    text = before + digits[: max(len(digits) - len(tail), 1)] + tail
    fast = ordinary_phone(text, region)
    if fast is not None:
        assert fast == international(text, region)


def test_a_number_without_its_country_says_so() -> None:
    with pytest.raises(BadValue, match="country"):
        clean_phone("030 1234567", None, Counter())


@given(st.text(max_size=20))
def test_a_guarded_text_is_no_formula_and_comes_back(text: str) -> None:
    guarded = guard(text)
    assert unguard(guarded) == text
    if guarded != text or not text:
        return
    number = text.startswith("-") and text[1:].replace(".", "").replace(",", "").isdigit()
    assert number or text[0] not in "=+-@\t\r\n"


def test_every_rule_says_what_it_does() -> None:
    assert all(len(what) > 15 and what.endswith(".") for what in RULES.values())
