"""Deals on their way through the stages of a pipeline."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm_store.models.base import (
    Base,
    CreatedAt,
    Currency,
    PrimaryKey,
    ShortText,
    present_index,
    str_enum,
)
from crm_store.models.leads import LeadSource
from crm_store.models.versioned import Owned, Versioned


class OpportunityStatus(StrEnum):
    """How it stands; a stage has the same three kinds, and an opportunity has its stage's."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


class LostReason(StrEnum):
    PRICE = "price"
    COMPETITOR = "competitor"
    TIMING = "timing"
    NO_BUDGET = "no_budget"
    NO_ANSWER = "no_answer"
    MISSING_FEATURE = "missing_feature"
    NOT_A_FIT = "not_a_fit"
    OTHER = "other"


class StageEvent(StrEnum):
    """Why a row of an opportunity's history was written."""

    CREATED = "created"
    MOVED = "moved"
    WON = "won"
    LOST = "lost"
    REOPENED = "reopened"
    AMOUNT = "amount"  # the stage is the same, the amount is not


class Pipeline(Versioned, Base):
    """A way to sell: its stages in order. One pipeline is what new opportunities take."""

    __tablename__ = "pipelines"
    __table_args__ = (
        Index(
            "uq_pipelines_one_default",
            "is_default",
            unique=True,
            sqlite_where=text("is_default"),
            postgresql_where=text("is_default"),
        ),
    )

    id: Mapped[PrimaryKey]
    name: Mapped[ShortText] = mapped_column(unique=True)
    currency: Mapped[Currency]
    is_default: Mapped[bool] = mapped_column(default=False)
    archived_at: Mapped[datetime | None]

    stages: Mapped[list["Stage"]] = relationship(
        order_by="Stage.position", back_populates="pipeline"
    )


class Stage(Base):
    """A step of a pipeline; each pipeline has one stage for what is won and one for what is lost.

    ``probability`` is in percent: how likely an opportunity in this stage is to be won.
    """

    __tablename__ = "stages"
    __table_args__ = (
        UniqueConstraint("pipeline_id", "name"),
        UniqueConstraint("pipeline_id", "position"),
        Index(
            "uq_stages_one_end",
            "pipeline_id",
            "kind",
            unique=True,
            sqlite_where=text("kind <> 'open'"),
            postgresql_where=text("kind <> 'open'"),
        ),
        CheckConstraint("probability BETWEEN 0 AND 100", name="probability_in_percent"),
        CheckConstraint(
            "(kind <> 'won' OR probability = 100) AND (kind <> 'lost' OR probability = 0)",
            name="ends_are_certain",
        ),
    )

    id: Mapped[PrimaryKey]
    pipeline_id: Mapped[UUID] = mapped_column(ForeignKey("pipelines.id", ondelete="CASCADE"))
    name: Mapped[ShortText]
    position: Mapped[int]
    kind: Mapped[OpportunityStatus] = mapped_column(str_enum(OpportunityStatus, "stage_kind"))
    probability: Mapped[int]

    pipeline: Mapped[Pipeline] = relationship(back_populates="stages")


class Opportunity(Owned, Base):
    """A deal that may be won. ``status`` is its stage's kind; the history says how it got there."""

    __tablename__ = "opportunities"
    __table_args__ = (
        Index("ix_opportunities_created_at_id", "created_at", "id"),
        Index("ix_opportunities_pipeline_id_closed_at", "pipeline_id", "closed_at"),
        Index("ix_opportunities_stage_id_stage_since", "stage_id", "stage_since"),
        present_index("ix_opportunities_owner_id", "owner_id"),
        present_index("ix_opportunities_account_id", "account_id"),
        present_index("ix_opportunities_customer_id", "customer_id"),
        present_index("ix_opportunities_campaign_id", "campaign_id"),
        CheckConstraint("amount_minor >= 0", name="amount_not_negative"),
        CheckConstraint("probability BETWEEN 0 AND 100", name="probability_in_percent"),
        CheckConstraint("(status = 'open') = (closed_at IS NULL)", name="closed_when"),
        CheckConstraint("(status = 'lost') = (lost_reason IS NOT NULL)", name="lost_why"),
    )

    id: Mapped[PrimaryKey]
    external_id: Mapped[str | None] = mapped_column(String(128), unique=True)
    name: Mapped[ShortText]
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    customer_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("customers.id", ondelete="SET NULL")
    )
    pipeline_id: Mapped[UUID] = mapped_column(ForeignKey("pipelines.id"))
    stage_id: Mapped[UUID] = mapped_column(ForeignKey("stages.id"))
    stage_since: Mapped[datetime]
    status: Mapped[OpportunityStatus] = mapped_column(
        str_enum(OpportunityStatus, "opportunity_status")
    )
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[Currency]
    probability: Mapped[int | None]
    """In percent, where somebody knows better than the stage; None takes the stage's."""
    expected_close: Mapped[date | None] = mapped_column(index=True)
    next_step: Mapped[str | None] = mapped_column(String(300))
    source: Mapped[LeadSource] = mapped_column(str_enum(LeadSource, "opportunity_source"))
    campaign_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("campaigns.id", ondelete="SET NULL")
    )
    notes: Mapped[str] = mapped_column(default="")
    closed_at: Mapped[datetime | None]
    lost_reason: Mapped[LostReason | None] = mapped_column(str_enum(LostReason, "lost_reason"))
    lost_note: Mapped[str | None] = mapped_column(String(500))

    stage: Mapped[Stage] = relationship()


class StageChange(Base):
    """A fact of an opportunity's life: who moved it, when, from where to where, worth what then."""

    __tablename__ = "stage_changes"
    __table_args__ = (
        UniqueConstraint("opportunity_id", "seq"),
        Index("ix_stage_changes_to_stage_id_at", "to_stage_id", "at"),
    )

    id: Mapped[PrimaryKey]
    opportunity_id: Mapped[UUID] = mapped_column(ForeignKey("opportunities.id", ondelete="CASCADE"))
    seq: Mapped[int]
    """1, 2, 3 … within the opportunity: the order that holds even when a clock goes back."""
    event: Mapped[StageEvent] = mapped_column(str_enum(StageEvent, "stage_event"))
    at: Mapped[CreatedAt]
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    from_stage_id: Mapped[UUID | None] = mapped_column(ForeignKey("stages.id"))
    to_stage_id: Mapped[UUID] = mapped_column(ForeignKey("stages.id"))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[Currency]
    note: Mapped[str | None] = mapped_column(String(500))
