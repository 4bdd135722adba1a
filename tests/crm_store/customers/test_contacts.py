"""E-mail addresses and phone numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_store.customers.contacts import normalise_email, normalise_phone, same_contact


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (" Grete@Example.COM ", "grete@example.com"),
        ("a.b+c@mail.example.org", "a.b+c@mail.example.org"),
        ("grete@example", None),
        ("grete", None),
        ("a@b@example.com", None),
        ("a b@example.com", None),
        ("nul\x00@example.com", None),
        ("", None),
        ("a" * 250 + "@example.com", None),
    ],
)
def test_an_email_has_one_form(typed: str, stored: str | None) -> None:
    assert normalise_email(typed) == stored


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("+49 30 1234567", "+49301234567"),
        ("+49 (0)30 123-4567", "+49301234567"),
        ("0049 30/1234567", "+49301234567"),
        ("030 1234567", None),  # which country?
        ("+0 30 1234567", None),
        ("+49", None),
        ("+" + "1" * 16, None),
        ("call me", None),
        ("", None),
    ],
)
def test_a_phone_number_has_one_form(typed: str, stored: str | None) -> None:
    assert normalise_phone(typed) == stored


@pytest.mark.parametrize(
    ("given", "same"),
    [
        ("GRETE@example.com", True),
        ("greta@example.com", False),
        ("+49 151 1234567", True),
        ("0049151 1234567", True),
        ("0151 1234567", True),
        ("0151 1234568", False),
        ("1234567", False),  # the end of the number is not the number
        ("034567", False),
        ("", False),
        ("-", False),
        ("\ud800", False),
    ],
)
def test_a_contact_is_the_email_or_the_phone(given: str, same: bool) -> None:
    assert same_contact(given, email="grete@example.com", phone="+491511234567") is same


@given(st.text(st.characters()))
def test_nothing_matches_a_customer_without_contacts(given: str) -> None:
    assert not same_contact(given, email=None, phone=None)


@given(st.text(st.characters()))
def test_what_is_normalised_stays(text: str) -> None:
    for normalise in (normalise_email, normalise_phone):
        once = normalise(text)
        assert once is None or normalise(once) == once
