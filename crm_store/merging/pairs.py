"""What a merge means for the pairs that wait for a decision, and for those decided.

Asked is about people: a pair of the record that goes is from now on a pair of the one that stays,
and a "not the same" said of either holds.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import Table, or_, select
from sqlalchemy.orm import Session

from crm_store.merging.fold import Fold
from crm_store.models import DuplicatePair, PairStatus
from crm_store.writes import insert_missing
from foundation.clock import utc_now
from foundation.ids import new_id

PAIRS = "duplicate_pairs"
_DECISION = ("status", "decided_by", "decided_at", "updated_at")


def in_order(one: UUID, other: UUID) -> tuple[UUID, UUID]:
    """The two keys as a pair is stored."""
    return (one, other) if one < other else (other, one)


def follow_merge(
    session: Session, fold: Fold, *, loser: UUID, winner: UUID, decided_by: UUID | None
) -> None:
    """Bring the loser's pairs to the winner, noting each step in ``fold``."""
    table = DuplicatePair.__table__
    assert isinstance(table, Table)
    mine = session.execute(
        select(table)
        .where(
            or_(table.c.first_id == loser, table.c.second_id == loser),
            table.c.status != PairStatus.MERGED,
        )
        .order_by(table.c.id)
    ).mappings()
    for pair in [dict(row) for row in mine.all()]:
        other = pair["second_id"] if pair["first_id"] == loser else pair["first_id"]
        if other == winner:
            _decide(fold, table, pair, PairStatus.MERGED, decided_by)
            continue
        first, second = in_order(winner, other)
        there = session.execute(
            select(table).where(table.c.first_id == first, table.c.second_id == second)
        ).mappings()
        standing = there.one_or_none()
        if standing is None:
            before = {"first_id": pair["first_id"], "second_id": pair["second_id"]}
            fold.set_values(table, pair["id"], before, {"first_id": first, "second_id": second})
            continue
        if pair["status"] is PairStatus.REJECTED and standing["status"] is PairStatus.OPEN:
            _decide(fold, table, dict(standing), PairStatus.REJECTED, pair["decided_by"])
        fold.remove(table, pair)


def refuse_pair(session: Session, one: UUID, other: UUID, *, decided_by: UUID | None) -> None:
    """Write down that the two are not the same person, whether or not somebody had asked."""
    first, second = in_order(one, other)
    now = utc_now()
    decision = {"status": PairStatus.REJECTED, "decided_by": decided_by, "decided_at": now}
    row = {
        "id": new_id(),
        "first_id": first,
        "second_id": second,
        "score": 0.0,
        "certain": False,
        "reasons": {"evidence": ["merge_undone"]},
        "created_at": now,
        "updated_at": now,
        **decision,
    }
    if insert_missing(session, DuplicatePair, [row], on=("first_id", "second_id")):
        return
    pair = session.scalars(
        select(DuplicatePair)
        .where(DuplicatePair.first_id == first, DuplicatePair.second_id == second)
        .execution_options(populate_existing=True)
    ).one()
    for field, value in decision.items():
        setattr(pair, field, value)
    session.flush()


def _decide(
    fold: Fold, table: Table, pair: dict[str, Any], status: PairStatus, decided_by: UUID | None
) -> None:
    now = utc_now()
    decision = {"status": status, "decided_by": decided_by, "decided_at": now, "updated_at": now}
    fold.set_values(table, pair["id"], {name: pair[name] for name in _DECISION}, decision)
