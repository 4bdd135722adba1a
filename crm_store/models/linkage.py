"""Records that may be the same person, and the merges of those that are."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm_store.models.base import Base, CreatedAt, PrimaryKey, UpdatedAt, str_enum
from crm_store.models.encrypted import EncryptedText


class PairStatus(StrEnum):
    OPEN = "open"
    MERGED = "merged"
    REJECTED = "rejected"  # not the same person; never asked again


class DuplicatePair(Base):
    """Two customers who look like one person, with why; a person decides.

    ``first_id`` is the smaller key, so that a pair has one row whichever way it was found.
    """

    __tablename__ = "duplicate_pairs"
    __table_args__ = (
        UniqueConstraint("first_id", "second_id"),
        CheckConstraint("first_id < second_id", name="in_order"),
        CheckConstraint("score >= 0 AND score <= 1", name="score_range"),
        CheckConstraint("(status = 'open') = (decided_at IS NULL)", name="decided_or_open"),
        Index("ix_duplicate_pairs_status_score_id", "status", "score", "id"),
    )

    id: Mapped[PrimaryKey]
    first_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    second_id: Mapped[UUID] = mapped_column(
        ForeignKey("customers.id", ondelete="CASCADE"), index=True
    )
    score: Mapped[float]
    """The probability that both are one person, as the model sees it."""
    certain: Mapped[bool]
    """Above the threshold, with hard evidence: it may be merged without a person."""
    reasons: Mapped[dict[str, Any]]
    """``{prior, comparisons, evidence}``: what each comparison adds, in bits; no values."""
    status: Mapped[PairStatus] = mapped_column(
        str_enum(PairStatus, "pair_status"), default=PairStatus.OPEN
    )
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    """Who decided; none when a job did."""
    decided_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]


class CustomerMerge(Base):
    """One merge of two customers, with everything that undoing it needs."""

    __tablename__ = "customer_merges"
    __table_args__ = (
        UniqueConstraint("survivor_id", "seq"),
        CheckConstraint("survivor_id <> loser_id", name="two_customers"),
    )

    id: Mapped[PrimaryKey]
    survivor_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    loser_id: Mapped[UUID] = mapped_column(
        ForeignKey("customers.id", ondelete="CASCADE"), index=True
    )
    seq: Mapped[int]
    """Counts the merges into this survivor: they are undone in reverse, whatever the clock says."""
    how: Mapped[str] = mapped_column(String(32))
    """``manual`` (by name), ``queue`` (a doubtful pair) or ``certain`` (a job)."""
    merged_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    merged_at: Mapped[CreatedAt]
    undone_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    undone_at: Mapped[datetime | None]
    changes: Mapped[list[dict[str, Any]]]
    """The rows that came over, in order: ``{table, key, before, after}`` of references alone."""
    kept_aside: Mapped[str] = mapped_column(EncryptedText("customer_merges.kept_aside"))
    """JSON, personal: the survivor's fields before and after, and rows that had to give way."""
