"""What the widget sends and gets."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from crm_store.conversations.service import StartedConversation
from crm_store.models import ConversationStatus, Owner
from gateway.schemas import PublicMessage


class NewSession(BaseModel):
    """Who hosts the widget and, signed by the host, who the visitor is."""

    site_key: str = Field(max_length=64)
    identity: str | None = Field(None, max_length=4_096)
    browser_key: str | None = Field(None, min_length=16, max_length=128)
    """A secret that the browser made up: with it, it may present the same identity again."""


class PublicOwner(BaseModel):
    """Who answers now; ``name`` is an agent's."""

    kind: Owner
    name: str | None = None


class ConversationState(BaseModel):
    """What the visitor may know of their conversation besides its messages."""

    owner: PublicOwner
    status: ConversationStatus
    verified: bool
    queue_position: int | None
    rated: bool


class StartedSession(ConversationState):
    session_token: str
    conversation_id: UUID
    expires_at: datetime


def started_session(started: StartedConversation, state: ConversationState) -> StartedSession:
    """What a visitor gets with their token."""
    return StartedSession(
        session_token=started.session_token,
        conversation_id=started.conversation.id,
        expires_at=started.expires_at,
        **state.model_dump(),
    )


class NewMessage(BaseModel):
    """A message: typed text, a button that the bot offered, or a file with or without text."""

    client_id: str = Field(pattern=r"^[!-~]{1,64}$", description="Makes a repeat harmless.")
    text: str | None = None
    payload: str | None = Field(None, max_length=2_000)
    attachment_id: UUID | None = None


class MessageEnvelope(BaseModel):
    message: PublicMessage


class MessageList(BaseModel):
    items: list[PublicMessage]
    next_cursor: str | None
    conversation: ConversationState


class SocketTicketView(BaseModel):
    ticket: str


class NewCsat(BaseModel):
    score: int = Field(ge=1, le=5)
    comment: str | None = Field(None, max_length=2_000)


class CsatView(BaseModel):
    score: int
    comment: str | None


class AttachmentView(BaseModel):
    id: UUID
    filename: str
    content_type: str
    size: int


class TranscriptText(BaseModel):
    filename: str
    text: str
