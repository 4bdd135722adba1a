"""Messages that the shop wants to say first."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from crm_store.models.base import Base, CreatedAt, PrimaryKey, present_index, str_enum
from crm_store.models.encrypted import EncryptedJson
from crm_store.models.privacy import Purpose


class OutreachStatus(StrEnum):
    WAITING = "waiting"
    DELIVERED = "delivered"
    REFUSED = "refused"  # no consent, too often, or its campaign gave it up
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


_WAITING = text("status = 'waiting'")


class OutreachMessage(Base):
    """One message for one customer, said in the chat once they are there, at most once."""

    __tablename__ = "outreach_messages"
    __table_args__ = (
        Index(
            "ix_outreach_messages_waiting",
            "customer_id",
            "not_before",
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        ),
        Index("ix_outreach_messages_customer_id_delivered_at", "customer_id", "delivered_at"),
        Index("ix_outreach_messages_created_at_id", "created_at", "id"),
        present_index("ix_outreach_messages_conversation_id", "conversation_id"),
        CheckConstraint(
            "(touch_id IS NULL) = (texts IS NOT NULL)", name="says_its_own_or_the_campaigns"
        ),
        CheckConstraint(
            "(status = 'delivered') = (delivered_at IS NOT NULL)", name="delivered_when"
        ),
        CheckConstraint("expires_at > not_before", name="expires_after_start"),
    )

    id: Mapped[PrimaryKey]
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    touch_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("campaign_touches.id", ondelete="CASCADE"), unique=True
    )
    """The campaign's touch that it is; the campaign's message is what is said then."""
    purpose: Mapped[Purpose] = mapped_column(str_enum(Purpose, "outreach_purpose"))
    """What the customer must have allowed."""
    texts: Mapped[dict[str, Any] | None] = mapped_column(
        EncryptedJson("outreach_messages.texts", by_choice=True)
    )
    """What to say, by locale."""
    not_before: Mapped[CreatedAt]
    expires_at: Mapped[datetime | None]
    status: Mapped[OutreachStatus] = mapped_column(
        str_enum(OutreachStatus, "outreach_status"), default=OutreachStatus.WAITING
    )
    reason: Mapped[str | None] = mapped_column(String(100))
    """Why it was refused."""
    delivered_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    conversation_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("conversations.id", ondelete="SET NULL")
    )
    seq: Mapped[int | None]
    """Its place in the conversation."""
    created_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    """Who asked for it; None: analysis, or a campaign."""
    created_at: Mapped[CreatedAt]
