"""Complaints, praise and reviews."""

from typing import ClassVar

from sqlalchemy.orm import Session

from actions.base import KefuAction
from actions.context import Turn
from actions.faq import TOPICS
from actions.forms import NEVER_MIND, FormAction
from actions.product_cards import PRODUCT_PAGE
from actions.products import named_product
from actions.reply import PERSON, Button, Card, Link, Reply
from actions.tickets import ask_any_time
from crm_store.catalog.service import CatalogService
from crm_store.customers.verification import Verification
from crm_store.models import Ticket, TicketPriority
from crm_store.tickets.service import TicketService

VERY_NEGATIVE = -0.8
_TELLS_WHAT = 6
"""Words from which on a complaint says what it is about, and need not be asked for."""


# Said calmly in the middle of a complaint, these are questions and not a part of it.
_QUESTIONS = frozenset(TOPICS) | {"product_search", "product_recommend", "greet", "thanks", "help"}
_PLAIN = 0.8
_UPSET = -0.3


class ValidateComplaintForm(FormAction):
    name: ClassVar[str] = "validate_complaint_form"
    form: ClassVar[str] = "complaint_form"
    fields: ClassVar[tuple[str, ...]] = ("complaint_text",)
    goals: ClassVar[frozenset[str]] = frozenset()

    def start(self, session: Session, turn: Turn, reply: Reply) -> None:
        text = turn.typed if len(turn.typed.split()) >= _TELLS_WHAT else None
        reply.set(complaint_text=text)

    def read(self, session: Session, turn: Turn, reply: Reply) -> None:
        calm = turn.valence is None or turn.valence > _UPSET
        asks = turn.intent in _QUESTIONS and turn.confidence >= _PLAIN and calm
        if asks or turn.is_button or turn.intent in {"cancel_form", "human_handoff"}:
            reply.reject_form = True
        elif len(turn.typed.split()) >= 2:
            reply.set(complaint_text=turn.typed)
        else:
            self.not_taken(
                turn,
                reply,
                "Please tell me in a sentence or two.",
                give_up="I'd like to get this right. A colleague can take it from here.",
            )

    def ask_next(self, session: Session, turn: Turn, reply: Reply) -> None:
        if self.value(turn, reply, "complaint_text"):
            self.complete(reply)
            return
        reply.say(
            "I'm sorry that something went wrong. What happened?", buttons=[PERSON, NEVER_MIND]
        )
        self.request(reply, "complaint_text")


class ComplaintSubmitAction(KefuAction):
    """Writes the complaint down; a very angry one goes to a person at once."""

    name: ClassVar[str] = "action_complaint_submit"
    writes: ClassVar[bool] = True

    def reply(self, session: Session, turn: Turn, reply: Reply, prepared: object) -> None:
        asker = Verification(session).customer_of(turn.conversation_id)
        very_negative = turn.valence is not None and turn.valence <= VERY_NEGATIVE
        angry = very_negative or turn.out_of_patience
        text = turn.slot("complaint_text") or turn.typed
        ticket = TicketService(session).open(
            subject=f"Complaint: {' '.join(text.split())[:80]}",
            body=text,
            topic="complaint",
            customer_id=asker.customer_id if asker else None,
            conversation_id=turn.conversation_id,
            priority=TicketPriority.URGENT if angry else TicketPriority.HIGH,
            idempotency_key=turn.key(self.name),
        )
        reply.set(complaint_text=None)
        card = Card(
            kind="ticket", title=ticket.number, subtitle="Complaint", status=("Open", "warn")
        )
        if angry:
            reply.say(
                f"I'm really sorry. I have written it down ({ticket.number}) and a colleague takes "
                "over now; they can see everything you told me.",
                cards=[card],
            )
            reply.hand_over(turn, "very_negative", ticket=ticket.number)
            return
        reply.say(
            f"Thank you for telling us, and I'm sorry. I have passed it on to the team "
            f"({ticket.number}). {_how_to_hear(ticket, known=asker is not None)}",
            cards=[card],
            buttons=[PERSON, Button("Where is my order?", "order_status")],
        )


def _how_to_hear(ticket: Ticket, *, known: bool) -> str:
    # Who is nobody we know cannot be found again later, so only a person here and now can answer.
    return ask_any_time(ticket) if known else "For an answer right here, let me get a colleague."


class PraiseAction(KefuAction):
    name: ClassVar[str] = "action_praise"

    def reply(self, session: Session, turn: Turn, reply: Reply, prepared: object) -> None:
        liked = None
        if not turn.all_of("product") and turn.all_of("category"):
            liked = CatalogService(session).resolve_category(turn.all_of("category")[-1])
        more = (
            [
                Button(
                    f"Something for {liked.name.lower()}",
                    "product_recommend",
                    {"category": liked.slug},
                )
            ]
            if liked
            else []
        )
        reply.say(
            "Good to hear, thank you! The team can read it here as well.",
            buttons=[*more, Button("Write a review", "review_leave")],
        )


class ReviewLeaveAction(KefuAction):
    name: ClassVar[str] = "action_review_leave"

    def reply(self, session: Session, turn: Turn, reply: Reply, prepared: object) -> None:
        product = named_product(CatalogService(session), turn)
        if product is not None:
            reply.say(
                f"Lovely! You can review the {product.name} on its page; log in first.",
                links=[Link(product.name, PRODUCT_PAGE.format(slug=product.slug))],
            )
            return
        reply.say(
            "Lovely! Open the product in the shop while you are logged in and write it there. "
            "Which product is it about?",
            links=[Link("To the shop", "/shop")],
        )
