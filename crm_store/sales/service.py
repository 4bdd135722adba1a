"""The sales report: what was won and lost, how fast, and what to expect."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_store.asking import Asker
from crm_store.models import LeadSource, LostReason, OpportunityStatus, Pipeline, Stage, User
from crm_store.permissions import Permission, require
from crm_store.pipelines.errors import PipelineNotFound
from crm_store.pipelines.service import PipelineService
from crm_store.sales.arithmetic import (
    Forecast,
    Outcome,
    StagePace,
    Tally,
    days_to_win,
    forecast,
    lost_reasons,
    outcomes,
    paces,
)
from crm_store.sales.facts import Deal, SalesFacts, SalesFilter
from foundation.clock import utc_now
from foundation.errors import Invalid

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")

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


_NOTHING_WON = Outcome(Tally(), Tally())
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
        deals = list(facts.deals(since, until))
        stages = [one for one in pipeline.stages if one.kind is OpportunityStatus.OPEN]
        win_rates = self._win_rates(facts, stages)
        in_stages = forecast(deals, lambda deal: deal.stage_id, win_rates)
        pace = paces(facts.visits(since, until), [stage.id for stage in stages])
        by_owner = self._split(deals, lambda deal: deal.owner_id, period, win_rates)
        return SalesReport(
            pipeline=pipeline,
            currency=pipeline.currency,
            period=period,
            in_other_currencies=facts.left_out(),
            opened=_opened(deals, period),
            outcome=_one(outcomes(deals, _all, since=since, until=until), _NOTHING_WON),
            days_to_win=days_to_win(deals, since=since, until=until),
            forecast=_one(forecast(deals, _all, win_rates), _NOTHING_OPEN),
            stages=[
                StageReport(
                    stage,
                    pace[stage.id],
                    win_rates.get(stage.id),
                    in_stages.get(stage.id, _NOTHING_OPEN),
                )
                for stage in stages
            ],
            lost_reasons=lost_reasons(deals, since=since, until=until),
            by_owner=by_owner,
            by_source=self._split(deals, lambda deal: deal.source, period, win_rates),
            by_month=self._by_month(deals, period, win_rates),
            owner_names=self._names(by_owner),
        )

    def _win_rates(self, facts: SalesFacts, stages: list[Stage]) -> dict[UUID, float]:
        """What share of the deals that were in each stage was won, in the last year."""
        closed = facts.closed_from(self._clock() - timedelta(days=HISTORY_DAYS))
        known = {stage.id: closed.get(stage.id, (0, 0)) for stage in stages}
        return {
            stage_id: won / count for stage_id, (won, count) in known.items() if count >= MIN_CLOSED
        }

    @staticmethod
    def _split(
        deals: list[Deal],
        key: Callable[[Deal], K],
        period: Period,
        win_rates: dict[UUID, float],
    ) -> dict[K, Split]:
        closed = outcomes(deals, key, since=period.since, until=period.until)
        ahead = forecast(deals, key, win_rates)
        return {
            one: Split(closed.get(one, _NOTHING_WON), ahead.get(one, _NOTHING_OPEN))
            for one in closed.keys() | ahead.keys()
        }

    def _by_month(
        self, deals: list[Deal], period: Period, win_rates: dict[UUID, float]
    ) -> dict[str, Split]:
        today = self._clock().date()
        closed = outcomes(
            deals, lambda deal: _month(deal.closed_at), since=period.since, until=period.until
        )
        ahead = forecast(deals, lambda deal: _expected(deal, today), win_rates)
        return {
            month: Split(closed.get(month, _NOTHING_WON), ahead.get(month, _NOTHING_OPEN))
            for month in sorted(closed.keys() | ahead.keys())
        }

    def _names(self, by_owner: dict[UUID | None, Split]) -> dict[UUID, str]:
        ids = [one for one in by_owner if one is not None]
        rows = self._session.execute(select(User.id, User.name).where(User.id.in_(ids)))
        return {row[0]: row[1] for row in rows}


def _opened(deals: list[Deal], period: Period) -> Tally:
    tally = Tally()
    for deal in deals:
        if period.since <= deal.created_at <= period.until:
            tally = tally.plus(deal)
    return tally


def _all(_deal: Deal) -> None:
    return None


def _one(found: dict[None, T], nothing: T) -> T:
    return found.get(None, nothing)


def _month(at: datetime | None) -> str:
    return at.strftime("%Y-%m") if at else ""


def _expected(deal: Deal, today: date) -> str:
    """The month of the expected close; "" where there is none, or it is over."""
    if deal.expected_close is None or deal.expected_close < today:
        return ""
    return deal.expected_close.strftime("%Y-%m")
