"""Merging certain pairs without a person, each in a transaction of its own."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from crm_store.asking import AsSystem
from crm_store.customers.errors import CustomerNotFound
from crm_store.database import Database
from crm_store.merging.errors import SameCustomer
from crm_store.merging.holding import done_whole
from crm_store.merging.service import CERTAIN, MergeService
from crm_store.models import Customer, DuplicatePair, Identity, PairStatus

_AS_LINKAGE = AsSystem("merge of certain duplicates")


def merge_certain(database: Database, *, progress: Callable[[str, int, int | None], None]) -> int:
    """Merge every certain pair that waits; says how many it merged."""
    with database.reading() as session:
        waiting = session.scalars(
            select(DuplicatePair.id)
            .where(DuplicatePair.status == PairStatus.OPEN, DuplicatePair.certain)
            .order_by(DuplicatePair.score.desc(), DuplicatePair.id)
        ).all()
    merged = 0
    for done, pair_id in enumerate(waiting, start=1):
        merged += done_whole(database, partial(_merge, pair_id=pair_id))
        progress("merging certain duplicates", done, len(waiting))
    return merged


def survivor_first(session: Session, one: UUID, other: UUID) -> tuple[UUID, UUID]:
    """Which record to keep: the one that a channel vouches for, else the older one."""
    rows = session.execute(
        select(
            Customer.id,
            Customer.created_at,
            exists().where(Identity.customer_id == Customer.id, Identity.verified_at.is_not(None)),
        ).where(Customer.id.in_([one, other]))
    ).all()
    ranked = sorted(rows, key=lambda row: (not row[2], row[1], row[0]))
    if len(ranked) < 2:
        raise CustomerNotFound
    return ranked[0][0], ranked[1][0]


def _merge(session: Session, pair_id: UUID) -> bool:
    pair = session.get(DuplicatePair, pair_id)
    if pair is None or pair.status is not PairStatus.OPEN or not pair.certain:
        return False  # a merge before this one, or a person, has settled it
    survivor, loser = survivor_first(session, pair.first_id, pair.second_id)
    try:
        MergeService(session).merge(survivor, loser, asker=_AS_LINKAGE, how=CERTAIN)
    except (SameCustomer, CustomerNotFound):
        return False
    return True
