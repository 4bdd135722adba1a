"""What can go wrong with a message that the shop says first."""

from foundation.errors import Conflict, NotFound


class OutreachNotFound(NotFound):
    """Absent."""

    code = "outreach_not_found"
    title = "No such message"


class OutreachDone(Conflict):
    """It was delivered, refused, or is out of date."""

    code = "outreach_done"
    title = "This message no longer waits"
