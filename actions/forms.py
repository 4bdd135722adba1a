"""How a form talks: one action reads the answer, replies to it and asks for the next thing.

Rasa calls ``validate_<form>`` at the form's start, after each message, and when it comes back from
an interruption. Doing all of the form's talking there makes it one call a turn, and keeps the
question beside the reading of its answer.
"""

from typing import Any, ClassVar

from sqlalchemy.orm import Session

from actions.base import Event, KefuAction
from actions.context import FormMoment, Turn
from actions.faq import TOPICS
from actions.reply import PERSON, Button, Reply

MAX_TRIES = 3
NEVER_MIND = Button("Never mind", "cancel_form")

# Said in the middle of a form, these may be an answer to it; everything else is something new.
_ANSWERS = frozenset({"inform", "affirm", "deny", "nlu_fallback", "out_of_scope", ""})
# After these the form asks again: they are questions on the way, not another way.
_ASIDES = frozenset(TOPICS) | frozenset(
    {"delivery_time", "payment_failed", "help", "greet", "thanks", "praise", "bot_challenge"}
    | {"how_are_you", "order_status", "order_history", "refund_status", "review_leave"}
    | {"nlu_fallback", "out_of_scope", "affirm", "deny", "inform", ""}
)
_SURE = 0.6


class FormAction(KefuAction):
    """The validation action of a form."""

    form: ClassVar[str]
    fields: ClassVar[tuple[str, ...]]
    """Every slot that the form fills; empty at its start unless ``start`` fills it."""

    reminder: ClassVar[str] = "Back to where we were:"
    """Said in front of the question when it is asked again after a question in between."""

    goals: ClassVar[frozenset[str]]
    """The goals that the form serves; which one decides what follows it."""

    def reply(self, session: Session, turn: Turn, reply: Reply, prepared: Any) -> None:
        if turn.form_moment is FormMoment.STARTED:
            reply.set(form_result=None, form_tries=0)
            if turn.intent in self.goals and turn.intent != turn.slot("goal"):
                # The slot follows intents only outside of forms; this one began inside another.
                reply.set(goal=turn.intent)
            self.start(session, turn, reply)
        elif turn.form_moment is FormMoment.ANSWERED:
            self.read(session, turn, reply)
        elif turn.intent not in _ASIDES or self._tries(turn) + 1 >= MAX_TRIES:
            # Something else was wanted, or too much else was asked: the customer has moved on, and
            # asking again would be a trap. The goal is kept for when the answer comes after all.
            self.stop(reply)
            return
        else:
            reply.set(form_tries=self._tries(turn) + 1)
            reply.opening = self.reminder
        if reply.reject_form or reply.hands_over or "requested_slot" in reply.slots:
            return
        self.ask_next(session, turn, reply)

    def start(self, session: Session, turn: Turn, reply: Reply) -> None:
        """The form begins: take what the message already tells."""
        raise NotImplementedError

    def read(self, session: Session, turn: Turn, reply: Reply) -> None:
        """The customer answered: take it, say what is wrong with it, or let the rules reply."""
        raise NotImplementedError

    def ask_next(self, session: Session, turn: Turn, reply: Reply) -> None:
        """Ask for what is missing, or end with ``complete``."""
        raise NotImplementedError

    def events(self, turn: Turn, reply: Reply) -> list[Event]:
        if reply.reject_form and not reply.hands_over:
            # No event at all is how Rasa knows that this was no answer.
            return []
        if reply.hands_over:
            self.stop(reply)
        elif "requested_slot" not in reply.slots:
            # An error was told instead of a question: do not keep the customer in the form.
            self.stop(reply)
        reply.ends_form = False  # Rasa ends the form itself when nothing more is requested
        return super().events(turn, reply)

    def request(self, reply: Reply, slot: str) -> None:
        """Wait for an answer for ``slot``."""
        reply.set(requested_slot=slot)

    def complete(self, reply: Reply) -> None:
        """End: everything is known."""
        reply.set(requested_slot=None, form_result="complete", form_tries=0)

    def stop(self, reply: Reply) -> None:
        """End without; whoever calls has said why."""
        reply.set(requested_slot=None, form_result="stopped", form_tries=0)

    def value(self, turn: Turn, reply: Reply, slot: str) -> str | None:
        """A slot as this turn leaves it."""
        if slot in reply.slots:
            value = reply.slots[slot]
            return None if value is None else str(value)
        return turn.slot(slot)

    def goal(self, turn: Turn, reply: Reply) -> str | None:
        """What the customer came for, as this turn leaves it."""
        return self.value(turn, reply, "goal")

    def requested(self, turn: Turn) -> str | None:
        return turn.slot("requested_slot")

    def is_something_else(self, turn: Turn) -> bool:
        """Whether the message starts something new rather than answering the question."""
        if turn.intent in _ANSWERS:
            return False
        return turn.is_button or turn.confidence >= _SURE

    def not_taken(self, turn: Turn, reply: Reply, text: str, *, give_up: str) -> None:
        """Say what was wrong with an answer; after three of them offer a person and stop."""
        tries = self._tries(turn) + 1
        reply.set(form_tries=tries)
        if tries < MAX_TRIES:
            reply.say(text)
            return
        reply.say(give_up, buttons=[PERSON, Button("Start again", self._goal(turn)), NEVER_MIND])
        self.stop(reply)

    def _tries(self, turn: Turn) -> int:
        return int(turn.slots.get("form_tries") or 0)

    def _goal(self, turn: Turn) -> str:
        return turn.slot("goal") or "help"
