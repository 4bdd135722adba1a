"""Arithmetic in business time. Pure: no clock, no database.

An instant is open when the wall clock in the calendar's zone shows a time within one of that day's
intervals. From this one rule follows what happens when clocks change: an hour that the wall clock
skips has no business time, one that it shows twice counts twice.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from crm_store.calendars.hours import Interval, Week

_DAY = timedelta(days=1)
_NOTHING = timedelta(0)
_PATIENCE_DAYS = 20_000
_ALWAYS_OPEN = timedelta(days=400)

Stretch = tuple[datetime, datetime]
"""Open time in UTC, the end excluded."""


class NeverOpen(Exception):
    """The calendar does not open again within half a century."""


@dataclass(frozen=True)
class BusinessHours:
    """When somebody works.

    Attributes:
        zone: whose wall clock the hours are read on.
        week: the usual hours.
        special: the hours of a day that differs from its weekday (a holiday has none), or None.
    """

    zone: ZoneInfo
    week: Week
    special: Callable[[date], tuple[Interval, ...] | None] = lambda _day: None
    _known: dict[date, tuple[Stretch, ...]] = field(default_factory=dict, repr=False, compare=False)

    def is_open(self, at: datetime) -> bool:
        """Whether somebody works at this instant."""
        return any(start <= at < end for start, end in self._stretches(_local_day(at, self.zone)))

    def next_opening(self, after: datetime) -> datetime:
        """The first open instant at or after ``after``.

        Raises:
            NeverOpen: there is none.
        """
        for start, end in self._from(after):
            if end > after:
                return max(start, after.astimezone(UTC))
        raise NeverOpen

    def next_closing(self, after: datetime) -> datetime | None:
        """When the open time that ``after`` lies in, or that comes next, ends.

        None when it does not end within a year and a month: open around the clock.

        Raises:
            NeverOpen: it does not open again.
        """
        opened = self.next_opening(after)
        closing = opened
        for start, end in self._from(opened, until=opened + _ALWAYS_OPEN):
            if start > closing:
                return closing
            closing = max(closing, end)
        return None if closing - opened > _ALWAYS_OPEN - _DAY else closing

    def hours_of(self, day: date) -> tuple[Interval, ...]:
        """The wall times of a day, its holidays and exceptions heeded."""
        hours = self.special(day)
        return self.week[day.weekday()] if hours is None else hours

    def business_time_between(self, start: datetime, end: datetime) -> timedelta:
        """Open time from ``start`` to ``end``; negative when ``end`` comes first."""
        if end < start:
            return -self.business_time_between(end, start)
        total = _NOTHING
        for opened, closed in self._from(start, until=end):
            total += max(_NOTHING, min(closed, end) - max(opened, start))
        return total

    def add_business_time(self, start: datetime, duration: timedelta) -> datetime:
        """The first instant at which ``duration`` of open time has gone by since ``start``.

        Raises:
            ValueError: a negative duration.
            NeverOpen: there is not so much open time to come.
        """
        if duration < _NOTHING:
            raise ValueError("business time is added, never taken away")
        start = start.astimezone(UTC)
        if not duration:
            return start
        left = duration
        for opened, closed in self._from(start):
            begin = max(opened, start)
            if closed - begin >= left:
                return begin + left
            left -= max(_NOTHING, closed - begin)
        raise NeverOpen

    def _from(self, start: datetime, until: datetime | None = None) -> Iterator[Stretch]:
        """Open stretches in order, from the day of ``start`` to that of ``until``."""
        day = _local_day(start, self.zone)
        last = _local_day(until, self.zone) if until is not None else None
        for _ in range(_PATIENCE_DAYS) if last is None else count():
            yield from self._stretches(day)
            if day in {last, date.max}:
                return
            day += _DAY

    def _stretches(self, day: date) -> tuple[Stretch, ...]:
        known = self._known.get(day)
        if known is None:
            known = self._known[day] = tuple(_in_utc(day, self.hours_of(day), self.zone))
        return known


def _local_day(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()


def _in_utc(day: date, hours: tuple[Interval, ...], zone: ZoneInfo) -> Iterator[Stretch]:
    """The instants of these wall times, merged where they touch, in order."""
    if not hours:
        return
    found: list[Stretch] = []
    for begin, finish, offset in _offsets(day, zone):
        midnight = datetime.combine(day, datetime.min.time(), UTC) - offset
        for start, end in hours:
            opened = max(begin, midnight + timedelta(minutes=start))
            closed = min(finish, midnight + timedelta(minutes=end))
            if opened < closed:
                found.append((opened, closed))
    merged = None
    for stretch in sorted(found):
        if merged is not None and stretch[0] <= merged[1]:
            merged = (merged[0], max(merged[1], stretch[1]))
            continue
        if merged is not None:
            yield merged
        merged = stretch
    if merged is not None:
        yield merged


def _offsets(day: date, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime, timedelta]]:
    """The times of constant offset from UTC around a local day, as (from, to, offset)."""
    noon = datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=12)
    begin, end = noon - timedelta(hours=40), noon + timedelta(hours=40)
    first, last = _offset(begin, zone), _offset(end, zone)
    if first == last:
        yield begin, end, first
        return
    seconds = range(int((end - begin).total_seconds()))
    change = begin + timedelta(
        seconds=bisect_right(
            seconds, 0, key=lambda s: _offset(begin + timedelta(seconds=s), zone) != first
        )
    )
    yield begin, change, first
    yield change, end, last


def _offset(at: datetime, zone: ZoneInfo) -> timedelta:
    offset = at.astimezone(zone).utcoffset()
    assert offset is not None  # an aware time has one
    return offset
