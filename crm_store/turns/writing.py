"""Writing a turn with the message that it answers."""

from datetime import timedelta
from functools import cache

from sqlalchemy import Select, bindparam, exists, select
from sqlalchemy.orm import Session

from crm_store.models import Conversation, Message, Turn, TurnStatus
from crm_store.turns.repository import UNFINISHED
from crm_store.turns.work import Lease, TurnWork, work_of
from crm_store.writes import insert_now


def write_turn(
    session: Session, conversation: Conversation, message: Message, *, lease: Lease | None
) -> TurnWork | None:
    """Write the bot's work on a message that was just appended; the caller holds the conversation.

    Returns:
        The work, when ``lease`` was given and no earlier turn of the conversation is unfinished.
        Else None: the turn waits in the queue.
    """
    turn = Turn(
        conversation_id=conversation.id,
        message_id=message.id,
        seq=message.seq,
        available_at=message.sent_at,
        created_at=message.sent_at,
    )
    leased = lease is not None and not session.scalar(
        _has_unfinished(), {"conversation": conversation.id}
    )
    if lease is not None and leased:
        turn.status = TurnStatus.RUNNING
        turn.attempts = 1
        turn.lease_owner = lease.worker
        turn.lease_expires_at = message.sent_at + timedelta(seconds=lease.seconds)
    insert_now(session, turn)
    return work_of(turn, message, conversation) if leased else None


@cache
def _has_unfinished() -> Select[bool]:
    return select(
        exists().where(
            Turn.conversation_id == bindparam("conversation"), Turn.status.in_(UNFINISHED)
        )
    )
