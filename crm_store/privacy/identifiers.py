"""What names a person, by kind: for tombstones, and for the search after an erasure."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from crm_store.customers.contacts import normalise_email, normalise_phone
from crm_store.models import Customer, Identity

_TOO_SHORT = 5
"""Shorter than this, a text is found where nobody means the person."""


@dataclass(frozen=True, slots=True)
class Identifiers:
    """A person's, over all records that were merged into one."""

    customer_ids: tuple[str, ...]
    external_ids: tuple[str, ...]
    emails: tuple[str, ...]
    phones: tuple[str, ...]
    identities: tuple[str, ...]
    names: tuple[str, ...]
    streets: tuple[str, ...]

    @property
    def by_kind(self) -> list[tuple[str, str]]:
        """What a tombstone is set for: kind and value."""
        return [
            *(("customer", value) for value in self.customer_ids),
            *(("external_id", value) for value in self.external_ids),
            *(("email", value) for value in self.emails),
            *(("phone", value) for value in self.phones),
            *(("identity", value) for value in self.identities),
        ]

    @property
    def certain(self) -> tuple[str, ...]:
        """Texts that mean this person wherever they stand."""
        subjects = (value.partition("\0")[2] for value in self.identities)
        return _distinct((*self.emails, *self.phones, *self.external_ids, *subjects))

    @property
    def possible(self) -> tuple[str, ...]:
        """Texts that may mean somebody else: of the same name, or who lives there too."""
        return _distinct((*self.full_names, *self.streets))

    @property
    def full_names(self) -> tuple[str, ...]:
        """Names of at least two words."""
        return tuple(name for name in self.names if " " in name)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "Identifiers":
        """Back from JSON."""
        return cls(**{name: tuple(value) for name, value in values.items()})


def records_of(session: Session, customer_id: UUID) -> list[UUID]:
    """The keys of all records of one person: the customer, and those merged into them."""
    return list(
        session.scalars(
            select(Customer.id)
            .where(or_(Customer.id == customer_id, Customer.merged_into_id == customer_id))
            .order_by(Customer.id)
        )
    )


def identifiers_of(session: Session, records: Sequence[UUID]) -> Identifiers:
    """Everything that names the person."""
    people = session.scalars(select(Customer).where(Customer.id.in_(records))).all()
    channels = session.scalars(select(Identity).where(Identity.customer_id.in_(records))).all()
    return Identifiers(
        customer_ids=tuple(str(record) for record in records),
        external_ids=_given(person.external_id for person in people),
        emails=_given(
            [*(person.email for person in people), *(one.verified_email for one in channels)]
        ),
        phones=_given(
            [*(person.phone for person in people), *(one.verified_phone for one in channels)]
        ),
        identities=_given(identity_value(one.channel, one.subject) for one in channels),
        names=_given(person.name for person in people),
        streets=_given(person.street for person in people),
    )


def identity_value(channel: str, subject: str) -> str:
    """How a channel's identity is written as one text."""
    return f"{channel}\0{subject}"


def normalised(kind: str, value: str) -> str:
    """The one form of a value, so that every way of typing it has the same digest."""
    value = value.strip()
    if kind == "email":
        return normalise_email(value) or value.lower()
    if kind == "phone":
        return normalise_phone(value) or value
    return value


def _given(values: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if len(value) >= _TOO_SHORT))
