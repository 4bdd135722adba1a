"""People who may buy and are not customers yet, and what became of them."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from crm_store.models.base import Base, CreatedAt, PrimaryKey, ShortText, present_index, str_enum
from crm_store.models.encrypted import EncryptedText, blind_index
from crm_store.models.versioned import Owned


class LeadSource(StrEnum):
    """Where somebody was met first."""

    WEB = "web"
    CHAT = "chat"
    CAMPAIGN = "campaign"
    REFERRAL = "referral"
    EVENT = "event"
    PHONE = "phone"
    IMPORT = "import"
    OTHER = "other"


class LeadStatus(StrEnum):
    NEW = "new"
    WORKING = "working"
    QUALIFIED = "qualified"
    UNQUALIFIED = "unqualified"
    CONVERTED = "converted"


class Lead(Owned, Base):
    """Somebody who may buy; what they say of themselves is not verified."""

    __tablename__ = "leads"
    __table_args__ = (
        Index("ix_leads_created_at_id", "created_at", "id"),
        Index("ix_leads_score_id", "score", "id"),
        present_index("ix_leads_owner_id", "owner_id"),
        present_index("ix_leads_campaign_id", "campaign_id"),
        present_index("ix_leads_conversation_id", "conversation_id"),
        CheckConstraint("score BETWEEN 0 AND 100", name="score_in_range"),
        CheckConstraint(
            "(status = 'converted') = (converted_at IS NOT NULL)", name="converted_when"
        ),
    )

    id: Mapped[PrimaryKey]
    external_id: Mapped[str | None] = mapped_column(String(128), unique=True)
    name: Mapped[ShortText]
    email: Mapped[str | None] = mapped_column(EncryptedText("leads.email", indexed=True))
    email_index: Mapped[str | None] = blind_index("email")
    phone: Mapped[str | None] = mapped_column(EncryptedText("leads.phone", indexed=True))
    phone_index: Mapped[str | None] = blind_index("phone")
    company: Mapped[str | None] = mapped_column(String(200))
    source: Mapped[LeadSource] = mapped_column(str_enum(LeadSource, "lead_source"))
    status: Mapped[LeadStatus] = mapped_column(
        str_enum(LeadStatus, "lead_status"), default=LeadStatus.NEW, index=True
    )
    unqualified_reason: Mapped[str | None] = mapped_column(String(200))
    score: Mapped[int] = mapped_column(default=0)
    """0 to 100; ``score_reasons`` add up to it before it is cut to that range."""
    score_reasons: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    scored_at: Mapped[datetime | None]
    notes: Mapped[str] = mapped_column(default="")
    marketing_consent_at: Mapped[datetime | None]
    """When they agreed that campaigns approach them; None: they did not."""
    campaign_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("campaigns.id", ondelete="SET NULL")
    )
    conversation_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("conversations.id", ondelete="SET NULL")
    )
    converted_at: Mapped[datetime | None]
    idempotency_key: Mapped[str | None] = mapped_column(String(128), unique=True)


class LeadConversion(Base):
    """A lead became a customer, and what was made for it; undoing it keeps the row."""

    __tablename__ = "lead_conversions"
    __table_args__ = (
        Index(
            "uq_lead_conversions_in_force",
            "lead_id",
            unique=True,
            sqlite_where=text("undone_at IS NULL"),
            postgresql_where=text("undone_at IS NULL"),
        ),
    )

    id: Mapped[PrimaryKey]
    lead_id: Mapped[UUID] = mapped_column(ForeignKey("leads.id", ondelete="CASCADE"), index=True)
    status_before: Mapped[LeadStatus] = mapped_column(str_enum(LeadStatus, "status_before"))
    customer_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("customers.id", ondelete="SET NULL"), index=True
    )
    customer_made: Mapped[bool]
    """Whether the conversion made the customer, rather than finding them."""
    account_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="SET NULL"), index=True
    )
    account_made: Mapped[bool]
    contact_made: Mapped[bool]
    """Whether the customer became the account's contact only then."""
    opportunity_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("opportunities.id", ondelete="SET NULL"), index=True
    )
    at: Mapped[CreatedAt]
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
