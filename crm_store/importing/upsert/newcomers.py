"""Batches of nobody but new customers, written by columns."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from crm_store.crypto.lookup import keyring_of
from crm_store.importing.ahead import Made
from crm_store.importing.upsert.base import Outcome
from crm_store.importing.upsert.consents import grant_to_new
from crm_store.importing.upsert.doubles import indexes_made, possible_duplicates
from crm_store.importing.upsert.loading import insert_columns
from crm_store.importing.upsert.membership import by_index_alone, parts, present_among
from crm_store.models import Customer, Purpose
from foundation.clock import utc_now


def add_newcomers(session: Session, made: Made) -> Outcome | None:
    """Add a batch's people if nobody of them is known.

    Args:
        session: the transaction; nobody of the batch is known to have been erased.
        made: of the batch.

    Returns:
        What it came to; None where rows have to be looked at one by one, and nothing was done.
    """
    found, keyring = made.newcomers, keyring_of(session.get_bind().dialect)
    if found is None or keyring is None:
        return None
    if made.sealed and made.key_id != keyring.newest.id:
        return None
    if _is_known(session, found.columns["external_id"]):
        return None
    now, ids = utc_now(), found.columns["id"]
    given = {"created_at": [now] * len(ids), "updated_at": [now] * len(ids), **found.columns}
    doubles = possible_duplicates(session, indexes_made(made))
    insert_columns(session, Customer, given, made=Made(found.columns, made.words))
    grant_to_new(session, [ids[at] for at in found.newsletter], Purpose.MARKETING_EMAIL, now)
    return Outcome(created=len(ids), possible_duplicates=doubles)


def _is_known(session: Session, keys: Sequence[str]) -> bool:
    column = Customer.__table__.c.external_id
    with by_index_alone(session):
        return any(
            session.scalar(present_among(session, column, part).limit(1)) is not None
            for part in parts(keys)
        )
