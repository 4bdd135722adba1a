"""The customer's timeline, the knowledge base."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String
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
from crm_store.models.encrypted import EncryptedJson, EncryptedText


class InteractionKind(StrEnum):
    CHAT = "chat"
    PURCHASE = "purchase"
    RETURN = "return"
    TICKET = "ticket"
    NOTE = "note"
    CALL = "call"
    EMAIL = "email"
    ACCOUNT = "account"
    CAMPAIGN = "campaign"
    SCORE = "score"
    SALES = "sales"
    TASK = "task"


class Interaction(Base):
    """One entry of a customer's timeline. ``source_key`` makes recording it idempotent."""

    __tablename__ = "interactions"
    __table_args__ = (
        Index("ix_interactions_customer_id_at", "customer_id", "at"),
        present_index("ix_interactions_conversation_id", "conversation_id"),
        present_index("ix_interactions_order_id", "order_id"),
    )

    id: Mapped[PrimaryKey]
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    kind: Mapped[InteractionKind] = mapped_column(str_enum(InteractionKind, "interaction_kind"))
    at: Mapped[datetime]
    summary: Mapped[str] = mapped_column(EncryptedText("interactions.summary", by_choice=True))
    data: Mapped[dict[str, Any] | None] = mapped_column(
        EncryptedJson("interactions.data", by_choice=True)
    )
    conversation_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("conversations.id", ondelete="SET NULL")
    )
    order_id: Mapped[UUID | None] = mapped_column(ForeignKey("orders.id", ondelete="SET NULL"))
    source_key: Mapped[str | None] = mapped_column(String(128), unique=True)
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    """Who wrote it, where a person of the team did: a note, a call, an e-mail."""
    edited_at: Mapped[datetime | None]


class Article(Base):
    """A knowledge-base article; ``embedding`` is float32 bytes from ``embedding_model``."""

    __tablename__ = "articles"

    id: Mapped[PrimaryKey]
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    title: Mapped[ShortText]
    summary: Mapped[str] = mapped_column(String(500))
    """Two or three sentences: what the bot says before it links the article."""
    body: Mapped[str]
    topic: Mapped[str] = mapped_column(String(64), index=True)
    published: Mapped[bool] = mapped_column(default=True)
    embedding: Mapped[bytes | None] = mapped_column(LargeBinary)
    embedding_model: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]
