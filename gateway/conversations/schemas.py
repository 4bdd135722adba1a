"""Conversations as staff see them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from crm_store.models import Author, ConversationStatus, Owner
from gateway.schemas import StaffMessage


class CustomerRef(BaseModel):
    id: UUID
    name: str
    verified: bool


class UserRef(BaseModel):
    id: UUID
    name: str


class OwnerView(BaseModel):
    kind: Owner
    user: UserRef | None = None


class ConversationView(BaseModel):
    """A row of the inbox."""

    id: UUID
    customer: CustomerRef | None
    owner: OwnerView
    status: ConversationStatus
    topic: str | None
    sentiment_valence: float | None
    last_text: str
    last_message_at: datetime
    last_seq: int
    queued_at: datetime | None
    handoff_reason: str | None
    created_at: datetime


class EventView(BaseModel):
    """A change of owner or state."""

    kind: str
    actor: Author
    user: UserRef | None
    reason: str | None
    at: datetime


class VisitorAnswer(BaseModel):
    """What was answered before the chat, under the question as it was asked."""

    name: str
    label: str
    value: str | bool


class VisitorPage(BaseModel):
    path: str
    title: str


class VisitorView(BaseModel):
    """What the visitor and the host's page say of the visitor. Nothing of it is verified."""

    locale: str | None
    answers: list[VisitorAnswer]
    attributes: dict[str, str | bool | int | float]
    page: VisitorPage | None


class FormChoice(BaseModel):
    """A form that may be sent into this conversation."""

    id: str
    title: str


class ConversationDetail(ConversationView):
    """One conversation with its handoff brief and what happened to it."""

    brief: dict[str, Any]
    events: list[EventView]
    visitor: VisitorView
    forms: list[FormChoice]


class NewAgentMessage(BaseModel):
    """A reply to the customer, or with ``note`` a note for colleagues.

    ``form_id`` asks the customer to fill in one of the site's forms; ``text`` goes with it then, or
    is left out.
    """

    client_id: str = Field(pattern=r"^[!-~]{1,64}$")
    text: str = ""
    note: bool = False
    form_id: str | None = Field(None, max_length=40)


class NewNote(BaseModel):
    client_id: str = Field(pattern=r"^[!-~]{1,64}$")
    text: str


class StaffMessageEnvelope(BaseModel):
    message: StaffMessage


class AssignTo(BaseModel):
    user_id: UUID


class ReleaseTo(BaseModel):
    """Who takes over: the bot, or whoever takes it from the queue."""

    to: Owner = Owner.BOT
