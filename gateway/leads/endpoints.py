"""``/api/v1/leads``."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from sqlalchemy.orm import Session

from crm_store.leads.conversion import ConversionService
from crm_store.leads.repository import LEAD_SORTS, LeadFilter
from crm_store.leads.rules import load_rules
from crm_store.leads.service import LeadService
from crm_store.leads.undoing import ConversionUndoing
from crm_store.lists import ListQuery
from crm_store.models import LeadSource, LeadStatus
from gateway.auth.staff import StaffDep
from gateway.editing import OwnerParam, RowResults, owned_by, row_results, sent
from gateway.leads.schemas import (
    CandidateList,
    ConversionView,
    LeadBulk,
    LeadConvert,
    LeadDetailView,
    LeadEdit,
    LeadView,
    NewLead,
    candidate_view,
    lead_detail,
    lead_view,
    wish_of,
)
from gateway.listing import listing
from gateway.paging import SearchText
from gateway.parts import Parts, PartsDep
from gateway.schemas import ListOf, list_of

router = APIRouter(prefix="/leads", tags=["sales"])

LeadPage = Annotated[ListQuery, listing(LEAD_SORTS)]


@router.get("")
def list_leads(
    *,
    staff: StaffDep,
    parts: PartsDep,
    page: LeadPage,
    q: SearchText = None,
    status: Annotated[list[LeadStatus], Query(max_length=10)] = [],  # noqa: B006  # FastAPI copies
    source: Annotated[list[LeadSource], Query(max_length=10)] = [],  # noqa: B006  # FastAPI copies
    owner: OwnerParam = None,
    min_score: Annotated[int | None, Query(ge=0, le=100)] = None,
    campaign_id: UUID | None = None,
) -> ListOf[LeadView]:
    """Leads; ``q`` is a part of the name or company, or a whole e-mail address or phone number."""
    wanted = LeadFilter(
        q=q,
        status=status,
        source=source,
        owner=owned_by(owner, staff),
        unowned=owner == "none",
        min_score=min_score,
        campaign_id=campaign_id,
    )
    with parts.database.reading() as session:
        found = LeadService(session, rules=()).page(asker=staff.asker, wanted=wanted, query=page)
        return list_of(found, lead_view)


@router.post("", status_code=201)
def create_lead(body: NewLead, staff: StaffDep, parts: PartsDep) -> LeadView:
    """A new lead, scored at once."""
    values = sent(body)
    key = values.pop("idempotency_key", None)
    with parts.database.transaction() as session:
        lead = _service(session, parts).create(values, asker=staff.asker, idempotency_key=key)
        return lead_view(lead)


@router.post("/bulk")
def edit_leads(body: LeadBulk, staff: StaffDep, parts: PartsDep) -> RowResults:
    """The same change of many leads, each by itself."""
    with parts.database.transaction() as session:
        service = _service(session, parts)
        return row_results(service.edit_many(body.ids, sent(body.patch), asker=staff.asker))


@router.get("/{lead_id}")
def get_lead(lead_id: UUID, staff: StaffDep, parts: PartsDep) -> LeadDetailView:
    """One lead, with what it became once it is converted."""
    with parts.database.reading() as session:
        lead = LeadService(session, rules=()).get(lead_id, asker=staff.asker)
        conversion = ConversionService(session).conversion(lead_id, asker=staff.asker)
        return lead_detail(lead, conversion)


@router.patch("/{lead_id}")
def edit_lead(lead_id: UUID, body: LeadEdit, staff: StaffDep, parts: PartsDep) -> LeadView:
    """Change a lead that is yours, or nobody's; it is scored anew."""
    with parts.database.transaction() as session:
        lead = _service(session, parts).edit(
            lead_id, sent(body), asker=staff.asker, version=body.version
        )
        return lead_view(lead)


@router.get("/{lead_id}/candidates")
def lead_candidates(lead_id: UUID, staff: StaffDep, parts: PartsDep) -> CandidateList:
    """Customers who may be the lead, the surely known ones first."""
    with parts.database.reading() as session:
        found = ConversionService(session).candidates(lead_id, asker=staff.asker)
        return CandidateList(items=[candidate_view(candidate) for candidate in found])


@router.post("/{lead_id}/convert")
def convert_lead(
    lead_id: UUID, body: LeadConvert, staff: StaffDep, parts: PartsDep
) -> ConversionView:
    """Make a customer of the lead, with an account and an opportunity as asked, in one go.

    A lead that is converted already gives what it became.
    """
    with parts.database.transaction() as session:
        conversion = ConversionService(session).convert(
            lead_id, wish_of(body), asker=staff.asker, version=body.version
        )
        return ConversionView.model_validate(conversion)


@router.post("/{lead_id}/undo-conversion")
def undo_lead_conversion(lead_id: UUID, staff: StaffDep, parts: PartsDep) -> LeadView:
    """Take a conversion back, as long as nothing has come of it."""
    with parts.database.transaction() as session:
        return lead_view(ConversionUndoing(session).undo(lead_id, asker=staff.asker))


def _service(session: Session, parts: Parts) -> LeadService:
    """With the operator's scoring rules, read anew so that a changed file counts at once."""
    return LeadService(session, rules=load_rules(parts.settings.lead_scoring))
