"""Opening tickets and finding them again."""

import re
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from crm_store.asking import Asker
from crm_store.interactions.service import InteractionService
from crm_store.models import InteractionKind, Ticket, TicketPriority, TicketStatus
from crm_store.numbering import free_number
from crm_store.pages import Page
from crm_store.texts import shorten, storable
from crm_store.tickets.errors import TicketNotFound
from crm_store.tickets.repository import TicketRepository
from foundation.clock import utc_now
from foundation.errors import Invalid

_BODY_LIMIT = 20_000
_NUMBER = re.compile(r"(?<![A-Za-z0-9])(?:T[\W_]{0,3})?(\d{7})(?!\d)", re.IGNORECASE)


class TicketService:
    """What could not be settled at once, so that it is not forgotten."""

    def __init__(self, session: Session, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._tickets = TicketRepository(session)
        self._interactions = InteractionService(session)
        self._clock = clock

    def open(
        self,
        *,
        subject: str,
        body: str,
        topic: str,
        customer_id: UUID | None = None,
        conversation_id: UUID | None = None,
        order_id: UUID | None = None,
        priority: TicketPriority = TicketPriority.NORMAL,
        idempotency_key: str,
    ) -> Ticket:
        """Open a ticket; repeating the call with the same key returns the same ticket.

        Raises:
            Invalid: an empty subject, or a bad key.
        """
        if not 1 <= len(idempotency_key) <= 128:
            raise Invalid("idempotency_key: 1 to 128 characters")
        existing = self._tickets.by_key(idempotency_key)
        if existing is not None:
            return existing
        subject = shorten(storable(subject), 200)
        if not subject:
            raise Invalid("subject: must not be empty")
        now = self._clock()
        ticket = Ticket(
            number=free_number("T", self._tickets.number_taken),
            customer_id=customer_id,
            conversation_id=conversation_id,
            order_id=order_id,
            subject=subject,
            body=storable(body).strip()[:_BODY_LIMIT],
            topic=topic[:64],
            status=TicketStatus.OPEN,
            priority=priority,
            created_at=now,
            updated_at=now,
            idempotency_key=idempotency_key,
        )
        if not self._tickets.add(ticket):
            return self._must_find(self._tickets.by_key(idempotency_key))
        if customer_id is not None:
            self._interactions.record(
                customer_id=customer_id,
                kind=InteractionKind.TICKET,
                summary=f"Ticket {ticket.number} opened: {subject}",
                data={"event": "opened", "ticket": ticket.number, "topic": ticket.topic},
                at=now,
                conversation_id=conversation_id,
                order_id=order_id,
                source_key=f"ticket:{ticket.number}",
            )
        return ticket

    def by_number(self, number: str, *, asker: Asker) -> Ticket:
        """The ticket, by its number as people type it.

        Raises:
            TicketNotFound: absent, or another customer's.
        """
        wanted = normalise_ticket_number(number)
        return self._must_find(self._tickets.by_number(wanted, asker) if wanted else None)

    def list(
        self,
        *,
        asker: Asker,
        status: TicketStatus | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[Ticket]:
        """Tickets newest first; a customer gets their own."""
        return self._tickets.page(asker, status=status, cursor=cursor, limit=limit)

    @staticmethod
    def _must_find(ticket: Ticket | None) -> Ticket:
        if ticket is None:
            raise TicketNotFound
        return ticket


def normalise_ticket_number(text: str) -> str | None:
    """The ticket number in ``text`` as it is stored: ``t 1234567`` is ``T-1234567``."""
    match = _NUMBER.search(text)
    return f"T-{int(match.group(1)):07d}" if match else None
