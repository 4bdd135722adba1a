"""What a customer allowed, and whom the store must not remember again."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from crm_store.models.base import Base, CreatedAt, PrimaryKey, str_enum


class Purpose(StrEnum):
    """What personal data may be used for beyond serving the customer."""

    MARKETING_EMAIL = "marketing_email"
    MARKETING_CHAT = "marketing_chat"
    PROFILING = "profiling"
    RECOMMENDATIONS = "recommendations"
    TRAINING = "training"


class Consent(Base):
    """One decision of a customer about one purpose; never changed, only superseded by the next."""

    __tablename__ = "consents"
    __table_args__ = (
        Index(
            "uq_consents_in_force",
            "customer_id",
            "purpose",
            unique=True,
            sqlite_where=text("superseded_at IS NULL"),
            postgresql_where=text("superseded_at IS NULL"),
        ),
        Index("ix_consents_customer_id_id", "customer_id", "id"),
    )

    id: Mapped[PrimaryKey]
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    purpose: Mapped[Purpose] = mapped_column(str_enum(Purpose, "consent_purpose"))
    granted: Mapped[bool]
    """False: withdrawn, or objected to."""
    at: Mapped[CreatedAt]
    source: Mapped[str] = mapped_column(String(32))
    """Where it was said: ``chat``, ``shop``, ``staff``, ``import``, ``terminal``, ``migration``."""
    wording: Mapped[str | None] = mapped_column(String(64))
    """The version of the text that the customer saw."""
    evidence: Mapped[dict[str, Any] | None]
    """What proves it: ``{"conversation_id": …}``, ``{"note": …}``."""
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    superseded_at: Mapped[datetime | None]


class Tombstone(Base):
    """A keyed digest of something that named an erased person.

    From the digest nobody can be found; from somebody, whether they were erased.
    """

    __tablename__ = "tombstones"
    __table_args__ = (UniqueConstraint("kind", "digest"),)

    id: Mapped[PrimaryKey]
    erasure_id: Mapped[UUID] = mapped_column(index=True)
    """The same for all digests of one erasure."""
    kind: Mapped[str] = mapped_column(String(16))
    """``customer``, ``external_id``, ``email``, ``phone`` or ``identity``."""
    digest: Mapped[str] = mapped_column(String(64))
    erased_at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]
    """When the person came back by themselves; what is older than the erasure stays erased."""
