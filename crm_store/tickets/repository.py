"""The SQL about single tickets."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from crm_store.asking import AsCustomer, Asker
from crm_store.models import Ticket, TicketComment, TicketEvent
from crm_store.permissions import Permission, require
from crm_store.tickets.errors import TicketChanged
from foundation.clock import utc_now


class TicketRepository:
    """Reads are scoped by who asks; changes are compare-and-set on the version."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def by_number(self, number: str, asker: Asker, *, lock: bool = False) -> Ticket | None:
        """The ticket as stored now, if the asker may see it."""
        statement = readable(select(Ticket), asker).where(Ticket.number == number)
        if lock:  # SQLite ignores it: its transactions hold the write lock from their start
            statement = statement.with_for_update(key_share=True)
        found: Ticket | None = self._session.scalar(
            statement.execution_options(populate_existing=True)
        )
        return found

    def by_id(self, ticket_id: UUID) -> Ticket:
        """The ticket, held against other writers until the transaction ends."""
        return self._session.scalars(
            select(Ticket)
            .where(Ticket.id == ticket_id)
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        ).one()

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

    def change(self, ticket: Ticket, **values: Any) -> Ticket:
        """Set columns if nobody has changed the ticket since it was read.

        Raises:
            TicketChanged: somebody has.
        """
        changed = self._session.scalar(
            update(Ticket)
            .where(Ticket.id == ticket.id, Ticket.version == ticket.version)
            .values(**{"updated_at": utc_now()} | values, version=ticket.version + 1)
            .returning(Ticket)
            .execution_options(synchronize_session=False, populate_existing=True)
        )
        if changed is None:
            raise TicketChanged
        return changed

    def duplicates(self, ticket_id: UUID) -> list[Ticket]:
        """The tickets that were merged into this one, the oldest first."""
        # Put in order here: asked for it, SQLite walks through all tickets in that order.
        found = self._session.scalars(select(Ticket).where(Ticket.merged_into_id == ticket_id))
        return sorted(found, key=lambda ticket: (ticket.created_at, ticket.id))

    def events(self, ticket_id: UUID, *, limit: int) -> list[TicketEvent]:
        """What happened to the ticket, the latest first."""
        return list(
            self._session.scalars(
                select(TicketEvent)
                .where(TicketEvent.ticket_id == ticket_id)
                .order_by(TicketEvent.version.desc(), TicketEvent.id.desc())
                .limit(limit)
            )
        )

    def comment_by_client_id(self, ticket_id: UUID, client_id: str) -> TicketComment | None:
        """The comment that was stored under this key of its sender."""
        return self._session.scalar(
            select(TicketComment).where(
                TicketComment.ticket_id == ticket_id, TicketComment.client_id == client_id
            )
        )

    def numbers(self, ids: Iterable[UUID]) -> dict[UUID, str]:
        """The numbers of these tickets."""
        found = self._session.execute(
            select(Ticket.id, Ticket.number).where(Ticket.id.in_(list(ids)))
        )
        return {row[0]: row[1] for row in found}


def readable(statement: Select[*tuple[Any, ...]], asker: Asker) -> Select[*tuple[Any, ...]]:
    """A customer reads their own; staff all, when they may read tickets.

    Raises:
        NotAllowed: staff who may not.
    """
    if isinstance(asker, AsCustomer):
        return statement.where(Ticket.customer_id == asker.customer_id)
    require(asker, Permission.TICKETS_READ)
    return statement
