"""Accounts that were disabled and keys that were revoked: neither begins again, and so a restore of
an older backup must not bring them back. They are carried in the ledger of erasures.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from crm_store.models import ApiKey, User

_INFO = "kefu_ended_access"


class Access(StrEnum):
    USER = "user"
    API_KEY = "api_key"


@dataclass(frozen=True, slots=True)
class Ended:
    """An account or a key, and since when it opens nothing."""

    kind: Access
    id: UUID
    at: datetime


def note_ended(session: Session, kind: Access, row_id: UUID, at: datetime) -> None:
    """It ends with this transaction; ``Database.transaction`` writes it down after the commit."""
    session.info.setdefault(_INFO, []).append(Ended(kind, row_id, at))


def noted(session: Session) -> Sequence[Ended]:
    """What ended in the transaction."""
    ended: list[Ended] = session.info.get(_INFO, [])
    return ended


def all_ended(session: Session) -> list[Ended]:
    """Every account and key of the store that has ended."""
    users = select(User.id, User.disabled_at).where(User.disabled_at.is_not(None))
    keys = select(ApiKey.id, ApiKey.revoked_at).where(ApiKey.revoked_at.is_not(None))
    return [
        Ended(kind, row_id, at)
        for kind, rows in ((Access.USER, users), (Access.API_KEY, keys))
        for row_id, at in session.execute(rows)
        if at is not None
    ]


def end_again(session: Session, ended: Iterable[Ended]) -> int:
    """End what a restore has brought back; returns how many."""
    again = 0
    for one in ended:
        if one.kind is Access.USER:
            statement = (
                update(User)
                .where(User.id == one.id, User.disabled_at.is_(None))
                .values(disabled_at=one.at)
                .returning(User.id)
            )
        else:
            statement = (
                update(ApiKey)
                .where(ApiKey.id == one.id, ApiKey.revoked_at.is_(None))
                .values(revoked_at=one.at)
                .returning(ApiKey.id)
            )
        again += len(session.execute(statement).all())
    return again
