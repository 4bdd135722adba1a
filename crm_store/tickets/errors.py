"""What can go wrong with a ticket."""

from foundation.errors import Conflict, NotFound


class TicketNotFound(NotFound):
    """No such ticket, or not one that the asker may see."""

    code = "ticket_not_found"
    title = "There is no such ticket"


class TicketChanged(Conflict):
    """Somebody else was first: read it again, and decide again."""

    code = "ticket_changed"
    title = "Somebody has changed this ticket meanwhile"


class NotMergeable(Conflict):
    """The two are not one matter; the detail says why."""

    code = "not_mergeable"
    title = "These tickets cannot be merged"


class TicketMerged(Conflict):
    """It goes on as another ticket; the detail names that."""

    code = "ticket_merged"
    title = "This ticket was merged into another"
