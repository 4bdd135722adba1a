"""The facts behind the sales report, as small rows: deals, and their visits to stages."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from crm_store.models import (
    LeadSource,
    LostReason,
    Opportunity,
    OpportunityStatus,
    Stage,
    StageChange,
    StageEvent,
)

_BATCH = 5_000


@dataclass(frozen=True, slots=True)
class SalesFilter:
    """Which opportunities a report is about; None is no condition."""

    owner: UUID | None = None
    source: LeadSource | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """As conditions of a query on opportunities."""
        found: list[ColumnElement[bool]] = []
        if self.owner is not None:
            found.append(Opportunity.owner_id == self.owner)
        if self.source is not None:
            found.append(Opportunity.source == self.source)
        return found


@dataclass(frozen=True, slots=True)
class Deal:
    """An opportunity as reports see it; ``chance`` is in percent."""

    status: OpportunityStatus
    stage_id: UUID
    amount_minor: int
    chance: int
    owner_id: UUID | None
    source: LeadSource
    created_at: datetime
    closed_at: datetime | None
    expected_close: date | None
    lost_reason: LostReason | None


@dataclass(frozen=True, slots=True)
class Visit:
    """An opportunity was in a stage; ``left_at`` is None while it still is.

    ``from_position`` and ``to_position`` are the places of this stage and the next one in the
    pipeline; ``next_kind`` tells whether the next one was an end of it.
    """

    opportunity_id: UUID
    stage_id: UUID
    entered_at: datetime
    left_at: datetime | None
    position: int
    next_position: int | None
    next_kind: OpportunityStatus | None


class SalesFacts:
    """Reads a pipeline's facts in one currency; the service has checked who asks."""

    def __init__(
        self, session: Session, pipeline_id: UUID, currency: str, wanted: SalesFilter
    ) -> None:
        self._session = session
        self._of = [
            Opportunity.pipeline_id == pipeline_id,
            Opportunity.currency == currency,
            *wanted.conditions(),
        ]

    def deals(self, since: datetime, until: datetime) -> Iterator[Deal]:
        """What is open at present, and what was created or closed within the period."""
        within = or_(
            Opportunity.status == OpportunityStatus.OPEN,
            Opportunity.closed_at.between(since, until),
            Opportunity.created_at.between(since, until),
        )
        rows = self._session.execute(
            select(
                Opportunity.status,
                Opportunity.stage_id,
                Opportunity.amount_minor,
                func.coalesce(Opportunity.probability, Stage.probability),
                Opportunity.owner_id,
                Opportunity.source,
                Opportunity.created_at,
                Opportunity.closed_at,
                Opportunity.expected_close,
                Opportunity.lost_reason,
            )
            .join(Stage, Stage.id == Opportunity.stage_id)
            .where(*self._of, within)
            .execution_options(yield_per=_BATCH)
        )
        for row in rows:
            yield Deal(*list(row))

    def visits(self, since: datetime, until: datetime) -> Iterator[Visit]:
        """Every stay in a stage that began within the period.

        A history row that only changed the amount begins no stay.
        """
        after = func.lead(StageChange.at, type_=StageChange.at.type).over(
            partition_by=StageChange.opportunity_id, order_by=StageChange.seq
        )
        next_stage = func.lead(StageChange.to_stage_id, type_=StageChange.to_stage_id.type).over(
            partition_by=StageChange.opportunity_id, order_by=StageChange.seq
        )
        stays = (
            select(
                StageChange.opportunity_id,
                StageChange.to_stage_id.label("stage_id"),
                StageChange.at.label("entered_at"),
                after.label("left_at"),
                next_stage.label("next_id"),
            )
            .join(Opportunity, Opportunity.id == StageChange.opportunity_id)
            # What follows a stay is later than it: older rows tell nothing.
            .where(*self._of, StageChange.event != StageEvent.AMOUNT, StageChange.at >= since)
            .subquery()
        )
        here, there = aliased(Stage), aliased(Stage)
        rows = self._session.execute(
            select(
                stays.c.opportunity_id,
                stays.c.stage_id,
                stays.c.entered_at,
                stays.c.left_at,
                here.position,
                there.position,
                there.kind,
            )
            .join(here, here.id == stays.c.stage_id)
            .outerjoin(there, there.id == stays.c.next_id)
            .where(stays.c.entered_at.between(since, until), here.kind == OpportunityStatus.OPEN)
            .execution_options(yield_per=_BATCH)
        )
        for row in rows:
            yield Visit(*list(row))

    def closed_from(self, since: datetime) -> dict[UUID, tuple[int, int]]:
        """By stage: of the deals that came into it since then, how many are won, and closed."""
        who = StageChange.opportunity_id.distinct()
        won = case((Opportunity.status == OpportunityStatus.WON, StageChange.opportunity_id))
        rows = self._session.execute(
            select(StageChange.to_stage_id, func.count(won.distinct()), func.count(who))
            .join(Opportunity, Opportunity.id == StageChange.opportunity_id)
            .where(
                *self._of,
                Opportunity.status != OpportunityStatus.OPEN,
                StageChange.at >= since,
                StageChange.event != StageEvent.AMOUNT,
            )
            .group_by(StageChange.to_stage_id)
        )
        return {row[0]: (row[1], row[2]) for row in rows}

    def left_out(self) -> int:
        """How many opportunities of the pipeline are in another currency."""
        pipeline, currency, *others = self._of
        count = select(func.count(Opportunity.id)).where(pipeline, ~currency, *others)
        return self._session.scalar(count) or 0
