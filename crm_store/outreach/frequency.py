"""How often a customer was approached of late: by campaigns, and by messages of their own kind."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm_store.models import CampaignMember, CampaignTouch, OutreachMessage

MOST = 2
WITHIN_DAYS = 7
"""For what belongs to no campaign: the limit that campaigns have by default."""


def times_approached(session: Session, customer_id: UUID, *, since: datetime) -> int:
    """How often anybody approached the customer since then; a campaign's chat counts once."""
    touches = (
        select(func.count())
        .select_from(CampaignTouch)
        .join(CampaignMember, CampaignMember.id == CampaignTouch.member_id)
        .where(CampaignMember.customer_id == customer_id, CampaignTouch.sent_at > since)
    )
    own = (
        select(func.count())
        .select_from(OutreachMessage)
        .where(
            OutreachMessage.customer_id == customer_id,
            OutreachMessage.delivered_at > since,
            OutreachMessage.touch_id.is_(None),
        )
    )
    return (session.scalar(touches) or 0) + (session.scalar(own) or 0)
