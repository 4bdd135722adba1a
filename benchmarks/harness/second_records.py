"""Customers with second records of some of them, corrupted as real sources do, and the truth.

The people are those of ``kefu db seed``. Nothing here is used by linkage itself.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import combinations
from uuid import UUID

import numpy as np

from crm_store.seeding.people import Person, Population
from foundation.ids import new_id

_SECOND_SHARE = 0.2  # of the records are second or third ones
_SPOUSES = 0.04  # of the people share a family name, telephone and home with another
_NAMESAKES = 0.01  # of the people are sons (or daughters) of the same name at home
_VERIFIED = 0.3  # of the people have their e-mail address verified by each source
_KEYS_BESIDE = "qwertzuiopasdfghjklyxcvbnm"
_TODAY = 20_000


@dataclass(frozen=True, slots=True)
class Record:
    """One record as a source has it; ``person`` is the truth."""

    id: UUID
    person: int
    name: str
    email: str | None
    phone: str | None
    street: str | None
    postal_code: str | None
    city: str | None
    email_verified: bool = False
    phone_verified: bool = False


def make_records(number: int, *, seed: int) -> list[Record]:
    """``number`` records in a random order."""
    rng = random.Random(seed)
    people = int(number * (1 - _SECOND_SHARE))
    drawn = Population().draw(np.random.default_rng(seed), first=0, number=people, today=_TODAY)
    records = [_first(index, person, rng) for index, person in enumerate(drawn)]
    records = _with_families(records, rng)
    firsts = list(records)
    while len(records) < number:
        records.append(_second(rng.choice(firsts), rng))
    rng.shuffle(records)
    return records


def true_pairs(records: list[Record]) -> set[frozenset[UUID]]:
    """Every pair of records of one person."""
    by_person: dict[int, list[UUID]] = {}
    for record in records:
        by_person.setdefault(record.person, []).append(record.id)
    return {frozenset(pair) for ids in by_person.values() for pair in combinations(ids, 2)}


def _first(index: int, person: Person, rng: random.Random) -> Record:
    return Record(
        id=new_id(),
        person=index,
        name=person.name,
        email=person.email,
        # The seed's numbers are of the few that reach nobody: strangers share them; not these.
        phone=f"{person.phone[:3]}1{rng.randrange(10**8, 10**9)}" if person.phone else None,
        street=person.street,
        postal_code=person.postal_code,
        city=person.city,
        email_verified=rng.random() < _VERIFIED,
    )


def _with_families(records: list[Record], rng: random.Random) -> list[Record]:
    """Some people become the spouse, or the namesake, of the person before them."""
    given_names = [record.name.split()[0] for record in records]
    out: list[Record] = []
    for record in records:
        draw = rng.random()
        if out and draw < _SPOUSES + _NAMESAKES:
            head = out[-1]
            same_name = draw < _NAMESAKES
            family = head.name.split()[-1]
            name = head.name if same_name else f"{rng.choice(given_names)} {family}"
            verified = same_name and head.phone is not None and rng.random() < 0.5
            if verified:
                out[-1] = replace(head, phone_verified=True)
            out.append(
                replace(
                    record,
                    name=name,
                    phone=head.phone,
                    street=head.street,
                    postal_code=head.postal_code,
                    city=head.city,
                    phone_verified=verified,
                )
            )
            continue
        out.append(record)
    return out


def _second(record: Record, rng: random.Random) -> Record:
    """The same person in another source."""
    changed = replace(record, id=new_id())
    for chance, change in _CHANGES:
        if rng.random() < chance:
            changed = change(changed, rng)
    same_email = changed.email == record.email
    return replace(
        changed,
        email_verified=record.email_verified and same_email and rng.random() < 0.7,
        phone_verified=False,
    )


def _typo(text: str, rng: random.Random) -> str:
    if len(text) < 3:
        return text
    at = rng.randrange(1, len(text) - 1)
    kind = rng.randrange(4)
    if kind == 0:
        return text[:at] + text[at + 1 :]
    if kind == 1:
        return text[:at] + text[at] + text[at:]
    if kind == 2:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return text[:at] + rng.choice(_KEYS_BESIDE) + text[at + 1 :]


def _mistyped_name(record: Record, rng: random.Random) -> Record:
    return replace(record, name=_typo(record.name, rng))


def _swapped_name(record: Record, rng: random.Random) -> Record:
    parts = record.name.split()
    comma = ", " if rng.random() < 0.5 else " "
    return replace(record, name=f"{parts[-1]}{comma}{' '.join(parts[:-1])}")


def _initial(record: Record, _rng: random.Random) -> Record:
    given, _, family = record.name.partition(" ")
    return replace(record, name=f"{given[0]}. {family}" if family else record.name)


def _other_email(record: Record, rng: random.Random) -> Record:
    return replace(record, email=f"user{rng.randrange(10**7)}@example.org")


def _mistyped_email(record: Record, rng: random.Random) -> Record:
    user, _, domain = (record.email or "").partition("@")
    return replace(record, email=f"{_typo(user, rng)}@{domain}") if user else record


def _no_email(record: Record, _rng: random.Random) -> Record:
    return replace(record, email=None)


def _no_phone(record: Record, _rng: random.Random) -> Record:
    return replace(record, phone=None)


def _other_phone(record: Record, rng: random.Random) -> Record:
    return replace(record, phone=f"+4930{rng.randrange(10**6, 10**7)}")


def _mistyped_phone(record: Record, rng: random.Random) -> Record:
    if not record.phone:
        return record
    at = rng.randrange(4, len(record.phone))
    return replace(
        record, phone=record.phone[:at] + str(rng.randrange(10)) + record.phone[at + 1 :]
    )


def _moved(record: Record, rng: random.Random) -> Record:
    return replace(
        record,
        street=f"Neue Straße {rng.randrange(1, 300)}",
        postal_code=f"{rng.randrange(10_000, 99_999)}",
        city=rng.choice(["Hamburg", "Köln", "Leipzig", "Wien", record.city or "Bonn"]),
    )


def _no_address(record: Record, _rng: random.Random) -> Record:
    return replace(record, street=None, postal_code=None, city=None)


def _mistyped_street(record: Record, rng: random.Random) -> Record:
    return replace(record, street=_typo(record.street, rng)) if record.street else record


_CHANGES: list[tuple[float, Callable[[Record, random.Random], Record]]] = [
    (0.20, _mistyped_name),
    (0.08, _swapped_name),
    (0.04, _initial),
    (0.25, _other_email),
    (0.08, _mistyped_email),
    (0.15, _no_email),
    (0.15, _other_phone),
    (0.05, _mistyped_phone),
    (0.20, _no_phone),
    (0.20, _moved),
    (0.10, _no_address),
    (0.12, _mistyped_street),
]
