"""Tombstones: a restore or an old file must not bring an erased person back.

What is kept are keyed digests (HMAC under the signing keys): from them nobody can be found, but of
somebody who stands in an import or a restored database it can be told that they were erased.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from crm_store.audit.recording import keys_of
from crm_store.customers.contacts import has_email, has_phone
from crm_store.models import Customer, Tombstone
from crm_store.privacy.identifiers import Identifiers, normalised
from crm_store.writes import insert_missing
from foundation.clock import utc_now
from foundation.ids import new_id

_BATCH = 1_000
_STRONG = ("customer", "external_id")
"""Kinds that name one person; an e-mail address or a phone may be shared."""


def set_tombstones(
    session: Session, identifiers: Identifiers, *, erasure_id: UUID, at: datetime
) -> list[Tombstone]:
    """Set them for everything that names the person; doing it again changes nothing."""
    keys = keys_of(session)
    values = [
        {
            "id": new_id(),
            "erasure_id": erasure_id,
            "kind": kind,
            "digest": _digest(session, keys.newest, kind, value),
            "erased_at": at,
        }
        for kind, value in identifiers.by_kind
    ]
    insert_missing(session, Tombstone, values, on=("kind", "digest"))
    # Somebody who came back and goes again: the later erasure counts.
    session.execute(
        update(Tombstone)
        .where(
            Tombstone.digest.in_([row["digest"] for row in values]),
            Tombstone.lifted_at.is_not(None),
        )
        .values(erasure_id=erasure_id, erased_at=at, lifted_at=None)
        .execution_options(synchronize_session=False)
    )
    return list(
        session.scalars(
            select(Tombstone)
            .where(Tombstone.erasure_id == erasure_id)
            .execution_options(populate_existing=True)
        )
    )


def is_erased(
    session: Session,
    *,
    external_id: str | None = None,
    email: str | None = None,
    phone: str | None = None,
) -> str | None:
    """By which of these a person is known to have been erased: its name, or None.

    An e-mail address or phone number that a living customer has too says nothing: families share
    them.
    """
    given = {"external_id": external_id, "email": email, "phone": phone}
    wanted = {
        digest: kind
        for kind, value in given.items()
        if value
        for digest in _digests(session, kind, value)
    }
    if not wanted:
        return None
    found = {
        wanted[digest]
        for digest in session.scalars(
            select(Tombstone.digest).where(
                Tombstone.digest.in_(wanted), Tombstone.lifted_at.is_(None)
            )
        )
    }
    if "external_id" in found:
        return "external_id"
    for kind, alive in (("email", has_email), ("phone", has_phone)):
        value = given[kind]
        if kind not in found or value is None:
            continue
        if session.scalar(select(Customer.id).where(alive(session, value)).limit(1)) is None:
            return kind
    return None


def erased_among(session: Session, people: Sequence[Mapping[str, str | None]]) -> set[int]:
    """The places of those who are known to have been erased, as ``is_erased`` tells for one.

    Args:
        session: the transaction.
        people: each with ``external_id``, ``email`` and ``phone`` where it is known.
    """
    if session.scalar(select(Tombstone.id).where(Tombstone.lifted_at.is_(None)).limit(1)) is None:
        return set()
    places: dict[str, list[int]] = {}
    for at, person in enumerate(people):
        for kind in ("external_id", "email", "phone"):
            if value := person.get(kind):
                for digest in _digests(session, kind, value):
                    places.setdefault(digest, []).append(at)
    digests, suspected = list(places), set[int]()
    for start in range(0, len(digests), _BATCH):
        for digest in session.scalars(
            select(Tombstone.digest).where(
                Tombstone.digest.in_(digests[start : start + _BATCH]),
                Tombstone.lifted_at.is_(None),
            )
        ):
            suspected.update(places[digest])
    # Whether a shared address says anything is told one by one; few come so far.
    return {
        at
        for at in suspected
        if is_erased(
            session,
            external_id=people[at].get("external_id"),
            email=people[at].get("email"),
            phone=people[at].get("phone"),
        )
    }


def lift_tombstones(session: Session, identifiers: Identifiers) -> int:
    """The person came back by themselves: from now on they are a customer like any other.

    What a backup knows of them from before stays erased: ``erased_before`` goes by time.
    """
    digests = [
        digest for kind, value in identifiers.by_kind for digest in _digests(session, kind, value)
    ]
    lifted = session.execute(
        update(Tombstone)
        .where(Tombstone.digest.in_(digests), Tombstone.lifted_at.is_(None))
        .values(lifted_at=utc_now())
        .returning(Tombstone.id)
        .execution_options(synchronize_session=False)
    )
    return len(lifted.all())


def erased_before(session: Session) -> Iterator[UUID]:
    """Customers in the database who were there before they were erased: a restore put them back."""
    stones = {
        stone.digest: stone.erased_at
        for stone in session.scalars(select(Tombstone).where(Tombstone.kind.in_(_STRONG)))
    }
    if not stones:
        return
    people = select(Customer.id, Customer.external_id, Customer.created_at).where(
        Customer.merged_into_id.is_(None)
    )
    for customer_id, external_id, created_at in session.execute(
        people.execution_options(yield_per=_BATCH)
    ):
        digests = _digests(session, "customer", str(customer_id))
        if external_id:
            digests += _digests(session, "external_id", external_id)
        if any(created_at < stones[digest] for digest in digests if digest in stones):
            yield customer_id


def add_known(session: Session, rows: Iterable[dict[str, str]]) -> int:
    """Take in tombstones that the ledger has and the database lacks; returns how many."""
    values = [
        {
            "id": new_id(),
            "erasure_id": UUID(row["erasure_id"]),
            "kind": row["kind"],
            "digest": row["digest"],
            "erased_at": datetime.fromisoformat(row["erased_at"]),
        }
        for row in rows
    ]
    return sum(
        insert_missing(session, Tombstone, values[at : at + 100], on=("kind", "digest"))
        for at in range(0, len(values), 100)
    )


def _digests(session: Session, kind: str, value: str) -> list[str]:
    return [_digest(session, key_id, kind, value) for key_id in keys_of(session).ids]


def _digest(session: Session, key_id: str, kind: str, value: str) -> str:
    content = f"tombstone\0{kind}\0{normalised(kind, value)}".encode()
    return keys_of(session).seal(key_id, content)
