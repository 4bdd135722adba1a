"""The sales report: what was won and lost, how fast, and what to expect."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import reduce
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_store.asking import Asker
from crm_store.models import (
    LeadSource,
    LostReason,
    Opportunity,
    OpportunityStatus,
    Pipeline,
    Stage,
    User,
)
from crm_store.permissions import Permission, require
from crm_store.pipelines.errors import PipelineNotFound
from crm_store.pipelines.service import PipelineService
from crm_store.sales.arithmetic import Forecast, Outcome, forecast, outcomes
from crm_store.sales.facts import Key, SalesFacts, SalesFilter, StagePace, Tally
from foundation.clock import utc_now
from foundation.errors import Invalid

HISTORY_DAYS = 365
"""How far back win rates by stage look, whatever period the report is about."""
MIN_CLOSED = 5
"""Fewer closed deals than this say nothing about a stage's win rate."""
MAX_DAYS = 3_660


@dataclass(frozen=True, slots=True)
class Period:
    """From a moment to another, both included."""

    since: datetime
    until: datetime

    @classmethod
    def last_days(cls, days: int, now: datetime) -> "Period":
        """The days up to now."""
        try:
            return cls(now - timedelta(days=days), now)
        except OverflowError:
            raise Invalid("until: too long ago") from None

    def __post_init__(self) -> None:
        if not timedelta() <= self.until - self.since <= timedelta(days=MAX_DAYS):
            raise Invalid(f"until: after since, and at most {MAX_DAYS:,} days later")


@dataclass(frozen=True, slots=True)
class StageReport:
    """A stage with how deals passed through it, and what is in it now."""

    stage: Stage
    pace: StagePace
    past_win_rate: float | None
    """Of the last year; None where too few deals were closed to say."""
    now: Forecast


@dataclass(frozen=True, slots=True)
class Split:
    """The outcome and the forecast of one part: an owner, a source, a month."""

    outcome: Outcome
    forecast: Forecast


@dataclass(frozen=True, slots=True)
class SalesReport:
    """One pipeline in its own currency.

    Attributes:
        in_other_currencies: opportunities that the amounts leave out.
        by_month: keys are ``2026-03``; won and lost by when they closed, the forecast by when
            deals are expected to close (what is overdue or has no day is under ``""``).
        owner_names: of the owners in ``by_owner``; None there is what nobody owns.
    """

    pipeline: Pipeline
    currency: str
    period: Period
    in_other_currencies: int
    opened: Tally
    outcome: Outcome
    days_to_win: float | None
    forecast: Forecast
    stages: list[StageReport]
    lost_reasons: dict[LostReason, Tally]
    by_owner: dict[UUID | None, Split]
    by_source: dict[LeadSource, Split]
    by_month: dict[str, Split]
    owner_names: dict[UUID, str]


_NOTHING_CLOSED = Outcome(Tally(), Tally())
_NOTHING_OPEN = Forecast(Tally(), 0, 0)


class SalesReportService:
    """Reads reports. Raises NotAllowed without the permission."""

    def __init__(self, session: Session, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._session = session
        self._clock = clock

    def report(
        self,
        *,
        asker: Asker,
        period: Period,
        pipeline_id: UUID | None = None,
        wanted: SalesFilter = SalesFilter(),  # noqa: B008  # frozen
    ) -> SalesReport:
        """The report of a pipeline, the default one unless another is named.

        Raises:
            PipelineNotFound: absent, or there is none yet.
        """
        require(asker, Permission.SALES_READ)
        pipelines = PipelineService(self._session)
        pipeline = pipelines.get(pipeline_id, asker=asker) if pipeline_id else pipelines.default()
        if pipeline is None:
            raise PipelineNotFound("there is no pipeline yet; the first opportunity makes one")
        facts = SalesFacts(self._session, pipeline.id, pipeline.currency, wanted)
        since, until = period.since, period.until
        stages = [one for one in pipeline.stages if one.kind is OpportunityStatus.OPEN]
        win_rates = self._win_rates(facts, stages)
        of_stages = list(facts.open(Opportunity.stage_id))
        in_stages = forecast(of_stages, win_rates)
        of_all = forecast([replace(some, key=None) for some in of_stages], win_rates)
        by_reason = outcomes(facts.closed(Opportunity.lost_reason, since, until))
        paces = facts.paces(since, until)
        splits = _Splits(facts, period, win_rates)
        by_owner = splits.by(Opportunity.owner_id)
        by_month = splits.by(
            facts.month_closed(), expected=facts.month_expected(self._clock().date())
        )
        return SalesReport(
            pipeline=pipeline,
            currency=pipeline.currency,
            period=period,
            in_other_currencies=facts.left_out(),
            opened=facts.opened(since, until),
            outcome=reduce(Outcome.plus, by_reason.values(), _NOTHING_CLOSED),
            days_to_win=facts.days_to_win(since, until),
            forecast=of_all.get(None, _NOTHING_OPEN),
            stages=[
                StageReport(
                    stage,
                    paces.get(stage.id, StagePace()),
                    win_rates.get(stage.id),
                    in_stages.get(stage.id, _NOTHING_OPEN),
                )
                for stage in stages
            ],
            lost_reasons={
                reason: part.lost
                for reason, part in by_reason.items()
                if reason and part.lost.count
            },
            by_owner=by_owner,
            by_source=splits.by(Opportunity.source),
            by_month=dict(sorted(by_month.items())),
            owner_names=self._names(by_owner),
        )

    def _win_rates(self, facts: SalesFacts, stages: list[Stage]) -> dict[UUID, float]:
        """What share of the deals that were in each stage was won, in the last year."""
        closed = facts.closed_from(self._clock() - timedelta(days=HISTORY_DAYS))
        known = {stage.id: closed.get(stage.id, (0, 0)) for stage in stages}
        return {
            stage_id: won / count for stage_id, (won, count) in known.items() if count >= MIN_CLOSED
        }

    def _names(self, by_owner: dict[UUID | None, Split]) -> dict[UUID, str]:
        ids = [one for one in by_owner if one is not None]
        rows = self._session.execute(select(User.id, User.name).where(User.id.in_(ids)))
        return {row[0]: row[1] for row in rows}


@dataclass(frozen=True, slots=True)
class _Splits:
    """Parts of a report, whatever they are taken by."""

    facts: SalesFacts
    period: Period
    win_rates: dict[UUID, float]

    def by(self, key: Key, *, expected: Key | None = None) -> dict[Any, Split]:
        """What was closed by its key, and what is open by ``expected`` or the same key."""
        open_deals = self.facts.open(key if expected is None else expected)
        ahead = forecast(open_deals, self.win_rates)
        closed = outcomes(self.facts.closed(key, self.period.since, self.period.until))
        return {
            one: Split(closed.get(one, _NOTHING_CLOSED), ahead.get(one, _NOTHING_OPEN))
            for one in closed.keys() | ahead.keys()
        }
