"""The sums of the sales report, over plain facts: no database, no clock."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import TypeVar
from uuid import UUID

from crm_store.models import LostReason, OpportunityStatus
from crm_store.sales.facts import Deal, Visit

K = TypeVar("K", bound=Hashable)

WON, LOST, OPEN = OpportunityStatus.WON, OpportunityStatus.LOST, OpportunityStatus.OPEN
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Tally:
    """Deals counted and summed."""

    count: int = 0
    amount_minor: int = 0

    def plus(self, deal: Deal) -> "Tally":
        """With one deal more."""
        return Tally(self.count + 1, self.amount_minor + deal.amount_minor)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was won and lost; ``win_rate`` (0 to 1) is of what was closed, None of nothing."""

    won: Tally
    lost: Tally

    @property
    def win_rate(self) -> float | None:
        closed = self.won.count + self.lost.count
        return self.won.count / closed if closed else None


@dataclass(frozen=True, slots=True)
class StagePace:
    """How opportunities passed through a stage.

    Attributes:
        entered: opportunities that came into it.
        advanced: those of them that later left it for a stage further on, or were won.
        lost: those of them that later left it to be lost.
        median_days: of the stays that are over; None of none.
        mean_days: the same.
    """

    stage_id: UUID
    entered: int
    advanced: int
    lost: int
    median_days: float | None
    mean_days: float | None

    @property
    def conversion(self) -> float | None:
        """The share (0 to 1) of what has left the stage that went on."""
        left = self.advanced + self.lost
        return self.advanced / left if left else None


@dataclass(frozen=True, slots=True)
class Forecast:
    """Open deals: what they are worth in full, by their probabilities, by what stages yielded."""

    open: Tally
    by_probability_minor: int
    by_history_minor: int


def outcomes(
    deals: Iterable[Deal],
    key: Callable[[Deal], K],
    *,
    since: datetime,
    until: datetime,
) -> dict[K, Outcome]:
    """What was won and lost within the period, by a key of the deal."""
    won: defaultdict[K, Tally] = defaultdict(Tally)
    lost: defaultdict[K, Tally] = defaultdict(Tally)
    for deal in deals:
        if deal.closed_at is None or not since <= deal.closed_at <= until:
            continue
        side = won if deal.status is WON else lost
        side[key(deal)] = side[key(deal)].plus(deal)
    return {one: Outcome(won[one], lost[one]) for one in won.keys() | lost.keys()}


def lost_reasons(
    deals: Iterable[Deal], *, since: datetime, until: datetime
) -> dict[LostReason, Tally]:
    """What was lost within the period, by the reason."""
    found: defaultdict[LostReason, Tally] = defaultdict(Tally)
    for deal in deals:
        closed = deal.closed_at is not None and since <= deal.closed_at <= until
        if closed and deal.status is LOST and deal.lost_reason is not None:
            found[deal.lost_reason] = found[deal.lost_reason].plus(deal)
    return dict(found)


def paces(visits: Iterable[Visit], stages: Iterable[UUID]) -> dict[UUID, StagePace]:
    """How opportunities passed through each stage; several stays of one count once.

    Whether one went on is taken from the last time that it left the stage.
    """
    stays: defaultdict[UUID, list[float]] = defaultdict(list)
    last: dict[UUID, dict[UUID, Visit]] = defaultdict(dict)
    for visit in visits:
        if visit.left_at is not None:
            # A clock that went back must not make a stay shorter than nothing.
            stays[visit.stage_id].append(max(0.0, (visit.left_at - visit.entered_at) / _DAY))
        before = last[visit.stage_id].get(visit.opportunity_id)
        if before is None or before.entered_at <= visit.entered_at:
            last[visit.stage_id][visit.opportunity_id] = visit
    return {stage: _pace(stage, last[stage].values(), stays[stage]) for stage in stages}


def _pace(stage_id: UUID, visits: Iterable[Visit], days: list[float]) -> StagePace:
    visits = list(visits)
    return StagePace(
        stage_id=stage_id,
        entered=len(visits),
        advanced=sum(_went_on(visit) for visit in visits),
        lost=sum(visit.next_kind is LOST for visit in visits),
        median_days=median(days) if days else None,
        mean_days=sum(days) / len(days) if days else None,
    )


def _went_on(visit: Visit) -> bool:
    if visit.next_position is None or visit.next_kind is LOST:
        return False
    return visit.next_kind is WON or visit.next_position > visit.position


def forecast(
    deals: Iterable[Deal], key: Callable[[Deal], K], win_rates: Mapping[UUID, float]
) -> dict[K, Forecast]:
    """What open deals will bring, by a key of the deal.

    Weighted twice: by each deal's probability, and by the share of deals in its stage that were won
    in the past (a stage of which nothing is known takes the deal's probability). Sums are rounded
    once, at the end, so that no cent is lost on the way.
    """
    tallies: defaultdict[K, Tally] = defaultdict(Tally)
    by_chance: defaultdict[K, int] = defaultdict(int)
    by_past: defaultdict[K, float] = defaultdict(float)
    for deal in deals:
        if deal.status is not OPEN:
            continue
        one = key(deal)
        tallies[one] = tallies[one].plus(deal)
        by_chance[one] += deal.amount_minor * deal.chance
        by_past[one] += deal.amount_minor * win_rates.get(deal.stage_id, deal.chance / 100)
    return {
        one: Forecast(tally, (by_chance[one] + 50) // 100, round(by_past[one]))
        for one, tally in tallies.items()
    }


def days_to_win(deals: Iterable[Deal], *, since: datetime, until: datetime) -> float | None:
    """The median of days from the start to the win, of what was won within the period."""
    days = [
        max(0.0, (deal.closed_at - deal.created_at) / _DAY)
        for deal in deals
        if deal.status is WON and deal.closed_at is not None and since <= deal.closed_at <= until
    ]
    return median(days) if days else None
