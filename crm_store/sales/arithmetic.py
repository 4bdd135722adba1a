"""The sums of the sales report, over deals that the database has counted: no database, no clock."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from crm_store.models import OpportunityStatus
from crm_store.sales.facts import ClosedDeals, OpenDeals, Tally

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was won and lost; ``win_rate`` (0 to 1) is of what was closed, None of nothing."""

    won: Tally
    lost: Tally

    @property
    def win_rate(self) -> float | None:
        closed = self.won.count + self.lost.count
        return self.won.count / closed if closed else None

    def plus(self, other: "Outcome") -> "Outcome":
        """With another part's as well."""
        return Outcome(self.won.plus(other.won), self.lost.plus(other.lost))


@dataclass(frozen=True, slots=True)
class Forecast:
    """Open deals: what they are worth in full, by their probabilities, by what stages yielded."""

    open: Tally
    by_probability_minor: int
    by_history_minor: int


def outcomes(closed: Iterable[ClosedDeals[K]]) -> dict[K, Outcome]:
    """What was won and lost, by the deals' key."""
    won: defaultdict[K, Tally] = defaultdict(Tally)
    lost: defaultdict[K, Tally] = defaultdict(Tally)
    for some in closed:
        side = won if some.status is OpportunityStatus.WON else lost
        side[some.key] = side[some.key].plus(some.deals)
    return {one: Outcome(won[one], lost[one]) for one in won.keys() | lost.keys()}


def forecast(
    open_deals: Iterable[OpenDeals[K]], win_rates: Mapping[UUID, float]
) -> dict[K, Forecast]:
    """What open deals will bring, by their key.

    Weighted twice: by each deal's probability, and by the share of deals in its stage that were won
    in the past (a stage of which nothing is known takes the deal's probability). Sums are rounded
    once, at the end, so that no cent is lost on the way.
    """
    tallies: defaultdict[K, Tally] = defaultdict(Tally)
    by_chance: defaultdict[K, int] = defaultdict(int)
    by_past: defaultdict[K, float] = defaultdict(float)
    for some in open_deals:
        amount = some.deals.amount_minor
        tallies[some.key] = tallies[some.key].plus(some.deals)
        by_chance[some.key] += amount * some.chance
        by_past[some.key] += amount * win_rates.get(some.stage_id, some.chance / 100)
    return {
        one: Forecast(tally, (by_chance[one] + 50) // 100, round(by_past[one]))
        for one, tally in tallies.items()
    }
