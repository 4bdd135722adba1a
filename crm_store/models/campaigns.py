"""Campaigns, the people in them, and each time that one of them was approached."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm_store.models.base import Base, CreatedAt, PrimaryKey, ShortText, present_index, str_enum
from crm_store.models.versioned import Owned


class CampaignChannel(StrEnum):
    CHAT = "chat"
    EMAIL = "email"


class CampaignStatus(StrEnum):
    DRAFT = "draft"
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"


class TouchStatus(StrEnum):
    """How far one approach came; each status includes the ones before it."""

    PLANNED = "planned"
    SENT = "sent"
    OPENED = "opened"
    ANSWERED = "answered"
    CONVERTED = "converted"
    SKIPPED = "skipped"  # not sent, for the reason given


class Campaign(Owned, Base):
    """Something offered to several people on one channel, with a limit on how often."""

    __tablename__ = "campaigns"
    __table_args__ = (
        Index("ix_campaigns_created_at_id", "created_at", "id"),
        present_index("ix_campaigns_owner_id", "owner_id"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("max_touches >= 1 AND within_days >= 1", name="frequency_positive"),
    )

    id: Mapped[PrimaryKey]
    name: Mapped[ShortText] = mapped_column(unique=True)
    goal: Mapped[str] = mapped_column(String(500), default="")
    channel: Mapped[CampaignChannel] = mapped_column(str_enum(CampaignChannel, "campaign_channel"))
    status: Mapped[CampaignStatus] = mapped_column(
        str_enum(CampaignStatus, "campaign_status"), default=CampaignStatus.DRAFT
    )
    message: Mapped[str] = mapped_column(default="")
    """What is said to each member."""
    segment_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("segments.id", ondelete="SET NULL"), index=True
    )
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    max_touches: Mapped[int] = mapped_column(default=2)
    within_days: Mapped[int] = mapped_column(default=7)
    """Nobody gets more than ``max_touches`` from all campaigns together in so many days."""


class CampaignMember(Base):
    """A customer or a lead whom the campaign approaches."""

    __tablename__ = "campaign_members"
    __table_args__ = (
        UniqueConstraint("campaign_id", "customer_id"),
        UniqueConstraint("campaign_id", "lead_id"),
        CheckConstraint("(customer_id IS NULL) <> (lead_id IS NULL)", name="one_person"),
    )

    id: Mapped[PrimaryKey]
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"))
    customer_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("customers.id", ondelete="CASCADE"), index=True
    )
    lead_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("leads.id", ondelete="CASCADE"), index=True
    )
    created_at: Mapped[CreatedAt]


class CampaignTouch(Base):
    """One approach to one member."""

    __tablename__ = "campaign_touches"
    __table_args__ = (
        Index("ix_campaign_touches_member_id_sent_at", "member_id", "sent_at"),
        Index("ix_campaign_touches_status_planned_for", "status", "planned_for"),
        CheckConstraint("(status = 'skipped') = (skip_reason IS NOT NULL)", name="skipped_why"),
        CheckConstraint(
            "status IN ('planned', 'skipped') OR sent_at IS NOT NULL", name="sent_when"
        ),
    )

    id: Mapped[PrimaryKey]
    member_id: Mapped[UUID] = mapped_column(ForeignKey("campaign_members.id", ondelete="CASCADE"))
    status: Mapped[TouchStatus] = mapped_column(
        str_enum(TouchStatus, "touch_status"), default=TouchStatus.PLANNED
    )
    planned_for: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    converted_at: Mapped[datetime | None]
    skip_reason: Mapped[str | None] = mapped_column(String(100))
    conversation_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("conversations.id", ondelete="SET NULL"), index=True
    )
    opportunity_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("opportunities.id", ondelete="SET NULL"), index=True
    )
    created_at: Mapped[CreatedAt]
