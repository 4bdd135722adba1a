"""Runs of `kefu import`: how far each has come, what it did, what it must not forget."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from crm_store.models.base import Base, CreatedAt, PrimaryKey, ShortText, str_enum


class ImportStatus(StrEnum):
    WAITING = "waiting"  # uploaded; a worker will take it
    RUNNING = "running"  # or killed while it ran: the next one goes on from its checkpoint
    DONE = "done"
    FAILED = "failed"  # the reason is in ``error``; it can be taken up again


class ImportRun(Base):
    """One file on its way into the store.

    Its counts and its place in the file are written in the same transaction as the rows of each
    batch, so whoever takes it up again neither repeats nor leaves out a row.
    """

    __tablename__ = "import_runs"
    __table_args__ = (
        CheckConstraint("batch_size > 0", name="batch_size_positive"),
        Index("ix_import_runs_created_at_id", "created_at", "id"),
    )

    id: Mapped[PrimaryKey]
    target: Mapped[str] = mapped_column(String(40))
    """What the rows are: ``customers``, ``orders``, …"""
    source_name: Mapped[ShortText]
    """The file's name, without its folder."""
    fingerprint: Mapped[str] = mapped_column(String(64), index=True)
    """SHA-256 of the file."""
    mapping: Mapped[dict[str, Any]]
    """As it was settled: the same when the run is taken up again."""
    status: Mapped[ImportStatus] = mapped_column(str_enum(ImportStatus, "import_status"))
    dry_run: Mapped[bool] = mapped_column(default=False)
    batch_size: Mapped[int]
    batches: Mapped[int] = mapped_column(default=0)
    """Batches that are in the store."""
    read: Mapped[int] = mapped_column(default=0)
    created: Mapped[int] = mapped_column(default=0)
    updated: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    rejected: Mapped[int] = mapped_column(default=0)
    erased: Mapped[int] = mapped_column(default=0)
    """Rows of people who were erased; they are not brought back."""
    possible_duplicates: Mapped[int] = mapped_column(default=0)
    rules: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """How often each cleaning rule changed a value."""
    reject_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    """How much of the reject file belongs to the batches that are in the store."""
    position: Mapped[int] = mapped_column(BigInteger, default=0)
    total: Mapped[int] = mapped_column(BigInteger, default=0)
    error: Mapped[str | None] = mapped_column(String(300))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    """Who uploaded it; None: an operator at the terminal."""
    created_at: Mapped[CreatedAt]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
