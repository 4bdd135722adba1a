"""What a worker gets to do."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from crm_store.models import Conversation, Message, Turn


@dataclass(frozen=True, slots=True)
class Lease:
    """Who is to have a turn, and for how long.

    Attributes:
        worker: names the process and the task in it, at most 64 characters.
        seconds: how long the worker may take before the turn is put back.
    """

    worker: str
    seconds: float


@dataclass(frozen=True, slots=True)
class TurnWork:
    """One customer message for the bot to answer, under a lease."""

    turn_id: UUID
    message_id: UUID
    conversation_id: UUID
    seq: int
    text: str
    payload: dict[str, Any] | None
    """``{"button": …}`` when the customer chose a button, ``{"form_answer": …}`` for a form."""
    locale: str | None
    """What the widget speaks there."""
    attempts: int
    """This try included: 1 the first time."""
    verified: bool
    waiting_since: datetime
    """When the customer's message was committed."""


def work_of(turn: Turn, message: Message, conversation: Conversation) -> TurnWork:
    """The work in a turn that has just been leased."""
    return TurnWork(
        turn_id=turn.id,
        message_id=message.id,
        conversation_id=conversation.id,
        seq=turn.seq,
        text=message.text,
        payload=message.payload,
        locale=conversation.locale,
        attempts=turn.attempts,
        verified=conversation.verified_at is not None,
        waiting_since=message.sent_at,
    )
