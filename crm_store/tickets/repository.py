"""The SQL about tickets."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from crm_store.asking import AsCustomer, Asker
from crm_store.models import Ticket, TicketStatus
from crm_store.pages import Page, fetch_page


class TicketRepository:
    """Reads are scoped by who asks."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def by_number(self, number: str, asker: Asker) -> Ticket | None:
        """The ticket, if the asker may see it."""
        statement = _scoped(select(Ticket), asker).where(Ticket.number == number)
        return self._session.scalars(statement).one_or_none()

    def by_key(self, idempotency_key: str) -> Ticket | None:
        """The ticket that this key opened."""
        return self._session.scalar(select(Ticket).where(Ticket.idempotency_key == idempotency_key))

    def number_taken(self, number: str) -> bool:
        """Whether a ticket has this number."""
        return self._session.scalar(select(Ticket.id).where(Ticket.number == number)) is not None

    def add(self, ticket: Ticket) -> bool:
        """Store the ticket; False when its idempotency key is there already."""
        try:
            # A savepoint: two callers with one key may come here at the same time.
            with self._session.begin_nested():
                self._session.add(ticket)
                self._session.flush()
        except IntegrityError:
            if ticket.idempotency_key and self.by_key(ticket.idempotency_key) is not None:
                return False
            raise
        return True

    def page(
        self, asker: Asker, *, status: TicketStatus | None, cursor: str | None, limit: int
    ) -> Page[Ticket]:
        """Newest tickets first."""
        statement = _scoped(select(Ticket), asker)
        if status is not None:
            statement = statement.where(Ticket.status == status)
        return fetch_page(
            self._session,
            statement,
            keys=[(Ticket.created_at, datetime), (Ticket.id, UUID)],
            cursor=cursor,
            limit=limit,
            descending=True,
        )


def _scoped(statement: Select[Ticket], asker: Asker) -> Select[Ticket]:
    if isinstance(asker, AsCustomer):
        return statement.where(Ticket.customer_id == asker.customer_id)
    return statement
