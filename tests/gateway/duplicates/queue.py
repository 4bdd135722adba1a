"""Pairs that wait for a decision, for tests of the screen and of the API."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from crm_store.merging.pairs import in_order
from crm_store.models import DuplicatePair, Identity
from foundation.clock import utc_now
from tests.factories import make_customer, make_order

LEVELS = {
    "given": ("same", 6.9, 0.4),
    "family": ("same", 6.7, 2.3),
    "email": ("different", -3.4, 0.0),
    "phone": ("same", 13.2, 0.0),
    "address": ("nearly_same", 9.8, 0.0),
}
MARTA = {
    "name": "Marta Lindqvist",
    "email": "marta@example.com",
    "phone": "+46701234567",
    "street": "Storgatan 5",
    "postal_code": "11122",
    "city": "Stockholm",
    "country": "SE",
}


def make_pair(
    session: Session,
    first: dict[str, Any] | None = None,
    second: dict[str, Any] | None = None,
    **given: Any,
) -> DuplicatePair:
    """Two records of Marta, the second with another e-mail address; the first has an order."""
    one = make_customer(session, **MARTA | (first or {}))
    other = make_customer(
        session,
        **MARTA | {"email": "m.lindqvist@example.org", "street": "Storg. 5"} | (second or {}),
    )
    make_order(session, one)
    smaller, larger = in_order(one.id, other.id)
    reasons = {
        "prior": -14.3,
        "comparisons": [
            {"field": field, "level": level, "bits": bits, "rarity_bits": rare}
            for field, (level, bits, rare) in LEVELS.items()
        ],
        "evidence": [],
    }
    values = {"score": 0.9987, "certain": False, "reasons": reasons}
    pair = DuplicatePair(first_id=smaller, second_id=larger, **values | given)
    session.add(pair)
    session.flush()
    return pair


def vouch(session: Session, customer_id: UUID, email: str) -> None:
    """Let a log-in say that the address is the customer's."""
    session.add(
        Identity(
            customer_id=customer_id,
            channel="site:demo-shop",
            subject=str(customer_id),
            verified_at=utc_now(),
            verified_email=email,
        )
    )
    session.flush()
