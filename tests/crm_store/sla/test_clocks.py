"""Clocks as functions of a history."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from crm_store.calendars.arithmetic import BusinessHours
from crm_store.calendars.hours import WEEKDAYS, read_week
from crm_store.models import ClockState, TicketStatus
from crm_store.sla.clocks import Reading, Stretch, read_clock, stretches, until

ALWAYS = BusinessHours(ZoneInfo("UTC"), read_week({d: [["00:00", "24:00"]] for d in WEEKDAYS}))
NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
OPEN, PENDING, SOLVED = TicketStatus.OPEN, TicketStatus.PENDING, TicketStatus.SOLVED


def read(
    *changes: tuple[float, TicketStatus],
    now: float,
    target: float = 4,
    stopped: float | None = None,
) -> Reading:
    spans = stretches(NOON, [(NOON + at * HOUR, status) for at, status in changes])
    return read_clock(
        spans,
        target=target * HOUR,
        warn=HOUR,
        hours=ALWAYS,
        now=NOON + now * HOUR,
        stopped_at=None if stopped is None else NOON + stopped * HOUR,
    )


def test_a_running_clock() -> None:
    reading = read(now=1)
    assert reading.state is ClockState.RUNNING
    assert reading.due_at == NOON + 4 * HOUR
    assert reading.warn_at == NOON + 3 * HOUR
    assert reading.breached_at is None


def test_it_stands_while_the_customer_has_the_next_move() -> None:
    paused = read((1, PENDING), now=20)
    assert paused.state is ClockState.PAUSED
    assert paused.spent == HOUR
    assert paused.due_at is None
    resumed = read((1, PENDING), (21, OPEN), now=22)
    assert resumed.due_at == NOON + 24 * HOUR


def test_it_goes_on_when_the_ticket_comes_back() -> None:
    settled = read((3, SOLVED), now=5, stopped=3)
    assert (settled.state, settled.spent, settled.breached_at) == (
        ClockState.STOPPED, 3 * HOUR, None,
    )  # fmt: skip
    again = read((3, SOLVED), (10, OPEN), now=10.5)
    assert again.due_at == NOON + 11 * HOUR


def test_when_it_was_too_late() -> None:
    assert read(now=4).breached_at == NOON + 4 * HOUR
    assert read((6, SOLVED), now=9, stopped=6).breached_at == NOON + 4 * HOUR
    assert read((4, SOLVED), now=9, stopped=4).breached_at is None  # just in time
    late = read((1, PENDING), (5, OPEN), now=9)
    assert late.breached_at == late.due_at == NOON + 8 * HOUR
    assert late.warn_at is None


def test_a_clock_that_goes_back_costs_nothing() -> None:
    reading = read((-2, PENDING), (-3, OPEN), (-4, PENDING), now=-4)
    assert reading.spent == timedelta(0)
    assert read(now=-5).due_at == NOON + 4 * HOUR


def test_cutting_at_the_answer() -> None:
    spans = [Stretch(NOON, NOON + HOUR), Stretch(NOON + 3 * HOUR, None)]
    assert until(spans, NOON + 4 * HOUR) == [spans[0], Stretch(NOON + 3 * HOUR, NOON + 4 * HOUR)]
    assert until(spans, NOON + 2 * HOUR) == [spans[0]]


@given(
    st.lists(st.tuples(st.integers(1, 300), st.sampled_from([OPEN, PENDING, SOLVED])), max_size=8),
    st.integers(1, 1_000),
)
def test_whatever_the_order_of_changes_it_counts_open_minutes(
    steps: list[tuple[int, TicketStatus]], target: int
) -> None:
    minute = timedelta(minutes=1)
    at, status, open_minutes, changes = 0, OPEN, 0, []
    for wait, new in steps:
        open_minutes += wait if status is OPEN else 0
        at += wait
        status = new
        changes.append((NOON + at * minute, new))
    reading = read_clock(
        stretches(NOON, changes),
        target=target * minute,
        warn=minute,
        hours=ALWAYS,
        now=NOON + at * minute,
        stopped_at=NOON + at * minute if status is SOLVED else None,
    )
    if status is OPEN:
        assert reading.state is ClockState.RUNNING
        assert reading.due_at is not None
        if open_minutes <= target:
            left = max(0, target - open_minutes)
            assert reading.due_at <= NOON + at * minute + left * minute
    else:
        assert reading.spent == open_minutes * minute
        assert (reading.breached_at is not None) == (open_minutes > target)
