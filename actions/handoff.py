"""People: handing the conversation over, and what became of an earlier request."""

from typing import ClassVar

from sqlalchemy.orm import Session

from actions.base import CustomerAction, KefuAction
from actions.context import Turn
from actions.reply import PERSON, Button, Card, Reply, Tone
from actions.wording import day
from crm_store.asking import AsCustomer
from crm_store.models import TicketStatus
from crm_store.tickets.errors import TicketNotFound
from crm_store.tickets.service import TicketService

_STATES: dict[TicketStatus, tuple[str, Tone, str]] = {
    TicketStatus.OPEN: ("Open", "warn", "is with our team"),
    TicketStatus.PENDING: ("Waiting", "neutral", "is waiting for an answer"),
    TicketStatus.SOLVED: ("Solved", "good", "is solved"),
    TicketStatus.CLOSED: ("Closed", "neutral", "is closed"),
}


class HandoffAction(KefuAction):
    name: ClassVar[str] = "action_handoff"

    def reply(self, session: Session, turn: Turn, reply: Reply, prepared: object) -> None:
        reply.hand_over(
            turn,
            "asked_for_person",
            "Of course. I'm passing you to a colleague; they can see what we talked about, so you "
            "need not repeat it.",
        )


class TicketStatusAction(CustomerAction):
    name: ClassVar[str] = "action_ticket_status"
    goal: ClassVar[str] = "ticket_status"

    def reply_to(self, session: Session, turn: Turn, asker: AsCustomer, reply: Reply) -> None:
        tickets, today = TicketService(session), self.parts.today()
        number = turn.entity("ticket_number") or turn.slot("ticket_number")
        if number:
            try:
                found = [tickets.by_number(number, asker=asker)]
            except TicketNotFound:
                reply.opening = f"I can't find {number.upper()} among your requests."
                reply.set(ticket_number=None)
                found = tickets.list(asker=asker, limit=3).items
        else:
            found = tickets.list(asker=asker, limit=3).items
        if not found:
            reply.say(
                "There is no request of yours on file.",
                buttons=[Button("Make a complaint", "complaint"), PERSON],
            )
            return
        first = found[0]
        reply.say(
            f"{first.number} ({first.subject}) {_STATES[first.status][2]}; last change "
            f"{day(first.updated_at, today=today)}.",
            cards=[
                Card(
                    kind="ticket",
                    title=ticket.number,
                    subtitle=ticket.subject,
                    facts=(("Opened", day(ticket.created_at, today=today)),),
                    status=_STATES[ticket.status][:2],
                )
                for ticket in found
            ],
            buttons=[PERSON],
        )
