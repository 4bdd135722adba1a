"""Conversations: one owner, messages without gaps, turns as rows of work."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from crm_store.models.base import (
    Base,
    CreatedAt,
    PrimaryKey,
    UpdatedAt,
    present_index,
    str_enum,
)
from crm_store.models.encrypted import EncryptedJson, EncryptedText


class Owner(StrEnum):
    BOT = "bot"
    QUEUE = "queue"
    AGENT = "agent"


class ConversationStatus(StrEnum):
    OPEN = "open"
    SNOOZED = "snoozed"
    RESOLVED = "resolved"


class Author(StrEnum):
    CUSTOMER = "customer"
    BOT = "bot"
    AGENT = "agent"
    SYSTEM = "system"


class Visibility(StrEnum):
    PUBLIC = "public"
    NOTE = "note"  # staff only


class TurnStatus(StrEnum):
    PENDING = "pending"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"  # given up; the customer was told
    SKIPPED = "skipped"  # a person owns the conversation


class Conversation(Base):
    """A talk with one customer. Changes of owner are compare-and-set on ``version``."""

    __tablename__ = "conversations"
    __table_args__ = (
        CheckConstraint(
            "(owner = 'agent') = (owner_user_id IS NOT NULL)", name="agent_owner_is_named"
        ),
        CheckConstraint(
            "verified_at IS NULL OR customer_id IS NOT NULL", name="verified_has_customer"
        ),
        CheckConstraint(
            "(owner = 'queue') = (queued_at IS NOT NULL)", name="queued_since_is_known"
        ),
        Index(
            "ix_conversations_status_owner_last_message_at", "status", "owner", "last_message_at"
        ),
        Index("ix_conversations_last_message_at_id", "last_message_at", "id"),
        Index("ix_conversations_owner_last_message_at_id", "owner", "last_message_at", "id"),
        Index("ix_conversations_status_last_message_at_id", "status", "last_message_at", "id"),
        Index("ix_conversations_queued_at_id", "queued_at", "id"),
        Index("ix_conversations_created_at", "created_at"),
        present_index("ix_conversations_customer_id", "customer_id"),
        present_index("ix_conversations_owner_user_id", "owner_user_id", "last_message_at", "id"),
    )

    id: Mapped[PrimaryKey]
    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"))
    channel: Mapped[str] = mapped_column(String(32), default="widget")
    customer_id: Mapped[UUID | None] = mapped_column(ForeignKey("customers.id"))
    verified_at: Mapped[datetime | None]
    """When the visitor proved to be ``customer_id``; before it, nothing of theirs is shown."""
    verified_by: Mapped[str | None] = mapped_column(String(32))
    """``host`` (signed identity) or ``order`` (order number + contact)."""
    locale: Mapped[str | None] = mapped_column(String(35))
    """The language that the widget speaks there (BCP 47)."""
    owner: Mapped[Owner] = mapped_column(str_enum(Owner, "owner"), default=Owner.BOT)
    owner_user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    status: Mapped[ConversationStatus] = mapped_column(
        str_enum(ConversationStatus, "status"), default=ConversationStatus.OPEN
    )
    version: Mapped[int] = mapped_column(default=0)
    last_seq: Mapped[int] = mapped_column(default=0)
    last_message_at: Mapped[CreatedAt]
    last_text: Mapped[str] = mapped_column(
        EncryptedText("conversations.last_text", by_choice=True), default=""
    )
    topic: Mapped[str | None] = mapped_column(String(64))
    """The latest intent that was not small talk."""
    sentiment_valence: Mapped[float | None]
    """Of the latest customer message, in [-1, 1]."""
    handoff_reason: Mapped[str | None] = mapped_column(String(64))
    handoff_brief: Mapped[dict[str, Any] | None] = mapped_column(
        EncryptedJson("conversations.handoff_brief", by_choice=True)
    )
    queued_at: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]


class WidgetSession(Base):
    """A visitor's bearer token for one conversation; only its digest is kept."""

    __tablename__ = "widget_sessions"

    id: Mapped[PrimaryKey]
    conversation_id: Mapped[UUID] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), index=True
    )
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime]
    created_at: Mapped[CreatedAt]


class VisitorDetail(Base):
    """What a visitor or the host's page said of the visitor, unproven: for staff to read.

    Nobody is ever found, linked or merged by it.
    """

    __tablename__ = "visitor_details"

    id: Mapped[PrimaryKey]
    conversation_id: Mapped[UUID] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), unique=True
    )
    answers: Mapped[dict[str, Any] | None] = mapped_column(EncryptedJson("visitor_details.answers"))
    """The form before the chat: values by the fields' names."""
    attributes: Mapped[dict[str, Any] | None] = mapped_column(
        EncryptedJson("visitor_details.attributes")
    )
    """What the host's page set: texts, numbers and booleans by name."""
    page: Mapped[dict[str, Any] | None] = mapped_column(EncryptedJson("visitor_details.page"))
    """Where the chat began: ``{path, title}``."""
    updated_at: Mapped[UpdatedAt]


class SocketTicket(Base):
    """A single-use, short-lived ticket that opens one WebSocket."""

    __tablename__ = "socket_tickets"
    __table_args__ = (
        CheckConstraint("(conversation_id IS NULL) <> (user_id IS NULL)", name="one_holder"),
        CheckConstraint(
            "(conversation_id IS NULL) = (session_id IS NULL)", name="visitor_has_session"
        ),
        present_index("ix_socket_tickets_conversation_id", "conversation_id"),
        present_index("ix_socket_tickets_session_id", "session_id"),
    )

    id: Mapped[PrimaryKey]
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    conversation_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE")
    )
    session_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("widget_sessions.id", ondelete="CASCADE")
    )
    """The visitor's session: when it ends, so do its tickets and its sockets."""
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    expires_at: Mapped[datetime]


class Message(Base):
    """One utterance. The customer's carry what was understood; staff alone see that."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("conversation_id", "seq"),
        UniqueConstraint("conversation_id", "client_id"),
        CheckConstraint("seq > 0", name="seq_positive"),
        Index("ix_messages_sent_at", "sent_at"),
        present_index("ix_messages_in_reply_to", "in_reply_to"),
        present_index("ix_messages_attachment_id", "attachment_id"),
    )

    id: Mapped[PrimaryKey]
    conversation_id: Mapped[UUID] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE")
    )
    seq: Mapped[int]
    client_id: Mapped[str | None] = mapped_column(String(64))
    author: Mapped[Author] = mapped_column(str_enum(Author, "author"))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    name: Mapped[str | None] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(EncryptedText("messages.text", by_choice=True))
    payload: Mapped[dict[str, Any] | None] = mapped_column(
        EncryptedJson("messages.payload", by_choice=True)
    )
    """The bot's: ``{buttons, cards, links}``. The customer's: ``{button}``, the chosen one."""
    attachment_id: Mapped[UUID | None] = mapped_column(ForeignKey("attachments.id"))
    visibility: Mapped[Visibility] = mapped_column(
        str_enum(Visibility, "visibility"), default=Visibility.PUBLIC
    )
    in_reply_to: Mapped[UUID | None] = mapped_column(ForeignKey("messages.id"))
    sent_at: Mapped[CreatedAt]
    intent: Mapped[str | None] = mapped_column(String(64), index=True)
    confidence: Mapped[float | None]
    sentiment: Mapped[str | None] = mapped_column(String(16))
    valence: Mapped[float | None]
    nlu: Mapped[dict[str, Any] | None] = mapped_column(
        EncryptedJson("messages.nlu", by_choice=True)
    )
    """The parse as the assistant returned it: intent, ranking, entities, sentiment."""
    actions: Mapped[list[Any] | None]
    """Names of the actions that the turn ran, in order."""
    latency_ms: Mapped[int | None]
    """From the customer's commit to the reply's commit."""


class Turn(Base):
    """The bot's work on one customer message, written in the message's own commit."""

    __tablename__ = "turns"
    __table_args__ = (
        Index("ix_turns_status_available_at", "status", "available_at"),
        Index("ix_turns_conversation_id_status_seq", "conversation_id", "status", "seq"),
        CheckConstraint(
            "(status = 'running') = (lease_owner IS NOT NULL)", name="running_has_lease"
        ),
        Index(
            "uq_turns_one_running",
            "conversation_id",
            unique=True,
            sqlite_where=text("status = 'running'"),
            postgresql_where=text("status = 'running'"),
        ),
    )

    id: Mapped[PrimaryKey]
    conversation_id: Mapped[UUID] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE")
    )
    message_id: Mapped[UUID] = mapped_column(
        ForeignKey("messages.id", ondelete="CASCADE"), unique=True
    )
    seq: Mapped[int]
    """The message's, so that a conversation's turns run in order."""
    status: Mapped[TurnStatus] = mapped_column(
        str_enum(TurnStatus, "turn_status"), default=TurnStatus.PENDING
    )
    attempts: Mapped[int] = mapped_column(default=0)
    lease_owner: Mapped[str | None] = mapped_column(String(64))
    lease_expires_at: Mapped[datetime | None]
    available_at: Mapped[CreatedAt]
    error: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[CreatedAt]
    finished_at: Mapped[datetime | None]


class ConversationEvent(Base):
    """A change of owner or state, with who and why."""

    __tablename__ = "conversation_events"
    __table_args__ = (
        # What an estimate of the waiting time rests on; the other kinds are many more.
        Index(
            "ix_conversation_events_taken_at",
            "at",
            sqlite_where=text("kind IN ('claimed', 'assigned')"),
            postgresql_where=text("kind IN ('claimed', 'assigned')"),
        ),
    )

    id: Mapped[PrimaryKey]
    conversation_id: Mapped[UUID] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(String(32))
    actor: Mapped[Author] = mapped_column(str_enum(Author, "actor"))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    reason: Mapped[str | None] = mapped_column(String(200))
    data: Mapped[dict[str, Any] | None]
    at: Mapped[CreatedAt]


class Attachment(Base):
    """A file that a customer sent; the bytes lie under ``<var>/attachments/<id>``."""

    __tablename__ = "attachments"

    id: Mapped[PrimaryKey]
    conversation_id: Mapped[UUID] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), index=True
    )
    filename: Mapped[str] = mapped_column(String(200))
    content_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    created_at: Mapped[CreatedAt]


class Csat(Base):
    """The customer's grade for a conversation, one each."""

    __tablename__ = "csats"
    __table_args__ = (
        CheckConstraint("score BETWEEN 1 AND 5", name="score_range"),
        Index("ix_csats_created_at", "created_at"),
    )

    id: Mapped[PrimaryKey]
    conversation_id: Mapped[UUID] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), unique=True
    )
    score: Mapped[int]
    comment: Mapped[str | None] = mapped_column(EncryptedText("csats.comment", by_choice=True))
    created_at: Mapped[CreatedAt]


class AssistantEvent(Base):
    """A Rasa tracker event as the event broker delivered it."""

    __tablename__ = "assistant_events"

    id: Mapped[PrimaryKey]
    broker_key: Mapped[str] = mapped_column(String(64), unique=True)
    """The broker's own key of the event, so that a redelivery changes nothing."""
    conversation_id: Mapped[UUID] = mapped_column(index=True)
    type_name: Mapped[str] = mapped_column(String(64))
    name: Mapped[str | None] = mapped_column(String(200))
    at: Mapped[datetime]
    data: Mapped[dict[str, Any]] = mapped_column(
        EncryptedJson("assistant_events.data", by_choice=True)
    )
