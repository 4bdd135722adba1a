"""What a calendar is to be, checked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from crm_store.calendars.hours import read_day, read_week, write_day, write_week
from crm_store.calendars.public_holidays import require_known
from crm_store.texts import shorten, storable
from foundation.errors import Invalid

_MAX_DAYS = 400


@dataclass(frozen=True, slots=True)
class DayDraft:
    """A day with hours of its own; none means closed."""

    day: date
    name: str
    hours: Sequence[Any]


@dataclass(frozen=True, slots=True)
class CalendarDraft:
    """A calendar as somebody wants it; see ``BusinessCalendar`` for the fields."""

    name: str
    time_zone: str
    hours: dict[str, Any]
    country: str | None = None
    subdivision: str | None = None
    is_default: bool = False
    days: Sequence[DayDraft] = ()

    def values(self) -> dict[str, Any]:
        """The row's values.

        Raises:
            Invalid: the field that is wrong, and why.
        """
        name = shorten(storable(self.name), 200)
        if not name:
            raise Invalid("name: must not be empty")
        require_known(self.country, self.subdivision)
        return {
            "name": name,
            "time_zone": _zone(self.time_zone),
            "hours": write_week(read_week(self.hours)),
            "country": self.country,
            "subdivision": self.subdivision,
            "is_default": self.is_default,
        }

    def day_values(self) -> list[dict[str, Any]]:
        """The values of its own days, in order; raises like ``values``."""
        if len(self.days) > _MAX_DAYS:
            raise Invalid(f"days: at most {_MAX_DAYS}")
        if len({entry.day for entry in self.days}) < len(self.days):
            raise Invalid("days: a day is there twice")
        return [
            {
                "day": entry.day,
                "name": shorten(storable(entry.name), 200),
                "hours": write_day(read_day(entry.hours, field="days")),
            }
            for entry in sorted(self.days, key=lambda entry: entry.day)
        ]


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Invalid("time_zone: not a zone's name, like Europe/Berlin") from None
    return name
