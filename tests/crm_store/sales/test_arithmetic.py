"""Sums of the sales report: whatever the deals, nothing is lost and nothing counted twice."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from crm_store.models import LeadSource, LostReason, OpportunityStatus
from crm_store.sales.arithmetic import (
    Tally,
    days_to_win,
    forecast,
    lost_reasons,
    outcomes,
    paces,
)
from crm_store.sales.facts import Deal, Visit

START = datetime(2026, 1, 1, tzinfo=UTC)
END = START + timedelta(days=90)
STAGES = [UUID(int=n) for n in range(1, 4)]
OWNERS = [None, UUID(int=11), UUID(int=12)]
OPEN, WON, LOST = OpportunityStatus.OPEN, OpportunityStatus.WON, OpportunityStatus.LOST


@st.composite
def deals(draw: st.DrawFn) -> Deal:
    status = draw(st.sampled_from(OpportunityStatus))
    created = START + timedelta(days=draw(st.integers(-30, 120)))
    closed = created + timedelta(days=draw(st.integers(-1, 60)))
    return Deal(
        status=status,
        stage_id=draw(st.sampled_from(STAGES)),
        amount_minor=draw(st.integers(0, 10**13)),
        chance=draw(st.integers(0, 100)),
        owner_id=draw(st.sampled_from(OWNERS)),
        source=draw(st.sampled_from(LeadSource)),
        created_at=created,
        closed_at=None if status is OPEN else closed,
        expected_close=draw(st.none() | st.dates(date(2026, 1, 1), date(2026, 12, 31))),
        lost_reason=draw(st.sampled_from(LostReason)) if status is LOST else None,
    )


@st.composite
def visits(draw: st.DrawFn) -> Visit:
    entered = START + timedelta(hours=draw(st.integers(0, 2_000)))
    left = draw(st.booleans())
    position = draw(st.integers(0, 2))
    kind = draw(st.sampled_from(OpportunityStatus)) if left else None
    return Visit(
        opportunity_id=UUID(int=100 + draw(st.integers(0, 3))),
        stage_id=STAGES[position],
        entered_at=entered,
        left_at=entered + timedelta(hours=draw(st.integers(-5, 500))) if left else None,
        position=position,
        next_position=draw(st.integers(0, 2)) if kind is OPEN else 3 if kind else None,
        next_kind=kind,
    )


many = st.lists(deals(), max_size=30)


@given(many)
def test_parts_add_up_to_the_whole(some: list[Deal]) -> None:
    (whole,) = outcomes(some, lambda _: "all", since=START, until=END).values() or [None]
    parts = outcomes(some, lambda deal: deal.owner_id, since=START, until=END).values()
    if whole is None:
        assert not parts
        return
    for side in ("won", "lost"):
        assert sum(getattr(part, side).count for part in parts) == getattr(whole, side).count
        assert (
            sum(getattr(part, side).amount_minor for part in parts)
            == getattr(whole, side).amount_minor
        )
    assert whole.win_rate is None or 0 <= whole.win_rate <= 1
    reasons = lost_reasons(some, since=START, until=END).values()
    assert sum(tally.count for tally in reasons) == whole.lost.count


@given(many, st.dictionaries(st.sampled_from(STAGES), st.floats(0, 1)))
def test_a_forecast_is_between_nothing_and_all(
    some: list[Deal], win_rates: dict[UUID, float]
) -> None:
    whole = forecast(some, lambda _: "all", win_rates).get("all")
    of_open = [deal for deal in some if deal.status is OPEN]
    if whole is None:
        assert not of_open
        return
    assert whole.open == Tally(len(of_open), sum(deal.amount_minor for deal in of_open))
    assert 0 <= whole.by_probability_minor <= whole.open.amount_minor
    assert 0 <= whole.by_history_minor <= whole.open.amount_minor + 1
    parts = forecast(some, lambda deal: deal.source, win_rates).values()
    assert sum(part.open.amount_minor for part in parts) == whole.open.amount_minor
    # Each part is rounded once.
    gap = sum(part.by_probability_minor for part in parts) - whole.by_probability_minor
    assert abs(gap) <= len(parts)


@given(many)
def test_certainties(some: list[Deal]) -> None:
    sure = [
        Deal(OPEN, STAGES[0], deal.amount_minor, 100, None, deal.source, START, None, None, None)
        for deal in some
    ]
    found = forecast(sure, lambda _: "all", {}).get("all")
    total = sum(deal.amount_minor for deal in sure)
    assert (found.by_probability_minor if found else 0) == total
    never = forecast(sure, lambda _: "all", {STAGES[0]: 0.0}).get("all")
    assert (never.by_history_minor if never else 0) == 0


@given(many)
def test_days_to_win_are_never_negative(some: list[Deal]) -> None:
    days = days_to_win(some, since=START, until=END)
    assert days is None or 0 <= days <= 60


@given(st.lists(visits(), max_size=30))
def test_an_opportunity_counts_once_in_a_stage(some: list[Visit]) -> None:
    found = paces(some, STAGES)
    for stage in STAGES:
        pace = found[stage]
        there = {visit.opportunity_id for visit in some if visit.stage_id == stage}
        assert pace.entered == len(there)
        assert pace.advanced + pace.lost <= pace.entered
        assert pace.median_days is None or pace.median_days >= 0
        assert pace.conversion is None or 0 <= pace.conversion <= 1


def test_an_example() -> None:
    one, other = UUID(int=100), UUID(int=101)

    def visit(who: UUID, at: int, days: int | None, to: int | None, kind: object) -> Visit:
        entered = START + timedelta(days=at)
        left = None if days is None else entered + timedelta(days=days)
        return Visit(who, STAGES[1], entered, left, 1, to, kind)  # type: ignore[arg-type]

    pace = paces(
        [visit(one, 0, 2, 0, OPEN), visit(one, 5, 4, 2, OPEN), visit(other, 1, None, None, None)],
        STAGES,
    )[STAGES[1]]
    # One went back first and on later: the last time counts.
    assert (pace.entered, pace.advanced, pace.lost) == (2, 1, 0)
    assert (pace.median_days, pace.mean_days, pace.conversion) == (3.0, 3.0, 1.0)
