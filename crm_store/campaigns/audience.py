"""Whom a campaign could approach: the segments, and who in them allows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm_store.asking import Asker
from crm_store.campaigns.touching import PURPOSES
from crm_store.insights.members import segment_members
from crm_store.models import CampaignChannel, Segment
from crm_store.permissions import Permission, require
from crm_store.privacy.consent import allowing


@dataclass(frozen=True, slots=True)
class Audience:
    """A segment: the customers in it now, and those who allow marketing by the channel."""

    segment_id: UUID
    name: str
    description: str
    customers: int
    allowing: int


def audiences(session: Session, channel: CampaignChannel, *, asker: Asker) -> Sequence[Audience]:
    """The segments in force, the largest first.

    Raises:
        NotAllowed: the asker may not read sales.
    """
    require(asker, Permission.SALES_READ)
    members = segment_members()
    allowed = allowing(session, members.c.customer_id, PURPOSES[channel])
    customers = func.count(members.c.customer_id)
    rows = session.execute(
        select(
            Segment.id,
            Segment.name,
            Segment.description,
            customers,
            func.count(members.c.customer_id).filter(allowed),
        )
        .join(members, members.c.segment_id == Segment.id)
        .group_by(Segment.id, Segment.name, Segment.description)
        .order_by(customers.desc(), Segment.name)
    )
    return [Audience(*row) for row in rows]
