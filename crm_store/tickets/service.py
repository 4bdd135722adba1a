"""Tickets: what could not be settled at once, so that it is not forgotten."""

from crm_store.tickets.bulk import Bulk, BulkResult
from crm_store.tickets.changes import TicketChange
from crm_store.tickets.comments import Comments
from crm_store.tickets.listing import (
    COMMENT_SORTS,
    TICKET_SORTS,
    Listing,
    SlaState,
    TicketDetail,
    TicketFilter,
    TicketRow,
)
from crm_store.tickets.merging import Merging
from crm_store.tickets.numbers import normalise_ticket_number
from crm_store.tickets.opening import Opening

__all__ = [
    "COMMENT_SORTS",
    "TICKET_SORTS",
    "BulkResult",
    "SlaState",
    "TicketChange",
    "TicketDetail",
    "TicketFilter",
    "TicketRow",
    "TicketService",
    "normalise_ticket_number",
]


class TicketService(Opening, Comments, Bulk, Merging, Listing):
    """Everything that can be done with a ticket, a part a file.

    It changes only within the caller's transaction. Changes are compare-and-set on the ticket's
    version: the loser gets TicketChanged and nothing is written.
    """
