"""Opening tickets."""

from uuid import UUID

from crm_store import audit
from crm_store.asking import Asker, AsStaff
from crm_store.models import Conversation, Customer, Order, Ticket, TicketPriority, TicketStatus
from crm_store.models import TicketType as Type
from crm_store.numbering import free_number
from crm_store.permissions import Permission, require
from crm_store.texts import shorten, storable
from crm_store.tickets.base import TicketPart
from crm_store.tickets.errors import TicketNotFound
from crm_store.tickets.types import type_of
from foundation.errors import Invalid

BODY_LIMIT = 20_000
SUBJECT_LIMIT = 200
TOPIC_LIMIT = 64


class Opening(TicketPart):
    """What could not be settled at once, so that it is not forgotten."""

    def open(
        self,
        *,
        subject: str,
        body: str,
        topic: str,
        type: Type | None = None,
        customer_id: UUID | None = None,
        conversation_id: UUID | None = None,
        order_id: UUID | None = None,
        priority: TicketPriority = TicketPriority.NORMAL,
        idempotency_key: str,
        asker: Asker | None = None,
    ) -> Ticket:
        """Open a ticket; repeating the call with the same key returns the same ticket.

        Args:
            subject: one line, cut at 200 characters.
            body: what the matter is.
            topic: of the dialogue, or a word of the team's own.
            type: by default what the topic suggests.
            customer_id: who asks for it; of a conversation or an order the one it belongs to.
            conversation_id: where it came up.
            order_id: what it is about.
            priority: how it goes before others.
            idempotency_key: the caller's own name of this opening, 1 to 128 characters.
            asker: a member of staff; None is the assistant in the course of a chat.

        Raises:
            Invalid: an empty subject, a bad key, or things that do not belong to one customer.
        """
        if asker is not None:
            require(asker, Permission.TICKETS_WRITE)
        if not 1 <= len(idempotency_key) <= 128:
            raise Invalid("idempotency_key: 1 to 128 characters")
        existing = self._tickets.by_key(idempotency_key)
        if existing is not None:
            return existing
        subject = shorten(storable(subject), SUBJECT_LIMIT)
        if not subject:
            raise Invalid("subject: must not be empty")
        if asker is not None:
            customer_id = self._requester(customer_id, conversation_id, order_id)
        now = self._clock()
        ticket = Ticket(
            number=free_number("T", self._tickets.number_taken),
            customer_id=customer_id,
            conversation_id=conversation_id,
            order_id=order_id,
            subject=subject,
            body=storable(body).strip()[:BODY_LIMIT],
            topic=storable(topic)[:TOPIC_LIMIT],
            type=type or type_of(topic),
            status=TicketStatus.OPEN,
            priority=priority,
            created_at=now,
            updated_at=now,
            idempotency_key=idempotency_key,
        )
        if not self._tickets.add(ticket):
            earlier = self._tickets.by_key(idempotency_key)
            if earlier is None:
                raise TicketNotFound
            return earlier
        self._log(ticket, "opened", asker=asker, at=now)
        self._record(
            ticket,
            "opened",
            f"Ticket {ticket.number} opened: {subject}",
            at=now,
            source_key=f"ticket:{ticket.number}",
        )
        self._keeper.refresh(ticket, now=now)
        if isinstance(asker, AsStaff):
            audit.record(self._session, asker, "ticket.opened", "ticket", ticket.number)
        return ticket

    def _requester(
        self, customer_id: UUID | None, conversation_id: UUID | None, order_id: UUID | None
    ) -> UUID | None:
        """The one customer to whom all of it belongs.

        Raises:
            Invalid: one of them is absent, or they belong to different customers.
        """
        owners: set[UUID] = set()
        if customer_id is not None:
            if self._session.get(Customer, customer_id) is None:
                raise Invalid("customer_id: there is no such customer")
            owners.add(customer_id)
        if conversation_id is not None:
            conversation = self._session.get(Conversation, conversation_id)
            if conversation is None:
                raise Invalid("conversation_id: there is no such conversation")
            # Only who has proved it is the customer: a ticket shows on their timeline.
            if conversation.customer_id is not None and conversation.verified_at is not None:
                owners.add(conversation.customer_id)
        if order_id is not None:
            order = self._session.get(Order, order_id)
            if order is None:
                raise Invalid("order_id: there is no such order")
            owners.add(order.customer_id)
        if len(owners) > 1:
            raise Invalid("customer_id: conversation, order and customer do not belong together")
        return next(iter(owners), None)
