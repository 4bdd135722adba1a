"""Campaigns: made, edited, listed; who is in them, and when they are to be approached."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from crm_store import fields
from crm_store.acts import note_act
from crm_store.asking import Asker, user_of
from crm_store.bulk import RowResult, edit_each
from crm_store.campaigns.errors import AlreadyApproached, CampaignNotFound
from crm_store.campaigns.repository import (
    CampaignFilter,
    CampaignRepository,
    Funnel,
    MemberRow,
)
from crm_store.editing import hold, must_be_staff, must_exist, unique, write
from crm_store.lists import ListQuery
from crm_store.models import (
    Campaign,
    CampaignChannel,
    CampaignStatus,
    CampaignTouch,
    Customer,
    Lead,
    Segment,
)
from crm_store.outreach.service import wait_in_chat
from crm_store.pages import Page
from crm_store.permissions import Permission, require
from foundation.clock import utc_now
from foundation.errors import Conflict, Invalid

MAX_MEMBERS_AT_ONCE = 1_000
_TAKEN = "name: another campaign has this one"
_CHECKS: dict[str, fields.Check] = {
    "name": fields.line(200),
    "goal": fields.prose(500),
    "channel": fields.one_of(CampaignChannel),
    "status": fields.one_of(CampaignStatus),
    "message": fields.prose(4_000),
    "segment_id": fields.maybe(fields.identifier),
    "starts_at": fields.maybe(fields.moment),
    "ends_at": fields.maybe(fields.moment),
    "max_touches": fields.within(1, 100),
    "within_days": fields.within(1, 365),
    "owner_id": fields.maybe(fields.identifier),
}


class CampaignService:
    """Each raises NotAllowed without the permission and CampaignNotFound when it is absent."""

    def __init__(self, session: Session, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._session = session
        self._clock = clock
        self._campaigns = CampaignRepository(session)

    def page(
        self,
        *,
        asker: Asker,
        wanted: CampaignFilter = CampaignFilter(),  # noqa: B008  # frozen
        query: ListQuery = ListQuery(),  # noqa: B008  # frozen
    ) -> Page[tuple[Campaign, Funnel]]:
        """Campaigns that match, sorted as asked, with how far each came."""
        require(asker, Permission.SALES_READ)
        page = self._campaigns.page(wanted, query)
        funnels = self._campaigns.funnels([campaign.id for campaign in page.items])
        return page.map(lambda campaign: (campaign, funnels[campaign.id]))

    def get(self, campaign_id: UUID, *, asker: Asker) -> tuple[Campaign, Funnel]:
        """One campaign, and how far it came."""
        require(asker, Permission.SALES_READ)
        campaign = self._campaigns.get(campaign_id)
        if campaign is None:
            raise CampaignNotFound
        return campaign, self._campaigns.funnels([campaign_id])[campaign_id]

    def members(
        self,
        campaign_id: UUID,
        *,
        asker: Asker,
        query: ListQuery = ListQuery(),  # noqa: B008
    ) -> Page[MemberRow]:
        """Who is in the campaign, with their newest touches."""
        self.get(campaign_id, asker=asker)
        return self._campaigns.members(campaign_id, query)

    def create(self, values: Mapping[str, Any], *, asker: Asker) -> Campaign:
        """A new campaign, a draft; without an owner it is its maker's.

        Raises:
            Invalid: a value is not acceptable.
            Conflict: another campaign has this name.
        """
        require(asker, Permission.SALES_WRITE)
        given = fields.checked({"owner_id": user_of(asker), **values}, _CHECKS)
        if "name" not in given or "channel" not in given:
            raise Invalid("name: a campaign has a name and a channel")
        self._check(given)
        now = self._clock()
        campaign = Campaign(**given, created_at=now, updated_at=now, updated_by_id=user_of(asker))
        with unique(self._session, _TAKEN):
            self._session.add(campaign)
        note_act(self._session, asker, "campaign.created", campaign.id)
        return campaign

    def edit(
        self,
        campaign_id: UUID,
        changes: Mapping[str, Any],
        *,
        asker: Asker,
        version: int | None = None,
    ) -> Campaign:
        """Change the fields that are given; ``status`` starts, pauses and ends it.

        Raises:
            Invalid: a value is not acceptable.
            Conflict: it is finished, it has nothing to say yet, or the name is taken.
            NotTheRecordsOwner: it is a colleague's.
            ChangedMeanwhile: it is no longer in this version.
        """
        require(asker, Permission.SALES_WRITE)
        values = fields.checked(changes, _CHECKS)
        campaign = self._hold(campaign_id, asker=asker, version=version)
        if campaign.status is CampaignStatus.FINISHED:
            raise Conflict("this campaign is finished; make a new one")
        runs = values.get("status", campaign.status) is CampaignStatus.RUNNING
        if runs and not values.get("message", campaign.message):
            raise Conflict("message: there is nothing to say yet")
        starts = values.get("starts_at", campaign.starts_at)
        self._check(
            {**values, "starts_at": starts, "ends_at": values.get("ends_at", campaign.ends_at)}
        )
        with unique(self._session, _TAKEN):
            changed = write(self._session, campaign, values, asker=asker, at=self._clock())
        if changed:
            facts = {"fields": changed, "status": campaign.status.value}
            note_act(self._session, asker, "campaign.edited", campaign.id, facts)
        return campaign

    def edit_many(
        self, ids: Sequence[UUID], changes: Mapping[str, Any], *, asker: Asker
    ) -> list[RowResult]:
        """The same change of several campaigns; see ``crm_store.bulk``."""
        require(asker, Permission.SALES_WRITE)
        return edit_each(
            self._session, ids, lambda one: self.edit(one, changes, asker=asker).version
        )

    def add_members(
        self,
        campaign_id: UUID,
        *,
        customer_ids: Sequence[UUID] = (),
        lead_ids: Sequence[UUID] = (),
        asker: Asker,
    ) -> int:
        """Put people into the campaign; who is there already stays once. Returns how many are new.

        With nobody named, everybody who is now in the campaign's segment is put in.

        Raises:
            Invalid: too many at once, an id that names nobody, or nobody and no segment.
            NotTheRecordsOwner: the campaign is a colleague's.
        """
        require(asker, Permission.SALES_WRITE)
        if len(customer_ids) + len(lead_ids) > MAX_MEMBERS_AT_ONCE:
            raise Invalid(f"customer_ids: at most {MAX_MEMBERS_AT_ONCE:,} people at once")
        campaign = self._hold(campaign_id, asker=asker)
        if not customer_ids and not lead_ids:
            if campaign.segment_id is None:
                raise Invalid("customer_ids: nobody is named, and the campaign has no segment")
            customer_ids = self._campaigns.segment(campaign.segment_id)
        else:
            self._refuse_strangers(customer_ids, lead_ids)
            customer_ids = self._campaigns.survivors(customer_ids)
        now = self._clock()
        added = self._campaigns.add_members(campaign_id, "customer_id", customer_ids, now)
        added += self._campaigns.add_members(campaign_id, "lead_id", lead_ids, now)
        if added:
            note_act(self._session, asker, "campaign.members_added", campaign_id, {"people": added})
        return added

    def remove_member(self, campaign_id: UUID, member_id: UUID, *, asker: Asker) -> None:
        """Take somebody out, and what is planned for them; who is not in it changes nothing.

        Raises:
            AlreadyApproached: something was sent to them.
            NotTheRecordsOwner: the campaign is a colleague's.
        """
        require(asker, Permission.SALES_WRITE)
        self._hold(campaign_id, asker=asker)
        removed = self._campaigns.remove_member(campaign_id, member_id)
        if removed is False:
            raise AlreadyApproached
        if removed:
            facts = {"member_id": str(member_id)}
            note_act(self._session, asker, "campaign.member_removed", campaign_id, facts)

    def plan(self, campaign_id: UUID, *, at: datetime | None = None, asker: Asker) -> int:
        """Plan one touch for each member who has none planned; returns how many.

        Those of a chat campaign wait for their customers, and are said when they are there.
        Consent and frequency are looked at when a touch is sent: they may change until then.

        Raises:
            Conflict: the campaign is finished.
            NotTheRecordsOwner: it is a colleague's.
        """
        require(asker, Permission.SALES_WRITE)
        campaign = self._hold(campaign_id, asker=asker)
        if campaign.status is CampaignStatus.FINISHED:
            raise Conflict("this campaign is finished; make a new one")
        now = self._clock()
        planned = [
            (CampaignTouch(member_id=member_id, planned_for=at or now, created_at=now), customer_id)
            for member_id, customer_id in self._campaigns.without_plan(campaign_id)
        ]
        touches = [touch for touch, _ in planned]
        self._session.add_all(touches)
        self._session.flush()
        if campaign.channel is CampaignChannel.CHAT:
            in_chat = [(touch, customer) for touch, customer in planned if customer is not None]
            wait_in_chat(self._session, in_chat, expires_at=campaign.ends_at)
        if touches:
            facts = {"touches": len(touches)}
            note_act(self._session, asker, "campaign.touches_planned", campaign_id, facts)
        return len(touches)

    def _hold(self, campaign_id: UUID, *, asker: Asker, version: int | None = None) -> Campaign:
        return hold(
            self._session,
            Campaign,
            campaign_id,
            asker=asker,
            version=version,
            absent=CampaignNotFound,
        )

    def _check(self, values: Mapping[str, Any]) -> None:
        must_be_staff(self._session, values.get("owner_id"))
        must_exist(self._session, Segment, segment_id=values.get("segment_id"))
        starts_at, ends_at = values.get("starts_at"), values.get("ends_at")
        if starts_at is not None and ends_at is not None and ends_at <= starts_at:
            raise Invalid("ends_at: after it starts")

    def _refuse_strangers(self, customer_ids: Sequence[UUID], lead_ids: Sequence[UUID]) -> None:
        for field, model, ids in (
            ("customer_ids", Customer, customer_ids),
            ("lead_ids", Lead, lead_ids),
        ):
            missing = len(set(ids)) - len(self._campaigns.known(model, ids)) if ids else 0
            if missing:
                raise Invalid(f"{field}: {missing} of them name nobody")
