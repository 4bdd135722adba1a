"""Transcripts as admins search and read them."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from crm_store.conversations.service import TranscriptRow
from crm_store.models import Author, ConversationStatus
from gateway.conversations.schemas import ConversationView, CustomerRef
from gateway.schemas import StaffMessage


class TranscriptMatch(BaseModel):
    """The newest message that matches the search."""

    seq: int
    author: Author
    snippet: str
    intent: str | None
    confidence: float | None
    sentiment: str | None
    sent_at: datetime


class TranscriptView(BaseModel):
    conversation_id: UUID
    customer: CustomerRef | None
    status: ConversationStatus
    topic: str | None
    last_message_at: datetime
    match: TranscriptMatch


class Transcript(BaseModel):
    """A whole conversation to read: its messages, oldest first, and the grade."""

    conversation: ConversationView
    messages: list[StaffMessage]
    next_cursor: str | None
    csat_score: int | None
    csat_comment: str | None


def transcript_view(row: TranscriptRow) -> TranscriptView:
    """A row of the search's results."""
    conversation, customer, message = row.conversation, row.customer, row.message
    return TranscriptView(
        conversation_id=conversation.id,
        customer=CustomerRef(
            id=customer.id, name=customer.name, verified=conversation.verified_at is not None
        )
        if customer
        else None,
        status=conversation.status,
        topic=conversation.topic,
        last_message_at=conversation.last_message_at,
        match=TranscriptMatch(
            seq=message.seq,
            author=message.author,
            snippet=row.snippet,
            intent=message.intent,
            confidence=message.confidence,
            sentiment=message.sentiment,
            sent_at=message.sent_at,
        ),
    )
