"""From a stored calendar to its arithmetic."""

from datetime import date
from zoneinfo import ZoneInfo

from crm_store.calendars.arithmetic import BusinessHours
from crm_store.calendars.hours import Interval, read_day, read_week
from crm_store.calendars.public_holidays import holidays_of_year
from crm_store.models import BusinessCalendar


def business_hours(calendar: BusinessCalendar) -> BusinessHours:
    """The calendar's hours; later changes of the row do not change them."""
    own = {entry.day: read_day(entry.hours, field="days") for entry in calendar.days}
    country, subdivision = calendar.country, calendar.subdivision

    def special(day: date) -> tuple[Interval, ...] | None:
        if day in own:
            return own[day]
        if country is not None and day in holidays_of_year(country, subdivision, day.year):
            return ()
        return None

    return BusinessHours(ZoneInfo(calendar.time_zone), read_week(calendar.hours), special)
