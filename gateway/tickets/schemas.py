"""Tickets as staff see them, and what they send."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field

from crm_store.models import (
    Author,
    ClockKind,
    ClockState,
    LabelTone,
    TicketPriority,
    TicketStatus,
    TicketType,
    Visibility,
)
from crm_store.tickets.bulk import MAX_BULK
from crm_store.tickets.comments import COMMENT_LIMIT
from crm_store.tickets.merging import MAX_MERGED
from crm_store.tickets.opening import BODY_LIMIT, SUBJECT_LIMIT, TOPIC_LIMIT

ClientId = Annotated[str, Field(pattern=r"^[!-~]{1,64}$")]
Number = Annotated[str, Field(min_length=1, max_length=40)]
Version = Annotated[int, Field(ge=0, lt=2**31)]
Subject = Annotated[str, Field(min_length=1, max_length=SUBJECT_LIMIT)]
Topic = Annotated[str, Field(max_length=TOPIC_LIMIT)]


class PersonRef(BaseModel):
    id: UUID
    name: str


class LabelRef(BaseModel):
    id: UUID
    name: str
    tone: LabelTone


class ClockView(BaseModel):
    """How a promise stands. A paused or stopped clock is not due."""

    kind: ClockKind
    state: ClockState
    target_minutes: int
    spent_seconds: int
    """Business time used when the clock last started, paused or stopped."""
    due_at: datetime | None
    stopped_at: datetime | None
    breached_at: datetime | None


class TicketView(BaseModel):
    """A row of the list; ``body`` is what the customer or a colleague wrote."""

    id: UUID
    number: str
    version: int
    subject: str
    body: str
    topic: str
    type: TicketType
    status: TicketStatus
    priority: TicketPriority
    customer_id: UUID | None
    customer: PersonRef | None
    conversation_id: UUID | None
    order_id: UUID | None
    assignee: PersonRef | None
    labels: list[LabelRef]
    clocks: list[ClockView]
    due_at: datetime | None
    answered_at: datetime | None
    solved_at: datetime | None
    reopened: int
    created_at: datetime
    updated_at: datetime


class TicketEventView(BaseModel):
    """A change, with who made it."""

    kind: str
    version: int
    actor: Author
    user: PersonRef | None
    data: dict[str, Any] | None
    at: datetime


class TicketDetailView(TicketView):
    """One ticket with its history, the latest first."""

    events: list[TicketEventView]
    duplicates: list[str]
    """The numbers of the tickets that were merged into this one."""
    merged_into: str | None


class CommentView(BaseModel):
    """Something said about the ticket, or about a duplicate of it."""

    id: UUID
    ticket: str
    author: Author
    user: PersonRef | None
    visibility: Visibility
    text: str
    at: datetime


class NewTicket(BaseModel):
    """``client_id`` names the opening: sent again, it gives the same ticket."""

    client_id: ClientId
    subject: Subject
    body: Annotated[str, Field(max_length=BODY_LIMIT)] = ""
    topic: Topic = ""
    type: TicketType | None = None
    priority: TicketPriority = TicketPriority.NORMAL
    customer_id: UUID | None = None
    conversation_id: UUID | None = None
    order_id: UUID | None = None


class TicketEdit(BaseModel):
    """What to set; what is left out stays. ``assignee_id`` null takes it from everybody.

    The defaults come from factories, so that the description of the API shows none.
    """

    version: Version
    subject: Subject = Field(default_factory=str)
    topic: Topic = Field(default_factory=str)
    type: TicketType = Field(default_factory=lambda: TicketType.OTHER)
    priority: TicketPriority = Field(default_factory=lambda: TicketPriority.NORMAL)
    status: TicketStatus = Field(default_factory=lambda: TicketStatus.OPEN)
    assignee_id: UUID | None = None


class TicketAssign(BaseModel):
    """Who works on it now; null is nobody."""

    version: Version
    user_id: UUID | None


class NewComment(BaseModel):
    """A public answer or a note; ``status`` is set with it."""

    client_id: ClientId
    text: Annotated[str, Field(min_length=1, max_length=COMMENT_LIMIT)]
    visibility: Visibility = Visibility.PUBLIC
    status: TicketStatus | None = None


class MergeInto(BaseModel):
    """The duplicates that go on as this ticket."""

    duplicates: Annotated[list[Number], Field(min_length=1, max_length=MAX_MERGED)]


class LabelIds(BaseModel):
    """The labels that it is to have, and no others."""

    label_ids: Annotated[list[UUID], Field(max_length=30)]


class BulkChange(BaseModel):
    """What to set on each; what is left out stays."""

    type: TicketType = Field(default_factory=lambda: TicketType.OTHER)
    priority: TicketPriority = Field(default_factory=lambda: TicketPriority.NORMAL)
    status: TicketStatus = Field(default_factory=lambda: TicketStatus.OPEN)
    assignee_id: UUID | None = None


class BulkEdit(BaseModel):
    """One change of many tickets."""

    numbers: Annotated[list[Number], Field(min_length=1, max_length=MAX_BULK)]
    change: BulkChange = Field(default_factory=BulkChange)
    add_labels: Annotated[list[UUID], Field(max_length=30)] = Field(default_factory=list)
    remove_labels: Annotated[list[UUID], Field(max_length=30)] = Field(default_factory=list)


class BulkItem(BaseModel):
    """What became of one ticket; ``code`` and ``detail`` say why it was not changed."""

    number: str
    changed: bool
    code: str | None
    detail: str | None


class BulkAnswer(BaseModel):
    items: list[BulkItem]
