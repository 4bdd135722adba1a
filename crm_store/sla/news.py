"""What the clocks have run into lately, for those who show it at once."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_store.models import Ticket, TicketEvent
from crm_store.sla.keeper import BREACHED, DUE_SOON

_LATEST = 100


@dataclass(frozen=True, slots=True)
class SlaNews:
    """A promise is due soon, or late."""

    event_id: UUID
    kind: str
    ticket_number: str


def latest_news(session: Session) -> list[SlaNews]:
    """The latest events of each kind, in no order."""
    news: list[SlaNews] = []
    for kind in (DUE_SOON, BREACHED):
        rows = session.execute(
            select(TicketEvent.id, Ticket.number)
            .join(Ticket, Ticket.id == TicketEvent.ticket_id)
            .where(TicketEvent.kind == kind)
            .order_by(TicketEvent.at.desc())
            .limit(_LATEST)
        )
        news += [SlaNews(event_id, kind, number) for event_id, number in rows]
    return news
