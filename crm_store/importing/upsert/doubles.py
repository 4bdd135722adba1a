"""New customers who share an address or a number with an earlier one, or with a known one.

By the blind indexes, without decrypting anything; linkage looks closer. While keys rotate,
customers under the older key are passed over.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from crm_store.crypto.lookup import required_keyring
from crm_store.crypto.sealed import index_of
from crm_store.importing.ahead import Made
from crm_store.importing.upsert.membership import by_index_alone, parts, present_among
from crm_store.models import Customer

_CONTACTS = ("email", "phone")
Indexes = dict[str, list[str | None]]
"""By the contact's name, the blind index of each new customer's."""


def indexes_of(session: Session, people: Sequence[dict[str, Any]], made: Made | None) -> Indexes:
    """The indexes of people's contacts, as far as they were not made ahead of time."""
    ready = {} if made is None else indexes_made(made)
    keyring = required_keyring(session.get_bind().dialect)
    missing = [name for name in _CONTACTS if name not in ready]
    return ready | {
        name: keyring.index_all([one[name] for one in people], f"customers.{name}")
        for name in missing
    }


def indexes_made(made: Made) -> Indexes:
    """The indexes of contacts that were sealed ahead of time."""
    return {
        name: [None if form is None else index_of(form) for form in made.columns[name]]
        for name in _CONTACTS
        if name in made.columns
    }


def possible_duplicates(session: Session, indexes: Indexes) -> int:
    """How many of the new customers are doubtful, in the order of their keys.

    They are not written yet.
    """
    doubtful: set[int] = set()
    for name, values in indexes.items():
        having = [index for index in values if index is not None]
        known = _known(session, Customer.__table__.c[f"{name}_index"], having)
        shared = {index for index, times in Counter(having).items() if times > 1}
        if not known and not shared:
            continue
        for at, index in enumerate(values):
            if index in known:
                doubtful.add(at)
            elif index in shared:
                known.add(index)  # the first to have it
    return len(doubtful)


def _known(session: Session, column: Any, indexes: list[str]) -> set[str | None]:
    with by_index_alone(session):
        return {
            index
            for part in parts(sorted(indexes))  # neighbours are on the same pages
            for index in session.scalars(present_among(session, column, part))
        }
