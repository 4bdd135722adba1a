"""Business time against a minute-by-minute count, and the laws it has to obey."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_store.calendars.arithmetic import BusinessHours, NeverOpen
from crm_store.calendars.hours import WEEKDAYS, Interval, Week, read_week

BERLIN = ZoneInfo("Europe/Berlin")
# Where clocks change at midnight, by half an hour, on other days, or a whole day was skipped.
ZONES = [
    "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Kolkata",
    "Africa/Casablanca", "Pacific/Apia", "Asia/Beirut", "UTC",
]  # fmt: skip
# A little before changes of clocks, of a year, and of a leap February.
STARTS = [
    datetime(2026, 3, 27, 9, tzinfo=UTC), datetime(2026, 10, 23, 9, tzinfo=UTC),
    datetime(2026, 3, 6, 9, tzinfo=UTC), datetime(2018, 11, 2, 9, tzinfo=UTC),
    datetime(2026, 4, 3, 0, tzinfo=UTC), datetime(2011, 12, 28, 0, tzinfo=UTC),
    datetime(2024, 2, 27, 0, tzinfo=UTC), datetime(2025, 12, 30, 0, tzinfo=UTC),
    datetime(2026, 2, 14, 0, tzinfo=UTC),
]  # fmt: skip
MINUTE = timedelta(minutes=1)


@st.composite
def days(draw: st.DrawFn) -> tuple[Interval, ...]:
    edges = sorted(draw(st.sets(st.integers(0, 96), max_size=6)))
    return tuple((a * 15, b * 15) for a, b in zip(edges[::2], edges[1::2], strict=False))


@st.composite
def hours(draw: st.DrawFn) -> BusinessHours:
    week: Week = tuple(draw(days()) for _ in WEEKDAYS)
    if not any(week):
        week = (*week[:-1], ((0, 1440),))
    closed = draw(st.dictionaries(st.sampled_from(range(1, 29)), days(), max_size=3))

    def special(day: date) -> tuple[Interval, ...] | None:
        return closed.get(day.day)

    return BusinessHours(ZoneInfo(draw(st.sampled_from(ZONES))), week, special)


moments = st.builds(
    lambda start, minutes: start + minutes * MINUTE,
    st.sampled_from(STARTS),
    st.integers(0, 3 * 24 * 60),
)
durations = st.integers(0, 60 * 60).map(lambda minutes: minutes * MINUTE)


def shown_open(hours: BusinessHours, at: datetime) -> bool:
    """By the definition alone: what the wall clock shows, and what that day's hours are."""
    local = at.astimezone(hours.zone)
    minute = local.hour * 60 + local.minute
    special = hours.special(local.date())
    day = hours.week[local.weekday()] if special is None else special
    return any(start <= minute < end for start, end in day)


@settings(max_examples=150, deadline=None)
@given(hours(), moments, st.integers(0, 3 * 24 * 60))
def test_a_count_of_minutes_agrees(hours: BusinessHours, start: datetime, length: int) -> None:
    instants = [start + n * MINUTE for n in range(length)]
    shown = [shown_open(hours, at) for at in instants]
    assert hours.business_time_between(start, start + length * MINUTE) == sum(shown) * MINUTE
    for at, expected in list(zip(instants, shown, strict=True))[::37]:
        assert hours.is_open(at) is expected


@settings(max_examples=150, deadline=None)
@given(hours(), moments, durations)
def test_adding_and_measuring_are_inverse(
    hours: BusinessHours, start: datetime, duration: timedelta
) -> None:
    end = hours.add_business_time(start, duration)
    assert end >= start
    assert hours.business_time_between(start, end) == duration
    if duration:  # the first such instant: the moment before it was open
        assert hours.is_open(end - timedelta(microseconds=1))


@settings(max_examples=100, deadline=None)
@given(hours(), moments, moments, moments)
def test_measures_add_up(hours: BusinessHours, a: datetime, b: datetime, c: datetime) -> None:
    between = hours.business_time_between
    assert between(a, c) == between(a, b) + between(b, c)
    assert between(a, b) == -between(b, a)
    assert abs(between(a, b)) <= abs(b - a)


@settings(max_examples=100, deadline=None)
@given(hours(), moments, moments, durations, durations)
def test_adding_is_monotone(
    hours: BusinessHours, a: datetime, b: datetime, one: timedelta, other: timedelta
) -> None:
    assert (hours.add_business_time(a, one) <= hours.add_business_time(a, other)) or one > other
    first, last = sorted((a, b))
    assert hours.add_business_time(first, one) <= hours.add_business_time(last, one)
    step = hours.add_business_time(a, one)
    assert hours.add_business_time(step, other) == hours.add_business_time(a, one + other)


@settings(max_examples=100, deadline=None)
@given(hours(), moments)
def test_the_next_opening_is_the_next_open_minute(hours: BusinessHours, at: datetime) -> None:
    opening = hours.next_opening(at)
    assert hours.is_open(opening)
    assert not hours.business_time_between(at, opening)


OFFICE = BusinessHours(
    BERLIN,
    read_week(
        {day: [["09:00", "12:30"], ["13:30", "18:00"]] for day in ("mon", "tue", "wed", "thu")}
        | {"fri": [["09:00", "14:00"]]}
    ),
)


def berlin(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-11-26 10:00", 1, "2026-11-26 11:00"),
        ("2026-11-26 12:00", 1, "2026-11-26 14:00"),  # over lunch
        ("2026-11-27 13:00", 2, "2026-11-30 10:00"),  # over the weekend
        ("2026-11-28 11:00", 1, "2026-11-30 10:00"),  # from the weekend
        ("2026-11-26 17:00", 1, "2026-11-26 18:00"),  # ends with the day, not with the next
        ("2026-12-31 17:30", 1, "2027-01-01 09:30"),  # over the year
        ("2026-10-23 13:00", 2, "2026-10-26 10:00"),  # summer time ends on that Sunday
        ("2028-02-28 17:00", 9, "2028-02-29 18:00"),  # the leap day is a working day
    ],
)
def test_an_office(start: str, hours: int, end: str) -> None:
    assert OFFICE.add_business_time(berlin(start), timedelta(hours=hours)) == berlin(end)


def test_an_hour_that_is_skipped_and_one_that_comes_twice() -> None:
    night = BusinessHours(BERLIN, read_week({"sun": [["01:00", "04:00"]]}))
    spring, autumn = berlin("2026-03-29 00:00"), berlin("2026-10-25 00:00")
    day = timedelta(hours=23)
    assert night.business_time_between(spring, spring + day) == timedelta(hours=2)
    assert night.business_time_between(autumn, autumn + day) == timedelta(hours=4)


def test_round_the_clock_is_just_time() -> None:
    always = BusinessHours(BERLIN, read_week({day: [["00:00", "24:00"]] for day in WEEKDAYS}))
    start = datetime(2026, 3, 1, tzinfo=UTC)
    assert always.business_time_between(start, start + timedelta(days=400)) == timedelta(days=400)


def test_what_cannot_be() -> None:
    never = BusinessHours(BERLIN, read_week({"mon": [["09:00", "10:00"]]}), lambda _day: ())
    with pytest.raises(NeverOpen):
        never.next_opening(datetime(2026, 1, 1, tzinfo=UTC))
    with pytest.raises(NeverOpen):
        never.add_business_time(datetime(2026, 1, 1, tzinfo=UTC), MINUTE)
    with pytest.raises(ValueError, match="added"):
        OFFICE.add_business_time(datetime(2026, 1, 1, tzinfo=UTC), -MINUTE)


@settings(max_examples=60, deadline=None)
@given(hours(), moments)
def test_it_is_open_until_the_next_closing(hours: BusinessHours, at: datetime) -> None:
    opened = hours.next_opening(at)
    closing = hours.next_closing(at)
    assert closing is not None
    assert hours.business_time_between(opened, closing) == closing - opened
    assert shown_open(hours, closing - MINUTE)
    assert not shown_open(hours, closing)


def test_around_the_clock_it_never_closes() -> None:
    week = read_week({day: [["00:00", "24:00"]] for day in WEEKDAYS})
    assert BusinessHours(BERLIN, week).next_closing(STARTS[0]) is None
    holiday = BusinessHours(BERLIN, week, lambda day: () if day == date(2026, 12, 25) else None)
    assert holiday.next_closing(STARTS[0]) == datetime(2026, 12, 25, tzinfo=BERLIN)
