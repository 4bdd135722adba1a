"""What the widget sends and gets."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, StrictBool, StrictStr

from crm_store.conversations.service import StartedConversation
from crm_store.models import ConversationStatus, Owner
from crm_store.sites.form_fields import Locale
from gateway.schemas import PublicMessage

FieldValue = StrictBool | Annotated[StrictStr, Field(max_length=4_000)]


class PageView(BaseModel):
    """The page that the visitor is on; what follows ``?`` is never kept."""

    path: str = Field(max_length=2_000)
    title: str = Field("", max_length=500)


class NewSession(BaseModel):
    """Who hosts the widget and, signed by the host, who the visitor is.

    ``pre_chat`` holds the answers to the site's fields, by name; they prove nothing.
    """

    site_key: str = Field(max_length=64)
    identity: str | None = Field(None, max_length=4_096)
    browser_key: str | None = Field(None, min_length=16, max_length=128)
    """A secret that the browser made up: with it, it may present the same identity again."""
    pre_chat: dict[Annotated[str, Field(max_length=40)], FieldValue] | None = Field(
        None, max_length=20
    )
    locale: Locale | None = None
    page: PageView | None = None


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
    wait_seconds: int | None
    """An estimate from how fast people were taken of late; null when there is no basis."""
    rated: bool
    asks_rating: bool
    """Whether to ask for a grade: a person or the customer has just closed a real exchange."""


class StartedSession(ConversationState):
    session_token: str
    conversation_id: UUID
    expires_at: datetime


class FormAnswer(BaseModel):
    """What was filled in of a form in the chat, by the fields' names."""

    id: str = Field(max_length=40)
    values: dict[Annotated[str, Field(max_length=40)], FieldValue] = Field(max_length=20)


def started_session(started: StartedConversation, state: ConversationState) -> StartedSession:
    """What a visitor gets with their token."""
    return StartedSession(
        session_token=started.session_token,
        conversation_id=started.conversation.id,
        expires_at=started.expires_at,
        **state.model_dump(),
    )


class NewMessage(BaseModel):
    """A message: typed text, an offered button, a filled-in form, or a file."""

    client_id: str = Field(pattern=r"^[!-~]{1,64}$", description="Makes a repeat harmless.")
    text: str | None = None
    payload: str | None = Field(None, max_length=2_000)
    attachment_id: UUID | None = None
    form: FormAnswer | None = None
    greeting_id: str | None = Field(
        None, max_length=40, description="The greeting that this answers, with a first message."
    )


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
