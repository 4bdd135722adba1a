"""The state of a conversation as its visitor may know it."""

from uuid import UUID

from sqlalchemy.orm import Session

from crm_store.asking import AsSystem
from crm_store.conversations.service import ConversationService
from crm_store.conversations.waiting import WaitEstimate
from gateway.widget.schemas import ConversationState, PublicOwner

_ASKER = AsSystem("a visitor's own conversation, opened by their session token")


def conversation_state(session: Session, conversation_id: UUID) -> ConversationState:
    """Owner, status and place in the queue, read in the caller's transaction."""
    service = ConversationService(session)
    row = service.row(conversation_id, asker=_ASKER)
    conversation, owner = row.conversation, row.owner_user
    # Read with every look at the messages: who does not wait needs no look at the queue.
    waits = conversation.queued_at is not None
    position = service.queue_position(conversation_id) if waits else None
    return ConversationState(
        owner=PublicOwner(kind=conversation.owner, name=owner.name if owner else None),
        status=conversation.status,
        verified=conversation.verified_at is not None,
        queue_position=position,
        wait_seconds=WaitEstimate(session).seconds(position) if position else None,
        rated=service.csat(conversation_id) is not None,
        asks_rating=service.asks_rating(conversation),
    )
