"""``/api/v1/campaigns``."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from crm_store.campaigns.audience import audiences
from crm_store.campaigns.repository import CAMPAIGN_SORTS, MEMBER_SORTS, CampaignFilter
from crm_store.campaigns.service import CampaignService
from crm_store.campaigns.touching import TouchService
from crm_store.leads.rules import load_rules
from crm_store.lists import ListQuery
from crm_store.models import CampaignChannel, CampaignStatus
from gateway.auth.staff import StaffDep
from gateway.campaigns.schemas import (
    AudienceList,
    AudienceView,
    CampaignBulk,
    CampaignEdit,
    CampaignView,
    HowMany,
    MemberView,
    NewCampaign,
    NewMembers,
    PlanTouches,
    TouchAdvance,
    TouchView,
    campaign_view,
    member_view,
)
from gateway.editing import OwnerParam, RowResults, owned_by, row_results, sent
from gateway.listing import listing
from gateway.paging import SearchText
from gateway.parts import PartsDep
from gateway.schemas import ListOf, list_of

router = APIRouter(prefix="/campaigns", tags=["sales"])

CampaignPage = Annotated[ListQuery, listing(CAMPAIGN_SORTS)]
MemberPage = Annotated[ListQuery, listing(MEMBER_SORTS)]


@router.get("")
def list_campaigns(
    *,
    staff: StaffDep,
    parts: PartsDep,
    page: CampaignPage,
    q: SearchText = None,
    status: Annotated[list[CampaignStatus], Query(max_length=4)] = [],  # noqa: B006  # copied
    channel: CampaignChannel | None = None,
    owner: OwnerParam = None,
) -> ListOf[CampaignView]:
    """Campaigns, with how far each came; ``q`` is a part of the name."""
    wanted = CampaignFilter(
        q=q,
        status=status,
        channel=channel,
        owner=owned_by(owner, staff),
        unowned=owner == "none",
    )
    with parts.database.reading() as session:
        found = CampaignService(session).page(asker=staff.asker, wanted=wanted, query=page)
        return list_of(found, lambda row: campaign_view(*row))


@router.post("", status_code=201)
def create_campaign(body: NewCampaign, staff: StaffDep, parts: PartsDep) -> CampaignView:
    """A new campaign; without an owner it is yours."""
    with parts.database.transaction() as session:
        service = CampaignService(session)
        made = service.create(sent(body), asker=staff.asker)
        return campaign_view(*service.get(made.id, asker=staff.asker))


@router.post("/bulk")
def edit_campaigns(body: CampaignBulk, staff: StaffDep, parts: PartsDep) -> RowResults:
    """The same change of many campaigns, each by itself."""
    with parts.database.transaction() as session:
        service = CampaignService(session)
        return row_results(service.edit_many(body.ids, sent(body.patch), asker=staff.asker))


@router.post("/touches/{touch_id}")
def advance_touch(
    touch_id: UUID, body: TouchAdvance, staff: StaffDep, parts: PartsDep
) -> TouchView:
    """Write down how far a touch came; without consent, or too often, it is skipped instead."""
    with parts.database.transaction() as session:
        rules = load_rules(parts.settings.lead_scoring)
        touch = TouchService(session, rules=rules).advance(
            touch_id, body.outcome(), asker=staff.asker
        )
        return TouchView.model_validate(touch)


@router.get("/audiences")
def list_audiences(staff: StaffDep, parts: PartsDep, channel: CampaignChannel) -> AudienceList:
    """The segments that a campaign may go to, with how many in each allow the channel."""
    with parts.database.reading() as session:
        found = audiences(session, channel, asker=staff.asker)
        return AudienceList(items=[AudienceView.model_validate(one) for one in found])


@router.get("/{campaign_id}")
def get_campaign(campaign_id: UUID, staff: StaffDep, parts: PartsDep) -> CampaignView:
    """One campaign, and how far it came."""
    with parts.database.reading() as session:
        return campaign_view(*CampaignService(session).get(campaign_id, asker=staff.asker))


@router.patch("/{campaign_id}")
def edit_campaign(
    campaign_id: UUID, body: CampaignEdit, staff: StaffDep, parts: PartsDep
) -> CampaignView:
    """Change a campaign that is yours, or nobody's."""
    with parts.database.transaction() as session:
        service = CampaignService(session)
        service.edit(campaign_id, sent(body), asker=staff.asker, version=body.version)
        return campaign_view(*service.get(campaign_id, asker=staff.asker))


@router.get("/{campaign_id}/members")
def list_campaign_members(
    campaign_id: UUID, staff: StaffDep, parts: PartsDep, page: MemberPage
) -> ListOf[MemberView]:
    """Who is in the campaign, with their newest touches."""
    with parts.database.reading() as session:
        found = CampaignService(session).members(campaign_id, asker=staff.asker, query=page)
        return list_of(found, member_view)


@router.post("/{campaign_id}/members")
def add_campaign_members(
    campaign_id: UUID, body: NewMembers, staff: StaffDep, parts: PartsDep
) -> HowMany:
    """Put people into the campaign; answers with how many are new."""
    with parts.database.transaction() as session:
        added = CampaignService(session).add_members(
            campaign_id,
            customer_ids=body.customer_ids,
            lead_ids=body.lead_ids,
            asker=staff.asker,
        )
        return HowMany(count=added)


@router.delete("/{campaign_id}/members/{member_id}", status_code=204)
def remove_campaign_member(
    campaign_id: UUID, member_id: UUID, staff: StaffDep, parts: PartsDep
) -> None:
    """Take somebody out of the campaign to whom nothing was sent yet."""
    with parts.database.transaction() as session:
        CampaignService(session).remove_member(campaign_id, member_id, asker=staff.asker)


@router.post("/{campaign_id}/plan")
def plan_campaign_touches(
    campaign_id: UUID, body: PlanTouches, staff: StaffDep, parts: PartsDep
) -> HowMany:
    """Plan one touch for each member who has none planned; answers with how many."""
    with parts.database.transaction() as session:
        planned = CampaignService(session).plan(campaign_id, at=body.at, asker=staff.asker)
        return HowMany(count=planned)
