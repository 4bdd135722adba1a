"""Tickets whose clocks no longer fit what they are counted by."""

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from crm_store.models import SlaPolicy, Ticket, TicketStatus

UNSETTLED = (TicketStatus.OPEN, TicketStatus.PENDING)


def mark_stale(session: Session, *, calendar_id: UUID | None = None) -> None:
    """Have the job compute unsettled tickets' clocks anew.

    Args:
        session: the caller's.
        calendar_id: those counted by this calendar; None for all, when policies have changed.
    """
    statement = update(Ticket).where(Ticket.status.in_(UNSETTLED))
    if calendar_id is not None:
        counted = select(SlaPolicy.id).where(SlaPolicy.calendar_id == calendar_id)
        statement = statement.where(Ticket.policy_id.in_(counted))
    session.execute(
        statement.values(sla_stale=True, updated_at=Ticket.updated_at).execution_options(
            synchronize_session=False
        )
    )
