"""``/api/v1/tickets``."""

from typing import Annotated

from fastapi import APIRouter, Path

from crm_store.models import TicketStatus
from crm_store.tickets.service import TicketService
from gateway.auth.staff import StaffDep
from gateway.paging import Cursor, Limit
from gateway.parts import PartsDep
from gateway.schemas import ListOf, list_of
from gateway.tickets.schemas import TicketView

router = APIRouter(prefix="/tickets", tags=["tickets"])


@router.get("")
def list_tickets(
    staff: StaffDep,
    parts: PartsDep,
    status: TicketStatus | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ListOf[TicketView]:
    """Tickets, newest first."""
    with parts.database.reading() as session:
        page = TicketService(session).list(
            asker=staff.asker, status=status, cursor=cursor, limit=limit
        )
        return list_of(page, TicketView.model_validate)


@router.get("/{number}")
def get_ticket(
    number: Annotated[str, Path(max_length=40)], staff: StaffDep, parts: PartsDep
) -> TicketView:
    """One ticket by its number."""
    with parts.database.reading() as session:
        return TicketView.model_validate(
            TicketService(session).by_number(number, asker=staff.asker)
        )
