"""Opportunities as staff see them."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from crm_store.models import LeadSource, LostReason, OpportunityStatus, StageEvent
from crm_store.opportunities.board import Board
from crm_store.opportunities.repository import OpportunityRow
from crm_store.opportunities.service import Move
from gateway.accounts.schemas import Name, Notes
from gateway.editing import Ids, Versioned
from gateway.leads.schemas import Amount
from gateway.pipelines.schemas import PipelineView, StageView

Percent = Annotated[int, Field(ge=0, le=100)]


class OpportunityView(BaseModel):
    """An opportunity.

    ``probability`` is in percent: what somebody knows better, else the stage's;
    ``own_probability`` is the former alone.
    """

    id: UUID
    external_id: str | None
    name: str
    account_id: UUID | None
    account_name: str | None
    customer_id: UUID | None
    customer_name: str | None
    pipeline_id: UUID
    stage_id: UUID
    stage_since: datetime
    status: OpportunityStatus
    amount_minor: int
    currency: str
    probability: int
    own_probability: int | None
    expected_close: date | None
    next_step: str | None
    source: LeadSource
    campaign_id: UUID | None
    notes: str
    owner_id: UUID | None
    closed_at: datetime | None
    lost_reason: LostReason | None
    lost_note: str | None
    version: int
    created_at: datetime
    updated_at: datetime


class StageChangeView(BaseModel):
    """A fact of the opportunity's life, with what it was worth then."""

    model_config = ConfigDict(from_attributes=True)

    seq: int
    event: StageEvent
    at: datetime
    user_id: UUID | None
    from_stage_id: UUID | None
    to_stage_id: UUID
    amount_minor: int
    currency: str
    note: str | None


class OpportunityDetailView(OpportunityView):
    """An opportunity with its history, oldest first."""

    history: list[StageChangeView]


class OpportunityPatch(BaseModel):
    """What to set; what is left out stays. The stage is changed by a move."""

    external_id: Annotated[str | None, Field(max_length=128)] = None
    name: Name | None = None
    account_id: UUID | None = None
    customer_id: UUID | None = None
    amount_minor: Amount | None = None
    currency: Annotated[str | None, Field(max_length=3)] = None
    probability: Percent | None = None
    expected_close: date | None = None
    next_step: Annotated[str | None, Field(max_length=300)] = None
    source: LeadSource | None = None
    campaign_id: UUID | None = None
    notes: Notes | None = None
    owner_id: UUID | None = None


class NewOpportunity(OpportunityPatch):
    """A new opportunity, in the first stage of the default pipeline unless one is named."""

    name: Name
    pipeline_id: UUID | None = None
    stage_id: UUID | None = None


class OpportunityEdit(OpportunityPatch, Versioned):
    """What to set on one opportunity."""


class StageMove(BaseModel):
    """Where to move; ``lost_reason`` is needed where it is lost, and only there."""

    stage_id: UUID
    lost_reason: LostReason | None = None
    note: Annotated[str | None, Field(max_length=500)] = None

    def move(self) -> Move:
        return Move(self.stage_id, self.lost_reason, self.note)


class OpportunityMove(StageMove, Versioned):
    """Where to move one opportunity."""


class OpportunityBulk(BaseModel):
    """One change of many opportunities."""

    ids: Ids
    patch: OpportunityPatch


class OpportunityBulkMove(BaseModel):
    """One move of many opportunities."""

    ids: Ids
    move: StageMove


class BoardColumn(BaseModel):
    """A stage: the first cards, and sums over all that is in it.

    Amounts are in the pipeline's currency; ``in_other_currencies`` counts what they leave out.
    """

    stage: StageView
    count: int
    amount_minor: int
    weighted_minor: int
    in_other_currencies: int
    items: list[OpportunityView]
    next_cursor: str | None


class BoardView(BaseModel):
    """A pipeline's columns; what is won or lost is shown for 30 days."""

    pipeline: PipelineView
    columns: list[BoardColumn]


def opportunity_view(row: OpportunityRow) -> OpportunityView:
    """An opportunity with the names of whom it is with."""
    one = row.opportunity
    plain = {
        name: getattr(one, name)
        for name in OpportunityView.model_fields
        if name not in {"account_name", "customer_name", "probability", "own_probability"}
    }
    return OpportunityView(
        **plain,
        account_name=row.account_name,
        customer_name=row.customer_name,
        probability=one.stage.probability if one.probability is None else one.probability,
        own_probability=one.probability,
    )


def board_view(board: Board) -> BoardView:
    """A board as it is drawn."""
    return BoardView(
        pipeline=PipelineView.model_validate(board.pipeline),
        columns=[
            BoardColumn(
                stage=StageView.model_validate(column.stage),
                count=column.count,
                amount_minor=column.amount_minor,
                weighted_minor=column.weighted_minor,
                in_other_currencies=column.in_other_currencies,
                items=[opportunity_view(row) for row in column.rows],
                next_cursor=column.next_cursor,
            )
            for column in board.columns
        ],
    )
