"""Checks of single fields: what callers send becomes what the store keeps, or a stated reason.

A check takes the field's name and its value and returns the value to store. ``checked`` runs a
table of them over what was sent, so that a create and an edit accept exactly the same.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from crm_store.countries import country_codes
from crm_store.customers.contacts import normalise_email, normalise_phone
from crm_store.texts import storable
from foundation.errors import Invalid

Check = Callable[[str, Any], Any]

MAX_AMOUNT_MINOR = 10**13
_SUFFIX = re.compile(r"_(id|minor|at)$")
_CODE = re.compile(r"[A-Z]{3}")


def checked(values: Mapping[str, Any], checks: Mapping[str, Check]) -> dict[str, Any]:
    """The values as they are stored.

    Raises:
        Invalid: a field cannot be set, or its value is not acceptable; the detail names it.
    """
    unknown = sorted(values.keys() - checks.keys())
    if unknown:
        raise Invalid(f"{unknown[0]}: cannot be set")
    return {name: checks[name](name, value) for name, value in values.items()}


def line(limit: int) -> Check:
    """Text on one line that must not be empty."""

    def check(field: str, value: Any) -> str:
        cleaned = _one_line(field, value)
        if not 1 <= len(cleaned) <= limit:
            raise Invalid(f"{field}: 1 to {limit} characters")
        return cleaned

    return check


def optional_line(limit: int) -> Check:
    """Text on one line; empty means none."""

    def check(field: str, value: Any) -> str | None:
        cleaned = _one_line(field, value) if value is not None else ""
        if len(cleaned) > limit:
            raise Invalid(f"{field}: at most {limit} characters")
        return cleaned or None

    return check


def prose(limit: int) -> Check:
    """Text of several lines, possibly empty."""

    def check(field: str, value: Any) -> str:
        cleaned = storable(str(value or "")).strip()
        if len(cleaned) > limit:
            raise Invalid(f"{field}: at most {limit:,} characters")
        return cleaned

    return check


def one_of(kind: type[StrEnum]) -> Check:
    """A member of the enum."""

    def check(field: str, value: Any) -> StrEnum:
        try:
            return kind(value)
        except ValueError:
            raise Invalid(f"{field}: one of {', '.join(kind)}") from None

    return check


def within(low: int, high: int) -> Check:
    """A whole number in this range, both ends included."""

    def check(field: str, value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise Invalid(f"{field}: {low:,} to {high:,}")
        return value

    return check


def moment(field: str, value: Any) -> datetime:
    """A time with its zone."""
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise Invalid(f"{field}: a time with its zone")
    return value


def day(field: str, value: Any) -> date:
    """A calendar day."""
    if not isinstance(value, date) or isinstance(value, datetime):
        raise Invalid(f"{field}: a day")
    return value


def email(field: str, value: Any) -> str | None:
    """An e-mail address in its stored form; empty means none."""
    if not value:
        return None
    found = normalise_email(storable(str(value)))
    if found is None:
        raise Invalid(f"{field}: not an e-mail address")
    return found


def phone(field: str, value: Any) -> str | None:
    """A phone number in its stored form; empty means none."""
    if not value:
        return None
    found = normalise_phone(storable(str(value)))
    if found is None:
        raise Invalid(f"{field}: a number with its country code, like +49 30 1234567")
    return found


def country(field: str, value: Any) -> str | None:
    """A country by its code or its name, kept as the code (ISO 3166); empty means none."""
    if value is None or value == "":
        return None
    code = country_codes().get(_one_line(field, value).casefold())
    if code is None:
        raise Invalid(f"{field}: not a country; its name, or its two letters, like DE")
    return code


def currency(field: str, value: Any) -> str:
    """A currency's code (ISO 4217)."""
    code = str(value).strip().upper()
    if not _CODE.fullmatch(code):
        raise Invalid(f"{field}: a code of 3 letters, like EUR")
    return code


def maybe(check: Check) -> Check:
    """The check, with None allowed."""
    return lambda field, value: None if value is None else check(field, value)


def identifier(field: str, value: Any) -> UUID:
    """An id; whether it names anything is for the caller to find out."""
    if not isinstance(value, UUID):
        raise Invalid(f"{field}: not an identifier")
    return value


def flag(field: str, value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise Invalid(f"{field}: true or false")
    return value


amount = within(0, MAX_AMOUNT_MINOR)


def said(names: Iterable[str]) -> str:
    """Field names as people read them: ``next_step, owner_id`` becomes ``next step, owner``."""
    return ", ".join(_SUFFIX.sub("", name).replace("_", " ") for name in names)


def _one_line(field: str, value: Any) -> str:
    if not isinstance(value, str):
        raise Invalid(f"{field}: a text")
    return " ".join(storable(value).split())
