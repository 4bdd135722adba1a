"""Leads as staff see them."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from crm_store.leads.conversion import ConversionWish
from crm_store.leads.repository import Candidate
from crm_store.models import Lead, LeadConversion, LeadSource, LeadStatus
from gateway.accounts.schemas import Name, Notes
from gateway.editing import Ids, Versioned

Amount = Annotated[int, Field(ge=0, le=10**13)]


class ScoreReason(BaseModel):
    points: int
    reason: str


class LeadView(BaseModel):
    """A lead; its score with what it is made of and when it was computed."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    external_id: str | None
    name: str
    email: str | None
    phone: str | None
    company: str | None
    source: LeadSource
    status: LeadStatus
    unqualified_reason: str | None
    score: int
    score_reasons: list[ScoreReason]
    scored_at: datetime | None
    notes: str
    marketing_consent_at: datetime | None
    owner_id: UUID | None
    campaign_id: UUID | None
    conversation_id: UUID | None
    converted_at: datetime | None
    version: int
    created_at: datetime
    updated_at: datetime


class LeadPatch(BaseModel):
    """What to set; what is left out stays. ``converted`` is not set, it is done."""

    external_id: Annotated[str | None, Field(max_length=128)] = None
    name: Name | None = None
    email: Annotated[str | None, Field(max_length=254)] = None
    phone: Annotated[str | None, Field(max_length=40)] = None
    company: Name | None = None
    source: LeadSource | None = None
    status: LeadStatus | None = None
    unqualified_reason: Name | None = None
    notes: Notes | None = None
    marketing_consent_at: AwareDatetime | None = None
    owner_id: UUID | None = None
    campaign_id: UUID | None = None
    conversation_id: UUID | None = None


class NewLead(LeadPatch):
    """A new lead; the same ``idempotency_key`` again returns the first one."""

    name: Name
    idempotency_key: Annotated[str | None, Field(min_length=1, max_length=128)] = None


class LeadEdit(LeadPatch, Versioned):
    """What to set on one lead."""


class LeadBulk(BaseModel):
    """One change of many leads."""

    ids: Ids
    patch: LeadPatch


class CandidateView(BaseModel):
    """A customer who may be the lead: a suggestion, and what speaks for it."""

    id: UUID
    name: str
    email: str | None
    phone: str | None
    same_email: bool
    same_phone: bool
    verified: bool


class CandidateList(BaseModel):
    items: list[CandidateView]
    next_cursor: None = None


class WishedOpportunity(BaseModel):
    """The opportunity to open; currency and stage are the pipeline's where left out."""

    name: Name
    amount_minor: Amount = 0
    currency: Annotated[str | None, Field(max_length=3)] = None
    pipeline_id: UUID | None = None
    stage_id: UUID | None = None
    expected_close: date | None = None
    next_step: Annotated[str | None, Field(max_length=300)] = None


class LeadConvert(Versioned):
    """What the lead shall become.

    ``customer_id`` names who it is. Without, a customer is made; when somebody has the same e-mail
    address or phone number that is refused unless ``new_customer`` asks for it.
    """

    customer_id: UUID | None = None
    new_customer: bool = False
    account_id: UUID | None = None
    new_account: Name | None = None
    opportunity: WishedOpportunity | None = None


class ConversionView(BaseModel):
    """What the lead became; ``…_made`` tells what was made rather than found."""

    model_config = ConfigDict(from_attributes=True)

    lead_id: UUID
    customer_id: UUID | None
    customer_made: bool
    account_id: UUID | None
    account_made: bool
    opportunity_id: UUID | None
    at: datetime
    user_id: UUID | None


class LeadDetailView(LeadView):
    """A lead with what it became, once it is converted."""

    conversion: ConversionView | None


def lead_view(lead: Lead) -> LeadView:
    """A lead by itself."""
    return LeadView.model_validate(lead)


def lead_detail(lead: Lead, conversion: LeadConversion | None) -> LeadDetailView:
    """A lead with what it became."""
    return LeadDetailView(
        **lead_view(lead).model_dump(),
        conversion=ConversionView.model_validate(conversion) if conversion else None,
    )


def candidate_view(candidate: Candidate) -> CandidateView:
    """A customer, and what speaks for their being the lead."""
    customer = candidate.customer
    return CandidateView(
        id=customer.id,
        name=customer.name,
        email=customer.email,
        phone=customer.phone,
        same_email=candidate.same_email,
        same_phone=candidate.same_phone,
        verified=candidate.verified,
    )


def wish_of(body: LeadConvert) -> ConversionWish:
    """What is wished, as the store takes it."""
    opportunity = body.opportunity.model_dump(exclude_none=True) if body.opportunity else None
    return ConversionWish(
        customer_id=body.customer_id,
        new_customer=body.new_customer,
        account_id=body.account_id,
        new_account=body.new_account,
        opportunity=opportunity,
    )
