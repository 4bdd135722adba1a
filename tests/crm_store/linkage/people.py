"""A shop's customers with second records of some of them, for tests of linkage."""

import random
from uuid import UUID

from sqlalchemy.orm import Session

from crm_store.models import Identity
from foundation.clock import utc_now
from tests.factories import make_customer

GIVEN = ["Anna", "Jonas", "Marta", "Piotr", "Lena", "Omar", "Sofia", "Henrik", "Ayşe", "Luca"]
FAMILY = ["Meier", "Kowalski", "Rossi", "Lindqvist", "Yılmaz", "Okafor", "Novák", "Dubois"]


def make_people(session: Session, number: int, *, seed: int = 1) -> list[UUID]:
    """Different people with addresses of their own."""
    rng = random.Random(seed)
    made = []
    for index in range(number):
        given, family = rng.choice(GIVEN), rng.choice(FAMILY)
        made.append(
            make_customer(
                session,
                name=f"{given} {family}",
                email=f"{given}.{family}{index}@example.com".lower()
                .encode("ascii", "ignore")
                .decode(),
                phone=f"+4930{1_000_000 + index * 7_919}",
                street=f"Lindenweg {index}",
                postal_code=f"{10_000 + rng.randrange(400)}",
                city=rng.choice(["Berlin", "Potsdam"]),
            ).id
        )
    return made


def vouch(session: Session, customer_id: UUID, *, email: str, subject: str) -> None:
    """Let a shop's log-in say that the customer reads mail at this address."""
    session.add(
        Identity(
            customer_id=customer_id,
            channel="site:test",
            subject=subject,
            verified_at=utc_now(),
            verified_email=email,
        )
    )
    session.flush()
