"""Who is in which segment now: counted, for people are merged and erased between two runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Subquery, func, select
from sqlalchemy.orm import Session

from crm_store.customers.survivors import Survivors
from crm_store.models import Segment, SegmentMembership


@dataclass(frozen=True, slots=True)
class SegmentInForce:
    """A segment with the number of customers in it now.

    Attributes:
        profile: the means of its features in their own units, as the run found them.
    """

    id: UUID
    name: str
    description: str
    size: int
    profile: dict[str, Any]


def segment_members() -> Subquery:
    """``segment_id`` and ``customer_id``: a merged customer once, under whom they became."""
    who = Survivors(SegmentMembership.customer_id)
    members = select(SegmentMembership.segment_id, who.id.label("customer_id"))
    return who.of(members.select_from(SegmentMembership).distinct()).subquery()


def segments_in_force(session: Session) -> Sequence[SegmentInForce]:
    """The segments, the largest first; one whose last member has gone counts none."""
    members = segment_members()
    counted = (
        select(members.c.segment_id, func.count().label("size"))
        .group_by(members.c.segment_id)
        .subquery()
    )
    size = func.coalesce(counted.c.size, 0)
    rows = session.execute(
        select(Segment.id, Segment.name, Segment.description, size, Segment.profile)
        .outerjoin(counted, counted.c.segment_id == Segment.id)
        .order_by(size.desc(), Segment.name)
    )
    return [SegmentInForce(*row) for row in rows]
