"""Tickets: what they say, who works on them, how long that may take."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from crm_store.models.base import (
    Base,
    CreatedAt,
    PrimaryKey,
    ShortText,
    UpdatedAt,
    present_index,
    str_enum,
)
from crm_store.models.conversations import Author, Visibility
from crm_store.models.encrypted import EncryptedText


class TicketStatus(StrEnum):
    OPEN = "open"
    PENDING = "pending"  # waits for the customer: the clocks stand still
    SOLVED = "solved"
    CLOSED = "closed"


class TicketPriority(StrEnum):
    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


class TicketType(StrEnum):
    QUESTION = "question"
    PROBLEM = "problem"
    RETURN = "return"
    COMPLAINT = "complaint"
    REFUND = "refund"
    FEATURE = "feature"
    OTHER = "other"


class ClockKind(StrEnum):
    FIRST_RESPONSE = "first_response"
    RESOLUTION = "resolution"


class ClockState(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"  # the next move is the customer's
    STOPPED = "stopped"  # answered, or settled


class Ticket(Base):
    """Something that somebody has to do. ``number`` reads ``T-123456``.

    It changes by compare-and-set on ``version``; what changed is in its events.
    """

    __tablename__ = "tickets"
    __table_args__ = (
        CheckConstraint("merged_into_id IS NULL OR status = 'closed'", name="merged_is_closed"),
        CheckConstraint("merged_into_id <> id", name="merged_into_another"),
        Index("ix_tickets_created_at_id", "created_at", "id"),
        Index("ix_tickets_updated_at_id", "updated_at", "id"),
        Index("ix_tickets_status_created_at", "status", "created_at"),
        present_index(
            "ix_tickets_assignee_id_status_created_at", "assignee_id", "status", "created_at"
        ),
        present_index("ix_tickets_customer_id", "customer_id"),
        present_index("ix_tickets_conversation_id", "conversation_id"),
        present_index("ix_tickets_order_id", "order_id"),
        present_index("ix_tickets_policy_id", "policy_id"),
        present_index("ix_tickets_merged_into_id", "merged_into_id"),
        Index(
            "ix_tickets_due_at_id",
            "due_at",
            "id",
            sqlite_where=text("due_at IS NOT NULL"),
            postgresql_where=text("due_at IS NOT NULL"),
        ),
        Index(
            "ix_tickets_sla_stale",
            "id",
            sqlite_where=text("sla_stale"),
            postgresql_where=text("sla_stale"),
        ),
    )

    id: Mapped[PrimaryKey]
    number: Mapped[str] = mapped_column(String(32), unique=True)
    customer_id: Mapped[UUID | None] = mapped_column(ForeignKey("customers.id"))
    """Who asked for it."""
    conversation_id: Mapped[UUID | None] = mapped_column(ForeignKey("conversations.id"))
    order_id: Mapped[UUID | None] = mapped_column(ForeignKey("orders.id"))
    subject: Mapped[ShortText]
    body: Mapped[str] = mapped_column(EncryptedText("tickets.body", by_choice=True))
    topic: Mapped[str] = mapped_column(String(64))
    type: Mapped[TicketType] = mapped_column(
        str_enum(TicketType, "ticket_type"), default=TicketType.OTHER, server_default="other"
    )
    status: Mapped[TicketStatus] = mapped_column(
        str_enum(TicketStatus, "ticket_status"), default=TicketStatus.OPEN
    )
    priority: Mapped[TicketPriority] = mapped_column(
        str_enum(TicketPriority, "ticket_priority"), default=TicketPriority.NORMAL
    )
    assignee_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    policy_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("sla_policies.id", ondelete="SET NULL")
    )
    due_at: Mapped[datetime | None]
    """The earliest of its running clocks; None while none runs."""
    sla_stale: Mapped[bool] = mapped_column(default=False, server_default=false())
    """A calendar or policy has changed: the job computes its clocks anew."""
    answered_at: Mapped[datetime | None]
    """When a person first answered the customer."""
    solved_at: Mapped[datetime | None]
    reopened: Mapped[int] = mapped_column(default=0, server_default="0")
    """How often it came back after it was solved."""
    merged_into_id: Mapped[UUID | None] = mapped_column(ForeignKey("tickets.id"))
    version: Mapped[int] = mapped_column(default=0, server_default="0")
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]
    idempotency_key: Mapped[str | None] = mapped_column(String(128), unique=True)


class TicketComment(Base):
    """Something said about a ticket: public for the customer, a note for staff."""

    __tablename__ = "ticket_comments"
    __table_args__ = (
        UniqueConstraint("ticket_id", "client_id"),
        Index("ix_ticket_comments_ticket_id_at_id", "ticket_id", "at", "id"),
    )

    id: Mapped[PrimaryKey]
    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"))
    client_id: Mapped[str | None] = mapped_column(String(64))
    author: Mapped[Author] = mapped_column(str_enum(Author, "comment_author"))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    visibility: Mapped[Visibility] = mapped_column(str_enum(Visibility, "comment_visibility"))
    text: Mapped[str] = mapped_column(EncryptedText("ticket_comments.text", by_choice=True))
    at: Mapped[CreatedAt]


class TicketEvent(Base):
    """A change of a ticket, with who made it; ``data`` holds ``from`` and ``to``.

    Events are in order by ``version`` even when the machine's clock goes back.
    """

    __tablename__ = "ticket_events"
    __table_args__ = (
        Index("ix_ticket_events_ticket_id_version_id", "ticket_id", "version", "id"),
        Index("ix_ticket_events_kind_at", "kind", "at"),
    )

    id: Mapped[PrimaryKey]
    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"))
    version: Mapped[int]
    kind: Mapped[str] = mapped_column(String(32))
    actor: Mapped[Author] = mapped_column(str_enum(Author, "event_actor"))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    data: Mapped[dict[str, Any] | None]
    at: Mapped[CreatedAt]
    source_key: Mapped[str | None] = mapped_column(String(128), unique=True)
    """Names what happens once only, such as a clock that runs out."""


class SlaClock(Base):
    """How much of a promised time a ticket has used; computed from its events, never by request."""

    __tablename__ = "sla_clocks"
    __table_args__ = (
        UniqueConstraint("ticket_id", "kind"),
        CheckConstraint("(state = 'running') = (due_at IS NOT NULL)", name="running_is_due"),
        CheckConstraint("target_minutes > 0", name="target_positive"),
        Index("ix_sla_clocks_state_due_at", "state", "due_at"),
        Index("ix_sla_clocks_state_warn_at", "state", "warn_at"),
    )

    id: Mapped[PrimaryKey]
    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"))
    kind: Mapped[ClockKind] = mapped_column(str_enum(ClockKind, "clock_kind"))
    state: Mapped[ClockState] = mapped_column(str_enum(ClockState, "clock_state"))
    target_minutes: Mapped[int]
    spent_seconds: Mapped[int]
    """Business time used when the clock last started, paused or stopped."""
    due_at: Mapped[datetime | None]
    warn_at: Mapped[datetime | None]
    """When "due soon" is told; None once it was, or when the clock stands."""
    stopped_at: Mapped[datetime | None]
    breached_at: Mapped[datetime | None]
