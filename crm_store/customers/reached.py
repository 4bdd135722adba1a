"""Whom an e-mail address or a phone number reaches."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from crm_store.asking import Asker
from crm_store.customers.contacts import has_email, has_phone, normalise_email, normalise_phone
from crm_store.customers.scope import merged_from, readable
from crm_store.models import Customer

_MOST = 50


def reached_by(session: Session, q: str, *, asker: Asker) -> Sequence[Customer]:
    """The customers whom ``q`` as a whole reaches, the newest first.

    Contacts of records that were merged into theirs count. One look-up each, so that each takes
    its index; none for what can be no contact.
    """
    conditions: list[ColumnElement[bool]] = []
    if normalise_email(q):
        conditions.append(has_email(session, q))
    if normalise_phone(q):
        conditions.append(has_phone(session, q))
    found: dict[Customer, None] = {}
    for condition in conditions:
        for way in (condition, merged_from(condition)):
            statement = select(Customer).where(readable(asker), way)
            newest = statement.order_by(Customer.created_at.desc(), Customer.id.desc())
            found |= dict.fromkeys(session.scalars(newest.limit(_MOST)))
    return list(found)
