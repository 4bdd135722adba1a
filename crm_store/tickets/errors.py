"""What can go wrong with a ticket."""

from foundation.errors import NotFound


class TicketNotFound(NotFound):
    """No such ticket, or not one that the asker may see."""

    code = "ticket_not_found"
    title = "There is no such ticket"
