"""What the widget sends and gets."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from crm_store.models import ConversationStatus, Owner
from gateway.schemas import PublicMessage


class NewSession(BaseModel):
    """Who hosts the widget and, signed by the host, who the visitor is."""

    site_key: str = Field(max_length=64)
    identity: str | None = Field(None, max_length=4_096)


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
