"""What the parts of the ticket service share."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from crm_store.asking import AsCustomer, Asker, AsStaff
from crm_store.interactions import InteractionService
from crm_store.models import Author, InteractionKind, Ticket, TicketEvent
from crm_store.sla.keeper import SlaKeeper
from crm_store.tickets.errors import TicketNotFound
from crm_store.tickets.numbers import normalise_ticket_number
from crm_store.tickets.repository import TicketRepository
from foundation.clock import utc_now


class TicketPart:
    """A session, the repository over it, and how events are written."""

    def __init__(self, session: Session, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._session = session
        self._tickets = TicketRepository(session)
        self._interactions = InteractionService(session)
        self._clock = clock
        self._keeper = SlaKeeper(session)

    def _find(self, number: str, asker: Asker, *, lock: bool = False) -> Ticket:
        """The ticket, by its number as people type it.

        Raises:
            TicketNotFound: absent, or another customer's.
        """
        wanted = normalise_ticket_number(number)
        found = self._tickets.by_number(wanted, asker, lock=lock) if wanted else None
        if found is None:
            raise TicketNotFound
        return found

    def _log(
        self,
        ticket: Ticket,
        kind: str,
        *,
        asker: Asker | None,
        at: datetime,
        data: dict[str, Any] | None = None,
    ) -> None:
        """Write down a change."""
        actor, user_id = actor_of(asker)
        self._session.add(
            TicketEvent(
                ticket_id=ticket.id,
                version=ticket.version,
                kind=kind,
                actor=actor,
                user_id=user_id,
                data=data,
                at=at,
            )
        )
        self._session.flush()

    def _record(
        self,
        ticket: Ticket,
        event: str,
        summary: str,
        *,
        at: datetime,
        source_key: str | None = None,
    ) -> None:
        """Put what a customer would want to know on their timeline."""
        if ticket.customer_id is None:
            return
        self._interactions.record(
            customer_id=ticket.customer_id,
            kind=InteractionKind.TICKET,
            summary=summary,
            data={"event": event, "ticket": ticket.number, "topic": ticket.topic},
            at=at,
            conversation_id=ticket.conversation_id,
            order_id=ticket.order_id,
            source_key=source_key or f"ticket:{ticket.number}:{ticket.version}:{event}",
        )


def actor_of(asker: Asker | None) -> tuple[Author, UUID | None]:
    """Who an event says it was; None is the assistant, in the course of a chat."""
    match asker:
        case None:
            return Author.BOT, None
        case AsStaff():
            return Author.AGENT, asker.user_id
        case AsCustomer():
            return Author.CUSTOMER, None
        case _:
            return Author.SYSTEM, None
