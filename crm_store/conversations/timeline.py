"""What a conversation puts on its customer's timeline, once the customer is known for sure."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_store.interactions import InteractionService
from crm_store.models import (
    Author,
    Conversation,
    ConversationEvent,
    InteractionKind,
    Message,
    Visibility,
)

_EVENTS = {
    "started": "Chat started",
    "handed_off": "Chat handed over to a person",
    "claimed": "Chat taken by an agent",
    "assigned": "Chat assigned to an agent",
    "released": "Chat given back",
    "resolved": "Chat resolved",
    "reopened": "Chat reopened",
    "verified": "Customer verified in the chat",
    "rated": "Chat rated by the customer",
}


def record_event(session: Session, conversation: Conversation, event: ConversationEvent) -> None:
    """Record a change of the conversation's owner or state."""
    if conversation.customer_id is None or conversation.verified_at is None:
        return
    summary = _EVENTS.get(event.kind, event.kind)
    InteractionService(session).record(
        customer_id=conversation.customer_id,
        kind=InteractionKind.CHAT,
        summary=f"{summary}: {event.reason}" if event.reason else summary,
        data={"event": event.kind, "actor": event.actor, **(event.data or {})},
        at=event.at,
        conversation_id=conversation.id,
        source_key=f"conversation-event:{event.id}",
    )


def record_message(session: Session, conversation: Conversation, message: Message) -> None:
    """Record what the customer wrote and what was understood of it."""
    if conversation.customer_id is None or conversation.verified_at is None:
        return
    understood = message.nlu or {}
    InteractionService(session).record(
        customer_id=conversation.customer_id,
        kind=InteractionKind.CHAT,
        summary=f"Wrote: {message.text}",
        data={
            "seq": message.seq,
            "text": message.text,
            "intent": message.intent,
            "confidence": message.confidence,
            "entities": understood.get("entities") or [],
            "sentiment": message.sentiment,
            "valence": message.valence,
            "actions": message.actions or [],
            "latency_ms": message.latency_ms,
        },
        at=message.sent_at,
        conversation_id=conversation.id,
        source_key=f"message:{message.id}",
    )


def record_past(session: Session, conversation: Conversation) -> None:
    """Record what a customer wrote before it was known who they are."""
    messages = session.scalars(
        select(Message)
        .where(
            Message.conversation_id == conversation.id,
            Message.author == Author.CUSTOMER,
            Message.visibility == Visibility.PUBLIC,
            Message.nlu.is_not(None),
        )
        .order_by(Message.seq)
    )
    for message in messages:
        record_message(session, conversation, message)
