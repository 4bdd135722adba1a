"""The SQL about campaigns, their members and touches."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlalchemy.orm import Session, aliased

from crm_store.customers.survivors import Survivors
from crm_store.lists import ListQuery, SortKey, Sorts
from crm_store.models import (
    Campaign,
    CampaignChannel,
    CampaignMember,
    CampaignStatus,
    CampaignTouch,
    Customer,
    Lead,
    SegmentMembership,
    TouchStatus,
)
from crm_store.outreach.frequency import times_approached
from crm_store.pages import Page
from crm_store.texts import storable
from crm_store.writes import insert_missing
from foundation.ids import new_id

_AT_ONCE = 500
CAMPAIGN_SORTS = Sorts(
    {
        "name": SortKey(func.lower(Campaign.name), str),
        "created_at": SortKey(Campaign.created_at, datetime),
        "updated_at": SortKey(Campaign.updated_at, datetime),
        "starts_at": SortKey(Campaign.starts_at, datetime, nullable=True),
    },
    default="-created_at",
    unique=Campaign.id,
)
MEMBER_SORTS = Sorts(
    {"created_at": SortKey(CampaignMember.created_at, datetime)},
    default="created_at",
    unique=CampaignMember.id,
)


@dataclass(frozen=True, slots=True)
class CampaignFilter:
    """What a campaign must be like; None and empty are no condition."""

    q: str | None = None
    status: Sequence[CampaignStatus] = ()
    channel: CampaignChannel | None = None
    owner: UUID | None = None
    unowned: bool = False


@dataclass(frozen=True, slots=True)
class Funnel:
    """How far a campaign came: members, and touches that reached each point."""

    members: int
    planned: int
    sent: int
    opened: int
    answered: int
    converted: int
    skipped: int


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member by name, with their newest touch."""

    member: CampaignMember
    name: str
    touch: CampaignTouch | None


class CampaignRepository:
    """Reads and writes campaigns; the service has checked who asks."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, campaign_id: UUID) -> Campaign | None:
        """The campaign."""
        return self._session.get(Campaign, campaign_id)

    def page(self, wanted: CampaignFilter, query: ListQuery) -> Page[Campaign]:
        """Campaigns that match every condition."""
        statement = select(Campaign)
        q = storable(wanted.q or "").strip().lower()
        if q:
            statement = statement.where(func.lower(Campaign.name).contains(q, autoescape=True))
        if wanted.status:
            statement = statement.where(Campaign.status.in_(wanted.status))
        if wanted.channel is not None:
            statement = statement.where(Campaign.channel == wanted.channel)
        if wanted.owner is not None:
            statement = statement.where(Campaign.owner_id == wanted.owner)
        if wanted.unowned:
            statement = statement.where(Campaign.owner_id.is_(None))
        return CAMPAIGN_SORTS.page(self._session, statement, query)

    def funnels(self, campaign_ids: Sequence[UUID]) -> dict[UUID, Funnel]:
        """How far these campaigns came; two queries for all of them."""
        members = dict(
            self._session.execute(
                select(CampaignMember.campaign_id, func.count())
                .where(CampaignMember.campaign_id.in_(campaign_ids))
                .group_by(CampaignMember.campaign_id)
            ).all()
        )
        rows = self._session.execute(
            select(
                CampaignMember.campaign_id,
                func.count(),
                func.count(CampaignTouch.sent_at),
                func.count(CampaignTouch.opened_at),
                func.count(CampaignTouch.answered_at),
                func.count(CampaignTouch.converted_at),
                func.count(CampaignTouch.skip_reason),
            )
            .join(CampaignTouch, CampaignTouch.member_id == CampaignMember.id)
            .where(CampaignMember.campaign_id.in_(campaign_ids))
            .group_by(CampaignMember.campaign_id)
        )
        touches = {row[0]: tuple(row[1:]) for row in rows}
        return {
            one: Funnel(members.get(one, 0), *touches.get(one, (0, 0, 0, 0, 0, 0)))
            for one in campaign_ids
        }

    def members(self, campaign_id: UUID, query: ListQuery) -> Page[MemberRow]:
        """The campaign's members with their newest touches."""
        later = aliased(CampaignTouch)
        newest = (
            select(later.id)
            .where(later.member_id == CampaignMember.id)
            .order_by(later.created_at.desc(), later.id.desc())
            .limit(1)
            .correlate(CampaignMember)
            .scalar_subquery()
        )
        statement = (
            select(CampaignMember, func.coalesce(Customer.name, Lead.name), CampaignTouch)
            .outerjoin(Customer, Customer.id == CampaignMember.customer_id)
            .outerjoin(Lead, Lead.id == CampaignMember.lead_id)
            .outerjoin(CampaignTouch, CampaignTouch.id == newest)
            .where(CampaignMember.campaign_id == campaign_id)
        )
        page = MEMBER_SORTS.page(self._session, statement, query)
        return page.map(lambda row: MemberRow(row[0], row[1], row[2]))

    def known(self, model: type[Customer] | type[Lead], ids: Sequence[UUID]) -> set[UUID]:
        """Those of the ids that name somebody."""
        return set(self._session.scalars(select(model.id).where(model.id.in_(ids))))

    def survivors(self, ids: Sequence[UUID]) -> list[UUID]:
        """Whom these customers are now, each once: a merged one is whom it was merged into."""
        rows = self._session.execute(
            select(Customer.id, func.coalesce(Customer.merged_into_id, Customer.id)).where(
                Customer.id.in_(ids)
            )
        )
        now = dict(rows.all())
        return list(dict.fromkeys(now[one] for one in ids if one in now))

    def segment(self, segment_id: UUID) -> Sequence[UUID]:
        """The customers who are in the segment now."""
        who = Survivors(SegmentMembership.customer_id)
        members = select(who.id).select_from(SegmentMembership).distinct()
        return self._session.scalars(
            who.of(members).where(SegmentMembership.segment_id == segment_id)
        ).all()

    def add_members(self, campaign_id: UUID, field: str, ids: Sequence[UUID], at: datetime) -> int:
        """Add people by ``customer_id`` or ``lead_id``; returns how many are new."""
        added = 0
        for start in range(0, len(ids), _AT_ONCE):
            rows: list[dict[str, Any]] = [
                {"id": new_id(), "campaign_id": campaign_id, field: one, "created_at": at}
                for one in ids[start : start + _AT_ONCE]
            ]
            added += insert_missing(self._session, CampaignMember, rows, on=("campaign_id", field))
        return added

    def remove_member(self, campaign_id: UUID, member_id: UUID) -> bool | None:
        """Take a member out, with what is planned for them; None where there is no such member.

        Returns:
            False where something was sent to them: they stay.
        """
        member = self._session.get(CampaignMember, member_id)
        if member is None or member.campaign_id != campaign_id:
            return None
        # Held, so that nothing is sent meanwhile.
        touches = self._session.scalars(
            select(CampaignTouch)
            .where(CampaignTouch.member_id == member_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        ).all()
        if any(touch.sent_at is not None for touch in touches):
            return False
        self._session.execute(delete(CampaignMember).where(CampaignMember.id == member_id))
        return True

    def without_plan(self, campaign_id: UUID) -> Sequence[tuple[UUID, UUID | None]]:
        """Members for whom no touch is planned, each with its customer."""
        planned = select(CampaignTouch.id).where(
            CampaignTouch.member_id == CampaignMember.id,
            CampaignTouch.status == TouchStatus.PLANNED,
        )
        rows = self._session.execute(
            select(CampaignMember.id, CampaignMember.customer_id)
            .where(CampaignMember.campaign_id == campaign_id, ~planned.exists())
            .order_by(CampaignMember.id)
        )
        return [(member_id, customer_id) for member_id, customer_id in rows]

    def touch(self, touch_id: UUID) -> tuple[CampaignTouch, CampaignMember, Campaign] | None:
        """The touch, held against other writers, with whom and what it is for."""
        found = self._session.execute(
            select(CampaignTouch, CampaignMember, Campaign)
            .join(CampaignMember, CampaignMember.id == CampaignTouch.member_id)
            .join(Campaign, Campaign.id == CampaignMember.campaign_id)
            .where(CampaignTouch.id == touch_id)
            .with_for_update(of=CampaignTouch)
            .execution_options(populate_existing=True)
        ).first()
        return (found[0], found[1], found[2]) if found else None

    def due(self, channel: CampaignChannel, now: datetime, limit: int) -> Sequence[UUID]:
        """Planned touches of running campaigns whose time has come, the oldest first."""
        return self._session.scalars(
            select(CampaignTouch.id)
            .join(CampaignMember, CampaignMember.id == CampaignTouch.member_id)
            .join(Campaign, Campaign.id == CampaignMember.campaign_id)
            .where(
                CampaignTouch.status == TouchStatus.PLANNED,
                CampaignTouch.planned_for <= now,
                *_running(channel, now),
            )
            .order_by(CampaignTouch.planned_for, CampaignTouch.id)
            .limit(limit)
        ).all()

    def sent_lately(self, member: CampaignMember, now: datetime, days: int) -> int:
        """How often the member was approached within so many days, by anything."""
        since = now - timedelta(days=days)
        if member.customer_id is not None:
            return times_approached(self._session, member.customer_id, since=since)
        count = (
            select(func.count())
            .select_from(CampaignTouch)
            .join(CampaignMember, CampaignMember.id == CampaignTouch.member_id)
            .where(CampaignMember.lead_id == member.lead_id, CampaignTouch.sent_at > since)
        )
        return self._session.scalar(count) or 0


def _running(channel: CampaignChannel, now: datetime) -> list[ColumnElement[bool]]:
    return [
        Campaign.channel == channel,
        Campaign.status == CampaignStatus.RUNNING,
        or_(Campaign.starts_at.is_(None), Campaign.starts_at <= now),
        or_(Campaign.ends_at.is_(None), Campaign.ends_at > now),
    ]
