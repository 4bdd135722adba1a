"""Sums of the sales report: whatever the deals, nothing is lost and nothing counted twice."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from crm_store.models import OpportunityStatus
from crm_store.sales.arithmetic import forecast, outcomes
from crm_store.sales.facts import ClosedDeals, OpenDeals, Tally

STAGES = [UUID(int=n) for n in range(1, 4)]
OWNERS = [None, UUID(int=11), UUID(int=12)]
WON, LOST = OpportunityStatus.WON, OpportunityStatus.LOST

tallies = st.builds(Tally, st.integers(1, 1_000), st.integers(0, 10**13))
closed_deals = st.builds(
    ClosedDeals, st.sampled_from(OWNERS), st.sampled_from([WON, LOST]), tallies
)
open_deals = st.builds(
    OpenDeals, st.sampled_from(OWNERS), st.sampled_from(STAGES), st.integers(0, 100), tallies
)
many_open = st.lists(open_deals, max_size=30)


def whole_of(some: list[Any]) -> list[Any]:
    return [replace(one, key="all") for one in some]


@given(st.lists(closed_deals, max_size=30))
def test_parts_add_up_to_the_whole(some: list[ClosedDeals[Any]]) -> None:
    whole = outcomes(whole_of(some)).get("all")
    parts = outcomes(some).values()
    if whole is None:
        assert not parts
        return
    for side in ("won", "lost"):
        assert sum(getattr(part, side).count for part in parts) == getattr(whole, side).count
        assert (
            sum(getattr(part, side).amount_minor for part in parts)
            == getattr(whole, side).amount_minor
        )
    assert whole.won.count + whole.lost.count == sum(one.deals.count for one in some)
    assert whole.win_rate is not None
    assert 0 <= whole.win_rate <= 1


@given(many_open, st.dictionaries(st.sampled_from(STAGES), st.floats(0, 1)))
def test_a_forecast_is_between_nothing_and_all(
    some: list[OpenDeals[Any]], win_rates: dict[UUID, float]
) -> None:
    whole = forecast(whole_of(some), win_rates).get("all")
    if whole is None:
        assert not some
        return
    amount = sum(one.deals.amount_minor for one in some)
    assert whole.open == Tally(sum(one.deals.count for one in some), amount)
    assert 0 <= whole.by_probability_minor <= amount
    assert 0 <= whole.by_history_minor <= amount + 1
    parts = forecast(some, win_rates).values()
    assert sum(part.open.amount_minor for part in parts) == amount
    # Each part is rounded once.
    gap = sum(part.by_probability_minor for part in parts) - whole.by_probability_minor
    assert abs(gap) <= len(parts)


@given(many_open)
def test_certainties(some: list[OpenDeals[Any]]) -> None:
    sure = [replace(one, key="all", chance=100) for one in some]
    found = forecast(sure, {}).get("all")
    total = sum(one.deals.amount_minor for one in sure)
    assert (found.by_probability_minor if found else 0) == total
    never = forecast(sure, dict.fromkeys(STAGES, 0.0)).get("all")
    assert (never.by_history_minor if never else 0) == 0
