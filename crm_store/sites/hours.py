"""Whether people answer on a site now: its business calendar, holidays heeded."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from crm_store.calendars.arithmetic import NeverOpen
from crm_store.calendars.loading import business_hours
from crm_store.models import BusinessCalendar, Site


@dataclass(frozen=True, slots=True)
class DeskHours:
    """How it stands at one instant; times are UTC.

    Attributes:
        open: whether somebody answers.
        timezone: the calendar's zone, like Europe/Berlin.
        opens_at: when somebody does again; None while open, and where nobody ever does.
        closes_at: until when somebody does; None while closed, and where it never ends.
    """

    open: bool
    timezone: str
    opens_at: datetime | None
    closes_at: datetime | None


def desk_hours(session: Session, site: Site, *, at: datetime) -> DeskHours | None:
    """The site's hours as they stand; None for a site that names no calendar."""
    if site.calendar_id is None:
        return None
    calendar = session.scalar(
        select(BusinessCalendar)
        .where(BusinessCalendar.id == site.calendar_id)
        .options(selectinload(BusinessCalendar.days))
    )
    if calendar is None:
        return None
    hours = business_hours(calendar)
    try:
        if hours.is_open(at):
            return DeskHours(True, calendar.time_zone, None, hours.next_closing(at))
        return DeskHours(False, calendar.time_zone, hours.next_opening(at), None)
    except NeverOpen:
        return DeskHours(False, calendar.time_zone, None, None)
