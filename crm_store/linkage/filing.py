"""Writing found pairs into the queue: what was decided stays decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, tuple_
from sqlalchemy.orm import Session

from crm_store.linkage.engine import ScoredPair
from crm_store.models import Customer, DuplicatePair, PairStatus
from foundation.clock import utc_now
from foundation.ids import new_id


@dataclass(slots=True)
class Filed:
    """What became of pairs that were found.

    Attributes:
        new: pairs that nobody had seen.
        seen: pairs that wait already; their scores are the new ones now.
        decided: pairs on which somebody, or a merge, has decided.
    """

    new: int = 0
    seen: int = 0
    decided: int = 0


def file_pairs(
    session: Session, pairs: Sequence[ScoredPair], *, certain: float, counts: Filed
) -> None:
    """Queue the pairs whose customers still stand.

    Args:
        session: where to write.
        pairs: a batch of them.
        certain: the probability from which hard evidence makes a pair certain.
        counts: where to count.
    """
    standing = _hold_standing(session, pairs)
    wanted = {
        (one.first, one.second): one
        for one in pairs
        if one.first in standing and one.second in standing
    }
    if not wanted:
        return
    there = session.scalars(
        select(DuplicatePair)
        .where(tuple_(DuplicatePair.first_id, DuplicatePair.second_id).in_(list(wanted)))
        .with_for_update()
    )
    for pair in there:
        found = wanted.pop((pair.first_id, pair.second_id))
        if pair.status is not PairStatus.OPEN:
            counts.decided += 1
            continue
        counts.seen += 1
        pair.score, pair.reasons = found.score, found.reasons
        pair.certain = is_certain(found, certain)
        pair.updated_at = utc_now()
    for found in wanted.values():
        counts.new += 1
        session.add(
            DuplicatePair(
                id=new_id(),
                first_id=found.first,
                second_id=found.second,
                score=found.score,
                certain=is_certain(found, certain),
                reasons=found.reasons,
            )
        )
    session.flush()


def is_certain(pair: ScoredPair, threshold: float) -> bool:
    """Whether the two may be merged without a person: a high score alone never suffices."""
    return pair.score >= threshold and bool(pair.evidence)


def withdraw_unseen(session: Session, *, since: datetime) -> int:
    """Take back open pairs that a search of everything did not find again."""
    gone = session.execute(
        delete(DuplicatePair)
        .where(DuplicatePair.status == PairStatus.OPEN, DuplicatePair.updated_at < since)
        .returning(DuplicatePair.id)
    )
    return len(gone.all())


def _hold_standing(session: Session, pairs: Sequence[ScoredPair]) -> set[object]:
    ids = {one for pair in pairs for one in (pair.first, pair.second)}
    return set(
        session.scalars(
            select(Customer.id)
            .where(Customer.id.in_(ids), Customer.merged_into_id.is_(None))
            .order_by(Customer.id)
            .with_for_update(read=True, key_share=True)
        )
    )
