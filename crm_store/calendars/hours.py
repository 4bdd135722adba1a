"""Opening hours as wall times: what a calendar says of a day, whatever the zone makes of it."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from foundation.errors import Invalid

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_MINUTES = 24 * 60
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|24:00", re.ASCII)
_MAX_INTERVALS = 12

Interval = tuple[int, int]
"""Minutes since local midnight, the end excluded; 1440 is the next midnight."""
Week = tuple[tuple[Interval, ...], ...]
"""Seven days, Monday first."""


def read_day(value: Sequence[Any], *, field: str) -> tuple[Interval, ...]:
    """The intervals of ``[["09:00", "12:30"], …]``, in order.

    Raises:
        Invalid: not times, upside down, overlapping, or too many.
    """
    if isinstance(value, str) or not isinstance(value, Sequence) or len(value) > _MAX_INTERVALS:
        raise Invalid(f"{field}: a list of at most {_MAX_INTERVALS} intervals")
    found = sorted(_interval(entry, field) for entry in value)
    for (_, end), (start, _) in pairwise(found):
        if start < end:
            raise Invalid(f"{field}: the intervals overlap")
    return tuple(found)


def read_week(value: Any) -> Week:
    """The week of ``{"mon": [...], …}``; a day left out is closed.

    Raises:
        Invalid: an unknown day, a bad interval, or no hour open in the whole week.
    """
    if not isinstance(value, dict) or not value.keys() <= set(WEEKDAYS):
        raise Invalid(f"hours: days are {', '.join(WEEKDAYS)}")
    week = tuple(read_day(value.get(day) or [], field=f"hours.{day}") for day in WEEKDAYS)
    if not any(week):
        raise Invalid("hours: at least one hour of the week has to be open")
    return week


def write_day(day: Sequence[Interval]) -> list[list[str]]:
    """The intervals as they are stored."""
    return [[_text(start), _text(end)] for start, end in day]


def write_week(week: Week) -> dict[str, list[list[str]]]:
    """The week as it is stored: open days only."""
    return {name: write_day(day) for name, day in zip(WEEKDAYS, week, strict=True) if day}


def _interval(entry: Any, field: str) -> Interval:
    if isinstance(entry, str) or not isinstance(entry, Sequence) or len(entry) != 2:
        raise Invalid(f"{field}: an interval is a start and an end")
    start, end = (_minute(text, field) for text in entry)
    if start >= end:
        raise Invalid(f"{field}: an interval ends after it starts; past midnight, write two days")
    return start, end


def _minute(text: Any, field: str) -> int:
    match = _TIME.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise Invalid(f"{field}: times read 00:00 to 24:00")
    if match.group(1) is None:
        return DAY_MINUTES
    return int(match.group(1)) * 60 + int(match.group(2))


def _text(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
