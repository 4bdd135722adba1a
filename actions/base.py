"""What every action shares: the transaction, the mood, the errors, the way to a person.

An action is a class with a ``name`` and a ``reply``. It is made once per process with the
``Parts`` it needs and registered by ``actions.registry``; it keeps no state between turns.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from actions.context import Turn, read_turn
from actions.embedding import Embedder
from actions.interests import is_product_talk, record_interests
from actions.offers import record_noticed
from actions.reply import PERSON, Button, Reply
from actions.second_wish import remember_second_wish
from crm_store.asking import AsCustomer
from crm_store.customers.verification import Verification
from crm_store.database import Database
from foundation.errors import KefuError, TooManyAttempts, Unavailable

_log = structlog.get_logger(__name__)

Event = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Parts:
    """What the process hands to its actions."""

    database: Database
    embedder: Embedder
    refund_limit_minor: int
    today: Callable[[], date]


class KefuAction:
    """One custom action of the domain."""

    name: ClassVar[str]
    form: ClassVar[str | None] = None
    """The form that this action validates, if it is one of those."""
    writes: ClassVar[bool] = False
    """Whether it changes the store. Reading only takes no write lock, so customers do not queue."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts

    def reply(self, session: Session, turn: Turn, reply: Reply, prepared: Any) -> None:
        """Answer the turn: ask the services, fill ``reply``."""
        raise NotImplementedError

    async def prepare(self, turn: Turn) -> Any:
        """What has to be awaited before the transaction; handed to ``reply``."""
        return None

    async def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[Event]:
        """Called by the executor with Rasa's dispatcher and tracker."""
        turn = read_turn(tracker.current_state(), self.form)
        reply = await self.answer(turn)
        for message in reply.messages:
            dispatcher.utter_message(**message)
        return self.events(turn, reply)

    async def answer(self, turn: Turn) -> Reply:
        """The reply to a turn; a failure is a reply too, and an honest one."""
        try:
            prepared = await self.prepare(turn)
            reply = await asyncio.to_thread(self._work, turn, prepared)
        except KefuError as error:
            reply = self._refused(turn, error)
        except Exception as error:
            reply = self._broken(turn, error)
        self._notice_mood(turn, reply)
        if self._has_answered(turn, reply):
            remember_second_wish(turn, reply)
        return reply

    def events(self, turn: Turn, reply: Reply) -> list[Event]:
        """The reply's slots and steps as Rasa's events."""
        slots = dict(self._housekeeping(turn, reply))
        slots.update(reply.slots)
        events: list[Event] = [_slot(name, value) for name, value in slots.items()]
        if reply.ends_form and turn.active_form:
            events += [{"event": "active_loop", "name": None, "timestamp": None}]
            events += [_slot("requested_slot", None)]
        followup = reply.followup
        if not followup and not self.form and LEADERS.intersection(turn.done):
            # It was led here by another action, of which the rules know only the beginning.
            followup = "action_listen"
        if followup:
            events.append({"event": "followup", "name": followup, "timestamp": None})
        return events

    def _work(self, turn: Turn, prepared: Any) -> Reply:
        if is_product_talk(turn):
            self._note(turn, "interest", lambda session: record_interests(session, turn))
        reply = Reply()
        database = self.parts.database
        with database.transaction() if self.writes else database.reading() as session:
            self.reply(session, turn, reply, prepared)
        if reply.noticed is not None and turn.message_id is not None:
            noticed = reply.noticed
            self._note(turn, "offer", lambda session: record_noticed(session, turn, noticed))
        return reply

    def _note(self, turn: Turn, what: str, write: Callable[[Session], None]) -> None:
        try:
            with self.parts.database.transaction() as session:
                write(session)
        except SQLAlchemyError as error:
            # The answer matters more; what was not noted now is in the transcript still.
            _log.warning(f"{what}_not_noted", turn_id=turn.turn_id, reason=type(error).__name__)

    def _housekeeping(self, turn: Turn, reply: Reply) -> dict[str, Any]:
        slots: dict[str, Any] = {}
        if turn.sentiment is not None:
            slots |= {"sentiment_label": turn.sentiment, "sentiment_valence": turn.valence}
        for name in ("handoff", "pending", "choice"):
            # All are about one turn only; what an earlier action of this turn set stays.
            value = turn.slots.get(name)
            if isinstance(value, dict) and value.get("turn_id") != turn.turn_id:
                slots[name] = None
        if turn.slots.get("low_confidence_streak"):
            slots["low_confidence_streak"] = 0
        return slots

    def _has_answered(self, turn: Turn, reply: Reply) -> bool:
        """Whether this turn ends here, with nothing asked that waits for an answer."""
        busy = self.form or turn.active_form or reply.followup or reply.hands_over
        return not busy and bool(reply.messages) and not reply.slots.get("pending")

    def _notice_mood(self, turn: Turn, reply: Reply) -> None:
        sinking = turn.mood_falling or turn.still_out_of_patience
        if sinking and not reply.hands_over and not reply.reject_form:
            reply.hand_over(
                turn,
                "mood_falling",
                "I can tell that this is not going well, and I'm sorry. I'm asking a colleague to "
                "step in; they can see what we have talked about.",
            )

    def _refused(self, turn: Turn, error: KefuError) -> Reply:
        """The rules say no, or a limit was reached: the reason is meant for people."""
        _log.info("action_refused", action=self.name, turn_id=turn.turn_id, code=error.code)
        if isinstance(error, Unavailable):
            return self._broken(turn, error)
        reply = Reply()
        if isinstance(error, TooManyAttempts):
            minutes = max(1, round(error.retry_after / 60))
            text = (
                f"That was tried too often. Please wait about {minutes} min, or talk to a person."
            )
        else:
            text = _sentence(error.detail)
        reply.say(text, buttons=[PERSON])
        return reply

    def _broken(self, turn: Turn, error: Exception) -> Reply:
        """Something failed that should not: say so; get a person where a change was wanted."""
        # Only the error's kind and place: its text may quote what the customer said.
        _log.error(
            "action_failed",
            action=self.name,
            turn_id=turn.turn_id,
            reason=type(error).__name__,
            where=_place(error),
        )
        reply = Reply()
        if self.writes:
            reply.hand_over(
                turn,
                "action_failed",
                "Sorry, that did not work: something failed on my side, and nothing was changed. "
                "I'm asking a colleague to take over.",
                failed=self.name,
            )
        else:
            again = [Button("Try again", turn.intent)] if turn.intent in _CAN_BE_SAID_AGAIN else []
            reply.say(
                "Sorry, I can't look that up right now: something failed on my side. "
                "You can try again, or talk to a person.",
                buttons=[*again, PERSON],
            )
        return reply


class CustomerAction(KefuAction):
    """An action about a customer's own data: it asks the store who is there, each time."""

    goal: ClassVar[str]

    def reply(self, session: Session, turn: Turn, reply: Reply, prepared: Any) -> None:
        asker = Verification(session).customer_of(turn.conversation_id)
        if asker is None:
            reply.set(verified=False, goal=turn.slot("goal") or self.goal)
            reply.followup = "verify_form"
            return
        if turn.slots.get("verified") is not True:
            reply.set(verified=True)
        self.reply_to(session, turn, asker, reply)

    def reply_to(self, session: Session, turn: Turn, asker: AsCustomer, reply: Reply) -> None:
        """Answer a verified customer."""
        raise NotImplementedError


LEADERS = frozenset({"action_inform", "action_stop", "action_clarify"})
"""Actions that find out what a message points at and let another one answer."""

_CAN_BE_SAID_AGAIN = frozenset(
    {"order_status", "order_history", "delivery_time", "refund_status", "invoice_request"}
    | {"product_search", "product_recommend", "ticket_status", "return_policy", "store_hours"}
)


def _slot(name: str, value: Any) -> Event:
    return {"event": "slot", "name": name, "value": value, "timestamp": None}


def _sentence(text: str) -> str:
    text = text.strip()
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "unknown"
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"
