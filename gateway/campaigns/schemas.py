"""Campaigns as staff see them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from crm_store.campaigns.repository import Funnel, MemberRow
from crm_store.campaigns.service import MAX_MEMBERS_AT_ONCE
from crm_store.campaigns.touching import Outcome
from crm_store.models import Campaign, CampaignChannel, CampaignStatus, TouchStatus
from gateway.accounts.schemas import Name
from gateway.editing import Ids, Versioned

People = Annotated[list[UUID], Field(max_length=MAX_MEMBERS_AT_ONCE)]


class FunnelView(BaseModel):
    """How far a campaign came: members, and touches that reached each point."""

    model_config = ConfigDict(from_attributes=True)

    members: int
    planned: int
    sent: int
    opened: int
    answered: int
    converted: int
    skipped: int


class CampaignView(BaseModel):
    """A campaign, and how far it came.

    Nobody gets more than ``max_touches`` within ``within_days`` from all campaigns together.
    """

    id: UUID
    name: str
    goal: str
    channel: CampaignChannel
    status: CampaignStatus
    message: str
    segment_id: UUID | None
    starts_at: datetime | None
    ends_at: datetime | None
    max_touches: int
    within_days: int
    owner_id: UUID | None
    version: int
    created_at: datetime
    updated_at: datetime
    funnel: FunnelView


class CampaignPatch(BaseModel):
    """What to set; what is left out stays."""

    name: Name | None = None
    goal: Annotated[str | None, Field(max_length=500)] = None
    channel: CampaignChannel | None = None
    status: CampaignStatus | None = None
    message: Annotated[str | None, Field(max_length=4_000)] = None
    segment_id: UUID | None = None
    starts_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None
    max_touches: Annotated[int | None, Field(ge=1, le=100)] = None
    within_days: Annotated[int | None, Field(ge=1, le=365)] = None
    owner_id: UUID | None = None


class NewCampaign(CampaignPatch):
    name: Name
    channel: CampaignChannel


class CampaignEdit(CampaignPatch, Versioned):
    """What to set on one campaign; ``status`` starts, pauses and ends it."""


class CampaignBulk(BaseModel):
    """One change of many campaigns."""

    ids: Ids
    patch: CampaignPatch


class AudienceView(BaseModel):
    """A segment that a campaign may go to.

    ``allowing`` of its ``customers`` allow marketing by the channel; the others are skipped.
    """

    model_config = ConfigDict(from_attributes=True)

    segment_id: UUID
    name: str
    description: str
    customers: int
    allowing: int


class AudienceList(BaseModel):
    items: list[AudienceView]
    next_cursor: None = None


class NewMembers(BaseModel):
    """Whom to put in; with nobody named, everybody in the campaign's segment."""

    customer_ids: People = Field(default_factory=list)
    lead_ids: People = Field(default_factory=list)


class PlanTouches(BaseModel):
    """When to approach those for whom nothing is planned; at once when left out."""

    at: AwareDatetime | None = None


class HowMany(BaseModel):
    count: int


class TouchView(BaseModel):
    """One approach to one member."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    status: TouchStatus
    planned_for: datetime
    sent_at: datetime | None
    opened_at: datetime | None
    answered_at: datetime | None
    converted_at: datetime | None
    skip_reason: str | None
    conversation_id: UUID | None
    opportunity_id: UUID | None


class MemberView(BaseModel):
    """A customer or a lead in a campaign, with their newest touch."""

    id: UUID
    name: str
    customer_id: UUID | None
    lead_id: UUID | None
    touch: TouchView | None
    created_at: datetime


class TouchAdvance(BaseModel):
    """How far a touch came, and what it led to."""

    status: TouchStatus
    conversation_id: UUID | None = None
    opportunity_id: UUID | None = None

    def outcome(self) -> Outcome:
        return Outcome(self.status, self.conversation_id, self.opportunity_id)


def campaign_view(campaign: Campaign, funnel: Funnel) -> CampaignView:
    """A campaign with how far it came."""
    plain = {n: getattr(campaign, n) for n in CampaignView.model_fields if n != "funnel"}
    return CampaignView(**plain, funnel=FunnelView.model_validate(funnel))


def member_view(row: MemberRow) -> MemberView:
    """A member by name."""
    return MemberView(
        id=row.member.id,
        name=row.name,
        customer_id=row.member.customer_id,
        lead_id=row.member.lead_id,
        touch=TouchView.model_validate(row.touch) if row.touch else None,
        created_at=row.member.created_at,
    )
