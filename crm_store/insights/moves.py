"""Customers who move from one segment to another."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from crm_store.insights.repository import values_of
from crm_store.models import Interaction, InteractionKind, Segment, SegmentMembership
from foundation.ids import new_id

_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Move:
    """A customer was in one segment and is in another, by their names."""

    customer_id: UUID
    before: str
    now: str


class SegmentMoves:
    """Puts memberships in force, a thousand at a time, and writes each move on the timeline."""

    def __init__(
        self,
        session: Session,
        segments: Sequence[Segment],
        at: datetime,
        *,
        watched: Callable[[str], bool],
    ) -> None:
        """Args:
        session: the caller's transaction.
        segments: those that come into force.
        at: when they were found.
        watched: whether moves to a segment of this name are kept in ``seen``.
        """
        self.seen: list[Move] = []
        self._watched = watched
        self._session = session
        self._names = {segment.id: segment.name for segment in segments}
        self._at = at

    def put(self, memberships: Iterable[SegmentMembership]) -> None:
        """Each customer is in the segment given from now on."""
        left = iter(memberships)
        while some := list(islice(left, _AT_ONCE)):
            before = self._before([row.customer_id for row in some])
            self._session.execute(
                delete(SegmentMembership)
                .where(SegmentMembership.customer_id.in_(before))
                .execution_options(synchronize_session=False)
            )
            self._session.execute(insert(SegmentMembership), [values_of(row) for row in some])
            moves = [
                Move(row.customer_id, before[row.customer_id], self._names[row.segment_id])
                for row in some
                if before.get(row.customer_id, self._names[row.segment_id])
                != self._names[row.segment_id]
            ]
            if moves:
                self._session.execute(insert(Interaction), [self._told(move) for move in moves])
                self.seen += [move for move in moves if self._watched(move.now)]

    def _before(self, customer_ids: list[UUID]) -> dict[UUID, str]:
        rows = self._session.execute(
            select(SegmentMembership.customer_id, Segment.name)
            .join(Segment, Segment.id == SegmentMembership.segment_id)
            .where(SegmentMembership.customer_id.in_(customer_ids))
        )
        return {row.customer_id: row.name for row in rows}

    def _told(self, move: Move) -> dict[str, object]:
        return {
            "id": new_id(),
            "customer_id": move.customer_id,
            "kind": InteractionKind.SCORE,
            "at": self._at,
            "summary": f"Now in the segment {move.now}, before in {move.before}",
            "data": {"event": "segment", "from": move.before, "to": move.now},
        }
