"""The turn queue: rows of work in the store; nothing is lost and nothing is answered twice.

A turn is leased to one worker and finished by compare-and-set on that lease, in the transaction
that stores the answer. A worker that dies leaves its turn to be put back; one that was only slow
finds its lease gone and its answer refused.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from crm_store.conversations.lines import LineKind, line_payload
from crm_store.conversations.ownership import Ownership
from crm_store.conversations.repository import ConversationRepository
from crm_store.conversations.timeline import record_message
from crm_store.models import (
    Author,
    Conversation,
    ConversationStatus,
    Message,
    Owner,
    Turn,
    TurnStatus,
    Visibility,
)
from crm_store.texts import storable, storable_json
from crm_store.turns.errors import TurnNotHeld
from crm_store.turns.repository import TurnRepository
from crm_store.turns.understanding import store_understanding, what_it_is_about
from crm_store.turns.work import TurnWork, work_of
from foundation.clock import utc_now

HANDOFF_BUTTON = "/human_handoff"
_FREE: dict[str, Any] = {"lease_owner": None, "lease_expires_at": None}


class TurnQueue:
    """Leases turns to workers and stores what comes of them."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._turns = TurnRepository(session)
        self._conversations = ConversationRepository(session)

    def claim_next(self, worker: str, *, lease_seconds: float) -> TurnWork | None:
        """Lease the turn that has waited longest, or None when there is nothing to do.

        Turns of one conversation run one after the other. Those of a conversation that a person
        owns, or that is resolved, are skipped for good: the assistant is silent there.

        Args:
            worker: names the process and the task in it, at most 64 characters.
            lease_seconds: how long the worker may take before the turn is put back.
        """
        while True:
            now = utc_now()
            found = self._turns.next_pending(now)
            if found is None:
                return None
            turn, message, conversation = found
            pending = Turn.status == TurnStatus.PENDING
            if not _bot_may_speak(conversation):
                self._turns.move(turn.id, pending, status=TurnStatus.SKIPPED, finished_at=now)
                continue
            leased = self._turns.move(
                turn.id,
                pending,
                status=TurnStatus.RUNNING,
                attempts=Turn.attempts + 1,
                lease_owner=worker,
                lease_expires_at=now + timedelta(seconds=lease_seconds),
            )
            if leased is not None:
                return work_of(leased, message, conversation)

    def anything_due(self) -> bool:
        """Whether a turn may be waiting; for a reading session, so that idling takes no lock."""
        return self._turns.any_pending(utc_now())

    def release_expired(self, now: datetime) -> int:
        """Put back the turns whose worker has not finished in time; returns how many."""
        return self._turns.put_back(Turn.lease_expires_at <= now)

    def reset_worker(self, worker_prefix: str) -> int:
        """Put back what a dead process held, by how its workers' names begin; returns how many."""
        mine = Turn.lease_owner.startswith(worker_prefix, autoescape=True)
        return self._turns.put_back(mine)

    def complete(
        self,
        turn_id: UUID,
        *,
        worker: str,
        replies: Sequence[dict[str, Any]],
        nlu: dict[str, Any],
        actions: list[str],
        handoff: dict[str, Any] | None,
        latency_ms: int,
    ) -> list[Message]:
        """Store the assistant's answer and everything it understood, all or nothing.

        When a person has taken the conversation meanwhile, what was understood is kept and the
        answer is not said.

        Args:
            turn_id: the leased turn.
            worker: who holds the lease.
            replies: ``{"text": str, "payload": dict | None}`` each, in order.
            nlu: the parse: intent, confidence, ranking, entities, sentiment.
            actions: names of the actions that ran, in order.
            handoff: ``{"reason": str, "brief": dict}`` to put the customer in line for a person.
            latency_ms: from the customer's commit to this one.

        Returns:
            The bot's messages as stored.

        Raises:
            TurnNotHeld: done already, or the lease is another worker's; nothing was written.
        """
        turn, asked, conversation = self._finish(turn_id, worker, TurnStatus.DONE)
        store_understanding(self._session, asked, nlu=nlu, actions=actions, latency_ms=latency_ms)
        record_message(self._session, conversation, asked)
        said = turn.status is not TurnStatus.SKIPPED
        messages = [_reply(turn, reply) for reply in replies] if said else []
        about = what_it_is_about(asked)
        if messages:
            self._conversations.append(conversation.id, messages, **about)
        elif about:
            self._conversations.describe(conversation.id, **about)
        if not said:
            return []
        if handoff is not None:
            self._hand_off(conversation.id, handoff)
        return messages

    def retry(
        self,
        turn_id: UUID,
        *,
        worker: str,
        error: str,
        delay_seconds: float,
        counted: bool = True,
    ) -> None:
        """Put a leased turn back for a later try.

        Args:
            turn_id: the leased turn.
            worker: who holds the lease.
            error: the class of what went wrong, without personal data.
            delay_seconds: how long to wait before it may run again.
            counted: whether it was a try at all; not when nobody was there to ask.

        Raises:
            TurnNotHeld: the lease is not this worker's any more.
        """
        put_back = self._turns.move(
            turn_id,
            *_held_by(worker),
            status=TurnStatus.PENDING,
            available_at=utc_now() + timedelta(seconds=delay_seconds),
            attempts=Turn.attempts if counted else Turn.attempts - 1,
            error=storable(error)[:200],
            **_FREE,
        )
        if put_back is None:
            raise TurnNotHeld

    def give_up(self, turn_id: UUID, *, worker: str, error: str, text: str) -> Message | None:
        """Stop trying, tell the customer so, and offer a person.

        A customer who had just chosen that offer goes to the queue at once: it needs no assistant.

        Returns:
            The message, or None when a person has the conversation and nothing was said.

        Raises:
            TurnNotHeld: the lease is not this worker's any more.
        """
        turn, message, conversation = self._finish(
            turn_id, worker, TurnStatus.FAILED, error=storable(error)[:200]
        )
        record_message(self._session, conversation, message)
        if turn.status is TurnStatus.SKIPPED:
            return None
        wants_person = chosen_button(message) == HANDOFF_BUTTON
        payload = line_payload(LineKind.CANNOT_ANSWER)
        if not wants_person:
            payload["buttons"] = [{"title": "Talk to a person", "payload": HANDOFF_BUTTON}]
        reply = _reply(turn, {"text": text, "payload": payload})
        self._conversations.append(conversation.id, [reply])
        if wants_person:
            self._hand_off(conversation.id, {"reason": "assistant_unavailable", "brief": None})
        return reply

    def _finish(
        self, turn_id: UUID, worker: str, status: TurnStatus, *, error: str | None = None
    ) -> tuple[Turn, Message, Conversation]:
        """Take the turn out of the worker's hands for good.

        The conversation is locked before the turn, as wherever both are: no deadlock, and its owner
        cannot change before the commit.
        """
        found = self._turns.hold(turn_id)
        if found is None:
            raise TurnNotHeld
        turn, _, conversation = found
        ended = status if _bot_may_speak(conversation) else TurnStatus.SKIPPED
        values = {"status": ended, "finished_at": utc_now(), "error": error}
        if not self._turns.finish(turn, worker, values):
            raise TurnNotHeld
        return found

    def _hand_off(self, conversation_id: UUID, handoff: dict[str, Any]) -> None:
        Ownership(self._session).request_handoff(
            conversation_id,
            reason=str(handoff.get("reason") or "asked"),
            brief=handoff.get("brief"),
        )


def chosen_button(message: Message) -> str | None:
    """The payload of the button that the customer chose, if they chose one."""
    button = (message.payload or {}).get("button")
    if isinstance(button, dict):
        button = button.get("payload")
    return button if isinstance(button, str) else None


def _bot_may_speak(conversation: Conversation) -> bool:
    return (
        conversation.owner is Owner.BOT and conversation.status is not ConversationStatus.RESOLVED
    )


def _held_by(worker: str) -> tuple[Any, Any]:
    return (Turn.status == TurnStatus.RUNNING, Turn.lease_owner == worker)


def _reply(turn: Turn, reply: dict[str, Any]) -> Message:
    return Message(
        author=Author.BOT,
        text=storable(str(reply.get("text") or "")),
        payload=storable_json(reply.get("payload")) or None,
        visibility=Visibility.PUBLIC,
        in_reply_to=turn.message_id,
    )
