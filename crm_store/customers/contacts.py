"""E-mail addresses and phone numbers: one form to store, one way to compare."""

import hmac
import re

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from crm_store.crypto import matches
from crm_store.models import Customer

_EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\".]{2,}")
_PHONE = re.compile(r"[+(]?[\d\s()/.\-–]+")
_MAX_EMAIL = 254
_PHONE_DIGITS = range(6, 16)


def normalise_email(text: str) -> str | None:
    """The address lower-cased and stripped, or None when it is none."""
    email = text.strip().lower()
    usable = len(email) <= _MAX_EMAIL and email.isprintable()
    return email if usable and _EMAIL.fullmatch(email) else None


def normalise_phone(text: str) -> str | None:
    """The international number as a plus and digits (6 to 15), or None when it is none.

    ``0049 30 123`` and ``+49 (0)30 123`` are international; ``030 123`` lacks its country.
    """
    digits = _digits(text)
    if digits is None:
        return None
    if digits.startswith("00"):
        digits = digits[2:]
    elif not text.strip().startswith("+"):
        return None
    return f"+{digits}" if len(digits) in _PHONE_DIGITS and not digits.startswith("0") else None


def has_email(session: Session, email: str) -> ColumnElement[bool]:
    """The condition that a customer has this e-mail address, however it is typed.

    The whole address: the store cannot compare parts of what it keeps encrypted.
    """
    return matches(session, Customer.email_index, normalise_email(email))


def has_phone(session: Session, phone: str) -> ColumnElement[bool]:
    """The condition that a customer has this phone number, typed with its country code."""
    return matches(session, Customer.phone_index, normalise_phone(phone))


def same_contact(given: str, *, email: str | None, phone: str | None) -> bool:
    """Whether ``given`` is this e-mail address or this phone number, in constant time.

    A national number (``0151 …``) matches an international one that differs by a country code of
    one to three digits.
    """
    as_email = normalise_email(given) or ""
    same_email = hmac.compare_digest(as_email.encode(), (email or "-").strip().lower().encode())
    stored = (phone or "-").strip()
    as_phone = normalise_phone(given) or _with_country_of(stored, given) or ""
    same_phone = hmac.compare_digest(as_phone.encode(), stored.encode())
    return same_email or same_phone


def contact_key(given: str) -> str:
    """The same for all ways of typing one contact, to count by; not unique among phone numbers."""
    email = normalise_email(given)
    if email is not None:
        return email
    digits = re.sub(r"[^0-9]", "", given)
    return digits[-_PHONE_DIGITS.start :] or given.strip().lower()


def _with_country_of(stored: str, given: str) -> str | None:
    digits = _digits(given)
    if digits is None or not digits.startswith("0") or digits.startswith("00"):
        return None
    national = digits[1:]
    country = stored[: len(stored) - len(national)]
    plausible = re.fullmatch(r"\+[1-9]\d{0,2}", country) is not None
    return country + national if plausible and len(national) in _PHONE_DIGITS else None


def _digits(text: str) -> str | None:
    text = text.strip()
    if not _PHONE.fullmatch(text):
        return None
    # "+49 (0)30": the bracketed zero is only dialled from within the country.
    if text.startswith(("+", "00")):
        text = text.replace("(0)", "")
    return re.sub(r"[^0-9]", "", text)
