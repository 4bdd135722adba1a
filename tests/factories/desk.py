"""Calendars and promises of the service desk."""

from typing import Any

from sqlalchemy.orm import Session

from crm_store.models import BusinessCalendar, SlaPolicy
from foundation.ids import new_id

_WORKDAYS = ("mon", "tue", "wed", "thu", "fri")


def make_calendar(session: Session, **given: Any) -> BusinessCalendar:
    """Monday to Friday, nine to five, in UTC and without holidays."""
    values: dict[str, Any] = {
        "name": f"Office {new_id().hex}",
        "time_zone": "UTC",
        "hours": {day: [["09:00", "17:00"]] for day in _WORKDAYS},
    }
    calendar = BusinessCalendar(**values | given)
    session.add(calendar)
    session.flush()
    return calendar


def make_policy(session: Session, **given: Any) -> SlaPolicy:
    """An answer in an hour, a solution in eight, for every ticket; told half an hour before."""
    if "calendar_id" not in given:
        given["calendar_id"] = make_calendar(session).id
    values: dict[str, Any] = {
        "name": f"Policy {new_id().hex}",
        "position": 10,
        "first_response_minutes": 60,
        "resolution_minutes": 480,
        "warn_minutes": 30,
    }
    policy = SlaPolicy(**values | given)
    session.add(policy)
    session.flush()
    return policy
