"""``/api/v1/opportunities``."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from crm_store.lists import ListQuery
from crm_store.models import LeadSource, OpportunityStatus
from crm_store.opportunities.board import BoardService
from crm_store.opportunities.repository import OPPORTUNITY_SORTS, OpportunityFilter
from crm_store.opportunities.service import OpportunityService
from gateway.auth.staff import Staff, StaffDep
from gateway.editing import OwnerParam, RowResults, owned_by, row_results, sent
from gateway.listing import listing
from gateway.opportunities.schemas import (
    BoardView,
    NewOpportunity,
    OpportunityBulk,
    OpportunityBulkMove,
    OpportunityDetailView,
    OpportunityEdit,
    OpportunityMove,
    OpportunityView,
    StageChangeView,
    board_view,
    opportunity_view,
)
from gateway.paging import SearchText
from gateway.parts import Parts, PartsDep
from gateway.schemas import ListOf, list_of

router = APIRouter(prefix="/opportunities", tags=["sales"])

OpportunityPage = Annotated[ListQuery, listing(OPPORTUNITY_SORTS)]


@router.get("")
def list_opportunities(
    *,
    staff: StaffDep,
    parts: PartsDep,
    page: OpportunityPage,
    q: SearchText = None,
    pipeline_id: UUID | None = None,
    stage_id: UUID | None = None,
    status: Annotated[list[OpportunityStatus], Query(max_length=3)] = [],  # noqa: B006  # copied
    source: Annotated[list[LeadSource], Query(max_length=10)] = [],  # noqa: B006  # copied
    owner: OwnerParam = None,
    account_id: UUID | None = None,
    customer_id: UUID | None = None,
    closes_from: date | None = None,
    closes_until: date | None = None,
    min_amount_minor: Annotated[int | None, Query(ge=0, le=10**13)] = None,
) -> ListOf[OpportunityView]:
    """Opportunities; ``q`` is a part of the name."""
    wanted = OpportunityFilter(
        q=q,
        pipeline_id=pipeline_id,
        stage_id=stage_id,
        status=status,
        source=source,
        owner=owned_by(owner, staff),
        unowned=owner == "none",
        account_id=account_id,
        customer_id=customer_id,
        closes_from=closes_from,
        closes_until=closes_until,
        min_amount_minor=min_amount_minor,
    )
    with parts.database.reading() as session:
        found = OpportunityService(session).page(asker=staff.asker, wanted=wanted, query=page)
        return list_of(found, opportunity_view)


@router.post("", status_code=201)
def create_opportunity(body: NewOpportunity, staff: StaffDep, parts: PartsDep) -> OpportunityView:
    """A new opportunity; without an owner it is yours."""
    with parts.database.transaction() as session:
        service = OpportunityService(session)
        made = service.create(sent(body), asker=staff.asker)
        return opportunity_view(service.get(made.id, asker=staff.asker))


@router.get("/board")
def opportunity_board(
    *,
    staff: StaffDep,
    parts: PartsDep,
    pipeline_id: UUID,
    q: SearchText = None,
    owner: OwnerParam = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> BoardView:
    """A pipeline's stages with the first cards in each, and sums over all of them."""
    wanted = OpportunityFilter(q=q, owner=owned_by(owner, staff), unowned=owner == "none")
    with parts.database.reading() as session:
        board = BoardService(session).read(
            pipeline_id, asker=staff.asker, wanted=wanted, limit=limit
        )
        return board_view(board)


@router.post("/bulk")
def edit_opportunities(body: OpportunityBulk, staff: StaffDep, parts: PartsDep) -> RowResults:
    """The same change of many opportunities, each by itself."""
    with parts.database.transaction() as session:
        service = OpportunityService(session)
        return row_results(service.edit_many(body.ids, sent(body.patch), asker=staff.asker))


@router.post("/bulk-move")
def move_opportunities(body: OpportunityBulkMove, staff: StaffDep, parts: PartsDep) -> RowResults:
    """Move many opportunities to one stage, each by itself."""
    with parts.database.transaction() as session:
        service = OpportunityService(session)
        return row_results(service.move_many(body.ids, body.move.move(), asker=staff.asker))


@router.get("/{opportunity_id}")
def get_opportunity(
    opportunity_id: UUID, staff: StaffDep, parts: PartsDep
) -> OpportunityDetailView:
    """One opportunity with its history."""
    return _detail(opportunity_id, staff, parts)


@router.patch("/{opportunity_id}")
def edit_opportunity(
    opportunity_id: UUID, body: OpportunityEdit, staff: StaffDep, parts: PartsDep
) -> OpportunityDetailView:
    """Change an opportunity that is yours, or nobody's."""
    with parts.database.transaction() as session:
        OpportunityService(session).edit(
            opportunity_id, sent(body), asker=staff.asker, version=body.version
        )
    return _detail(opportunity_id, staff, parts)


@router.post("/{opportunity_id}/move")
def move_opportunity(
    opportunity_id: UUID, body: OpportunityMove, staff: StaffDep, parts: PartsDep
) -> OpportunityDetailView:
    """Put an opportunity into another stage: win it, lose it, open it again."""
    with parts.database.transaction() as session:
        OpportunityService(session).move(
            opportunity_id, body.move(), asker=staff.asker, version=body.version
        )
    return _detail(opportunity_id, staff, parts)


def _detail(opportunity_id: UUID, staff: Staff, parts: Parts) -> OpportunityDetailView:
    with parts.database.reading() as session:
        service = OpportunityService(session)
        row = service.get(opportunity_id, asker=staff.asker)
        history = service.history(opportunity_id, asker=staff.asker)
        return OpportunityDetailView(
            **opportunity_view(row).model_dump(),
            history=[StageChangeView.model_validate(change) for change in history],
        )
