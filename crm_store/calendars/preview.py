"""What a calendar would mean from now on, before anybody relies on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from crm_store.calendars.arithmetic import BusinessHours, NeverOpen
from crm_store.calendars.drafts import CalendarDraft
from crm_store.calendars.hours import write_day
from crm_store.calendars.loading import business_hours
from crm_store.calendars.public_holidays import holidays_of_year
from crm_store.models import BusinessCalendar, CalendarDay

PREVIEW_DAYS = 14


@dataclass(frozen=True, slots=True)
class PreviewDay:
    """A day as it would be; ``name`` is the holiday's, or that of the day's own hours."""

    day: date
    name: str | None
    hours: list[list[str]]


@dataclass(frozen=True, slots=True)
class Preview:
    """Whether it is open now, when that changes next, and the coming days.

    ``changes_at`` is None when it never changes: open around the clock, or never again.
    """

    is_open: bool
    changes_at: datetime | None
    days: Sequence[PreviewDay]


def preview(draft: CalendarDraft, now: datetime) -> Preview:
    """What the draft would mean.

    Raises:
        Invalid: the draft is wrong; the detail says where.
    """
    calendar = BusinessCalendar(**draft.values())
    calendar.days = [CalendarDay(**values) for values in draft.day_values()]
    hours = business_hours(calendar)
    own = {entry.day: entry.name for entry in calendar.days}
    today = now.astimezone(hours.zone).date()
    days = [today + timedelta(days=ahead) for ahead in range(PREVIEW_DAYS)]
    return Preview(
        hours.is_open(now),
        _next_change(hours, now),
        [
            PreviewDay(
                day,
                own[day] if day in own else _holiday(calendar, day),
                write_day(hours.hours_of(day)),
            )
            for day in days
        ],
    )


def _next_change(hours: BusinessHours, now: datetime) -> datetime | None:
    try:
        return hours.next_closing(now) if hours.is_open(now) else hours.next_opening(now)
    except NeverOpen:
        return None


def _holiday(calendar: BusinessCalendar, day: date) -> str | None:
    if calendar.country is None:
        return None
    return holidays_of_year(calendar.country, calendar.subdivision, day.year).get(day)
