"""A customer as linkage compares them: few fields, each in one form."""

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

import phonenumbers

from crm_store.customers.contacts import normalise_email, normalise_phone
from crm_store.linkage.names import fold, read_name

# What people write for "street" in an address, long and short.
_STREET_WORDS = re.compile(r"(?:straße|strasse|street|str|st|avenue|av|ave|road|rd)\b\.?")
_HOUSE_NUMBER = re.compile(r"\d+\s?[a-z]?\b")
_SEPARATOR = "\n"  # no e-mail address or telephone number has one


@dataclass(frozen=True, slots=True)
class LinkRecord:
    """One customer's row in the table that Splink works on; every field but ``id`` may be None.

    ``vouched_emails`` and ``vouched_phones`` are the contacts that a channel vouches for, a line
    each: hard evidence, which the model itself does not see.
    """

    id: str
    is_new: bool
    given: str | None
    given_root: str | None
    family: str | None
    name_key: str | None
    generation: str | None
    email: str | None
    email_user: str | None
    email_digits: str | None
    phone: str | None
    street: str | None
    postal_code: str | None
    city: str | None
    vouched_emails: str | None
    vouched_phones: str | None

    def as_row(self) -> dict[str, Any]:
        """The fields by name."""
        return asdict(self)


def make_record(
    customer_id: UUID,
    *,
    name: str,
    email: str | None = None,
    phone: str | None = None,
    street: str | None = None,
    postal_code: str | None = None,
    city: str | None = None,
    vouched_emails: Iterable[str] = (),
    vouched_phones: Iterable[str] = (),
    is_new: bool = True,
) -> LinkRecord:
    """A customer's fields, each in the form in which it is compared."""
    read = read_name(name)
    address = normalise_email(email or "")
    user = address.rpartition("@")[0] if address else ""
    return LinkRecord(
        id=customer_id.hex,
        is_new=is_new,
        given=read.given,
        given_root=read.given_root,
        family=read.family,
        name_key=read.key,
        generation=read.generation,
        email=address,
        email_user=user or None,
        email_digits=re.sub(r"\D", "", user) if user else None,
        phone=national_number(phone),
        street=_street(street),
        postal_code=_postal_code(postal_code),
        city=fold(city or "") or None,
        vouched_emails=_lines(normalise_email(one) for one in vouched_emails),
        vouched_phones=_lines(normalise_phone(one) for one in vouched_phones),
    )


def in_common(one: str | None, other: str | None) -> bool:
    """Whether two ``vouched_…`` fields share a contact."""
    return bool(set((one or "").split(_SEPARATOR)) & set((other or "").split(_SEPARATOR)) - {""})


def national_number(phone: str | None) -> str | None:
    """The number without its country: systems differ in whether they keep it."""
    if not phone:
        return None
    try:
        number = phonenumbers.parse(phone, None)
    except phonenumbers.NumberParseException:
        digits = re.sub(r"\D", "", phone).lstrip("0")
        return digits if len(digits) >= 5 else None
    return str(number.national_number)


def _street(text: str | None) -> str | None:
    lowered = (text or "").casefold()
    number = _HOUSE_NUMBER.search(lowered)
    words = fold(_STREET_WORDS.sub(" st ", _HOUSE_NUMBER.sub(" ", lowered)))
    return f"{words} {number[0].replace(' ', '') if number else ''}".strip() or None


def _postal_code(text: str | None) -> str | None:
    return re.sub(r"[^0-9a-z]", "", (text or "").casefold()) or None


def _lines(contacts: Iterable[str | None]) -> str | None:
    return _SEPARATOR.join(sorted({one for one in contacts if one})) or None
