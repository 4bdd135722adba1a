"""What can go wrong with a calendar."""

from foundation.errors import Conflict, NotFound


class CalendarNotFound(NotFound):
    """Absent."""

    code = "calendar_not_found"
    title = "There is no such business calendar"


class CalendarInUse(Conflict):
    """Policies promise times by it."""

    code = "calendar_in_use"
    title = "A policy counts by this calendar"


class CalendarChanged(Conflict):
    """Somebody else was first."""

    code = "calendar_changed"
    title = "Somebody has changed this calendar meanwhile"
