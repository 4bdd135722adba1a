"""What a chat means for the tickets that came up in it."""

from datetime import datetime
from functools import cache
from uuid import UUID

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from crm_store.models import Author, Ticket, TicketEvent, TicketStatus, User
from crm_store.sla.keeper import SlaKeeper
from crm_store.sla.stale import UNSETTLED
from crm_store.tickets.repository import TicketRepository


def agent_answered(session: Session, conversation_id: UUID, *, user: User, at: datetime) -> None:
    """A person has answered: that is the first response to what is unsettled and unanswered."""
    for ticket in _held(session, conversation_id):
        if ticket.answered_at is None:
            changed = TicketRepository(session).change(ticket, answered_at=at, updated_at=at)
            _log(session, changed, "answered", author=Author.AGENT, user_id=user.id, at=at)
            SlaKeeper(session).refresh(changed, now=at)


def customer_wrote(session: Session, conversation_id: UUID, *, at: datetime) -> None:
    """The customer has answered: what waited for them is the desk's again."""
    for ticket in _held(session, conversation_id):
        if ticket.status is TicketStatus.PENDING:
            changed = TicketRepository(session).change(
                ticket, status=TicketStatus.OPEN, updated_at=at
            )
            data = {"from": TicketStatus.PENDING.value, "to": TicketStatus.OPEN.value}
            _log(session, changed, "status", author=Author.CUSTOMER, at=at, data=data)
            SlaKeeper(session).refresh(changed, now=at)


def _held(session: Session, conversation_id: UUID) -> list[Ticket]:
    """The conversation's unsettled tickets; most have none, and pay for a look at an index."""
    return list(session.scalars(_unsettled(), {"conversation": conversation_id}))


# Run for every message of every customer, and building it costs more than running it.
@cache
def _unsettled() -> Select[Ticket]:
    return (
        select(Ticket)
        .where(
            Ticket.conversation_id == bindparam("conversation"),
            Ticket.status.in_(UNSETTLED),
        )
        .order_by(Ticket.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )


def _log(
    session: Session,
    ticket: Ticket,
    kind: str,
    *,
    author: Author,
    at: datetime,
    user_id: UUID | None = None,
    data: dict[str, str] | None = None,
) -> None:
    session.add(
        TicketEvent(
            ticket_id=ticket.id,
            version=ticket.version,
            kind=kind,
            actor=author,
            user_id=user_id,
            data=data,
            at=at,
        )
    )
    session.flush()
