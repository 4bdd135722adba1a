"""Tickets that actions open: one for a matter, however often it is said."""

from sqlalchemy.orm import Session

from actions.context import Turn
from actions.reply import Card
from crm_store.asking import AsCustomer
from crm_store.models import Order, Ticket, TicketPriority
from crm_store.sla.stale import UNSETTLED
from crm_store.tickets.service import TicketService

_LOOKED_AT = 20
LABEL = "return_label"
"""The topic of tickets that ask the team for a return label."""


def open_about(
    session: Session,
    turn: Turn,
    asker: AsCustomer,
    order: Order,
    *,
    subject: str,
    topic: str,
    action: str,
    priority: TicketPriority,
) -> tuple[Ticket, bool]:
    """The customer's open ticket about this matter of this order, and whether it is new.

    Who asks again is told of the ticket that there is: a second one would only be in its way.
    """
    tickets = TicketService(session)
    for ticket in tickets.list(asker=asker, limit=_LOOKED_AT).items:
        if ticket.order_id == order.id and ticket.topic == topic and ticket.status in UNSETTLED:
            # Said twice is one matter; run twice is one message, and gets the same answer.
            return ticket, ticket.idempotency_key == turn.key(action)
    ticket = tickets.open(
        subject=f"{subject}: {order.number}",
        body=turn.typed or subject,
        topic=topic,
        customer_id=asker.customer_id,
        conversation_id=turn.conversation_id,
        order_id=order.id,
        priority=priority,
        idempotency_key=turn.key(action),
    )
    return ticket, True


def newest_open(session: Session, asker: AsCustomer, *, topic: str) -> Ticket | None:
    """The customer's latest request about something that nobody has closed yet."""
    found = TicketService(session).list(asker=asker, limit=_LOOKED_AT).items
    return next((t for t in found if t.topic == topic and t.status in UNSETTLED), None)


def ticket_card(ticket: Ticket, *, facts: tuple[tuple[str, str], ...] = ()) -> Card:
    """An open ticket as a card."""
    return Card(
        kind="ticket",
        title=ticket.number,
        subtitle=ticket.subject,
        facts=facts,
        status=("Open", "warn"),
    )


def ask_any_time(ticket: Ticket) -> str:
    """How the customer learns how it goes on: true without any mail being sent."""
    return f"Ask me about {ticket.number} any time to see how it stands."
