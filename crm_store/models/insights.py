"""What analysis gives back to the customer's record."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm_store.models.base import Base, Code, CreatedAt, PrimaryKey, ShortText, str_enum
from crm_store.models.catalog import Product


class ModelRun(Base):
    """One run of an analysis, with what went in and how well it did."""

    __tablename__ = "model_runs"

    id: Mapped[PrimaryKey]
    kind: Mapped[str] = mapped_column(String(32), index=True)
    engine: Mapped[str] = mapped_column(String(16))
    params: Mapped[dict[str, Any]]
    metrics: Mapped[dict[str, Any]]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime]


class Segment(Base):
    """A group of customers alike in orders and conversations."""

    __tablename__ = "segments"

    id: Mapped[PrimaryKey]
    run_id: Mapped[UUID] = mapped_column(ForeignKey("model_runs.id", ondelete="CASCADE"))
    name: Mapped[ShortText]
    description: Mapped[str]
    size: Mapped[int]
    """As the run found it; ``InsightService.segments`` counts who is in it now."""
    profile: Mapped[dict[str, Any]]
    """Feature means in their own units."""


class SegmentMembership(Base):
    """The segment that a customer is in now; one at a time."""

    __tablename__ = "segment_memberships"

    customer_id: Mapped[UUID] = mapped_column(
        ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True
    )
    segment_id: Mapped[UUID] = mapped_column(
        ForeignKey("segments.id", ondelete="CASCADE"), index=True
    )
    rfm: Mapped[str] = mapped_column(String(8))
    """Recency, frequency and monetary quintiles, best 5: ``"545"``."""
    features: Mapped[dict[str, Any]]
    assigned_at: Mapped[CreatedAt]

    segment: Mapped[Segment] = relationship()


class ItemSimilarity(Base):
    """Customers who bought ``product_id`` also bought ``other_id``."""

    __tablename__ = "item_similarities"

    product_id: Mapped[UUID] = mapped_column(
        ForeignKey("products.id", ondelete="CASCADE"), primary_key=True
    )
    other_id: Mapped[UUID] = mapped_column(
        ForeignKey("products.id", ondelete="CASCADE"), primary_key=True
    )
    score: Mapped[float]


class Recommendation(Base):
    """A product to offer to a customer, with the reason to tell them."""

    __tablename__ = "recommendations"
    __table_args__ = (UniqueConstraint("customer_id", "product_id"),)

    id: Mapped[PrimaryKey]
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    product_id: Mapped[UUID] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"))
    rank: Mapped[int]
    score: Mapped[float]
    reason: Mapped[str] = mapped_column(String(200))
    computed_at: Mapped[CreatedAt]

    product: Mapped[Product] = relationship()


class Interest(Base):
    """Something that a customer said they like, look for or asked about in a chat."""

    __tablename__ = "interests"
    __table_args__ = (
        UniqueConstraint("message_id", "term"),
        Index("ix_interests_customer_id_at", "customer_id", "at"),
    )

    id: Mapped[PrimaryKey]
    conversation_id: Mapped[UUID] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), index=True
    )
    message_id: Mapped[UUID] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"))
    customer_id: Mapped[UUID | None] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    category_id: Mapped[UUID | None] = mapped_column(ForeignKey("categories.id"))
    product_id: Mapped[UUID | None] = mapped_column(ForeignKey("products.id"))
    term: Mapped[str] = mapped_column(String(100))
    weight: Mapped[float] = mapped_column(default=1.0)
    """Positive for liking; scaled by the message's valence."""
    at: Mapped[CreatedAt]


class FeedbackKind(StrEnum):
    """What a customer did with a product that was offered."""

    SHOWN = "shown"
    CLICKED = "clicked"
    DISMISSED = "dismissed"
    BOUGHT = "bought"


class RecommendationFeedback(Base):
    """What came of one offer. Rank, score and reason are kept as they were when it was made."""

    __tablename__ = "recommendation_feedback"
    __table_args__ = (Index("ix_recommendation_feedback_customer_id_at", "customer_id", "at"),)

    id: Mapped[PrimaryKey]
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    product_id: Mapped[UUID] = mapped_column(
        ForeignKey("products.id", ondelete="CASCADE"), index=True
    )
    conversation_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("conversations.id", ondelete="SET NULL"), index=True
    )
    kind: Mapped[FeedbackKind] = mapped_column(str_enum(FeedbackKind, "feedback_kind"))
    rank: Mapped[int | None]
    score: Mapped[float | None]
    reason: Mapped[str | None] = mapped_column(String(200))
    at: Mapped[CreatedAt]
    source_key: Mapped[str | None] = mapped_column(String(128), unique=True)
    """Names the act, so that recording it twice writes it once."""


class Prediction(Base):
    """What a model expects of a customer, with its reasons; the newest of its kind."""

    __tablename__ = "predictions"
    __table_args__ = (
        UniqueConstraint("customer_id", "kind"),
        Index("ix_predictions_kind_score", "kind", "score"),
    )

    id: Mapped[PrimaryKey]
    run_id: Mapped[UUID] = mapped_column(
        ForeignKey("model_runs.id", ondelete="CASCADE"), index=True
    )
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    kind: Mapped[Code]
    """``churn``, ``next_purchase``, ``value`` …"""
    score: Mapped[float]
    """A probability, or an amount in minor units, as the kind says."""
    horizon_days: Mapped[int | None]
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    computed_at: Mapped[CreatedAt]


class DecisionOutcome(StrEnum):
    PENDING = "pending"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    IGNORED = "ignored"


class Decision(Base):
    """A next best action: what was offered to a customer, why, and what came of it."""

    __tablename__ = "decisions"
    __table_args__ = (
        Index("ix_decisions_customer_id_offered_at", "customer_id", "offered_at"),
        Index("ix_decisions_action_offered_at", "action", "offered_at"),
    )

    id: Mapped[PrimaryKey]
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    conversation_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("conversations.id", ondelete="SET NULL"), index=True
    )
    run_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("model_runs.id", ondelete="SET NULL"), index=True
    )
    policy: Mapped[Code]
    """Which rules or model chose, with its version."""
    action: Mapped[Code]
    offer: Mapped[dict[str, Any]]
    """The action's own details: a product, a discount, an article."""
    score: Mapped[float]
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    offered_at: Mapped[CreatedAt]
    outcome: Mapped[DecisionOutcome] = mapped_column(
        str_enum(DecisionOutcome, "decision_outcome"), default=DecisionOutcome.PENDING
    )
    outcome_at: Mapped[datetime | None]
    outcome_data: Mapped[dict[str, Any] | None]
    source_key: Mapped[str | None] = mapped_column(String(128), unique=True)
