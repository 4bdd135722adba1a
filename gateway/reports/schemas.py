"""Reports as staff read them. Shares are from 0 to 1, null where there is nothing to count."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from crm_store.models import LeadSource, LostReason


class TallyView(BaseModel):
    count: int
    amount_minor: int


class ForecastView(BaseModel):
    """What is open: in full, by probabilities, and by what such deals yielded in the past."""

    open: TallyView
    by_probability_minor: int
    by_history_minor: int


class _Result(BaseModel):
    won: TallyView
    lost: TallyView
    win_rate: float | None
    forecast: ForecastView


class ReportPipeline(BaseModel):
    id: UUID
    name: str


class StageLine(BaseModel):
    """How deals passed through a stage, and what is in it now.

    ``conversion`` is of those that left it; ``past_win_rate`` of the last year, null where too few
    deals were closed to say.
    """

    id: UUID
    name: str
    probability: int
    past_win_rate: float | None
    forecast: ForecastView
    entered: int
    advanced: int
    lost_from: int
    conversion: float | None
    median_days: float | None
    mean_days: float | None


class LostLine(TallyView):
    reason: LostReason


class OwnerLine(_Result):
    """Null is what nobody owns."""

    owner_id: UUID | None
    name: str | None


class SourceLine(_Result):
    source: LeadSource


class MonthLine(_Result):
    """Won and lost by when they closed, the forecast by when deals are expected to close.

    ``month`` is ``2026-03``; null is what is overdue or has no day.
    """

    month: str | None


class SalesReportView(_Result):
    """One pipeline in its own currency; ``in_other_currencies`` counts what is left out."""

    pipeline: ReportPipeline
    currency: str
    since: datetime
    until: datetime
    in_other_currencies: int
    opened: TallyView
    days_to_win: float | None
    stages: list[StageLine]
    lost_reasons: list[LostLine]
    by_owner: list[OwnerLine]
    by_source: list[SourceLine]
    by_month: list[MonthLine]
