"""Work that must be done once, whoever does it and however often they die."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from crm_store.models.base import Base, CreatedAt, PrimaryKey, str_enum


class JobStatus(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    DEAD = "dead"  # given up; a person has to look


class Job(Base):
    """One piece of background work. Payload, state and result hold no personal data."""

    __tablename__ = "jobs"
    __table_args__ = (
        CheckConstraint("(status = 'running') = (locked_by IS NOT NULL)", name="running_is_locked"),
        CheckConstraint(
            "(status IN ('done', 'dead')) = (finished_at IS NOT NULL)", name="over_is_finished"
        ),
        Index("ix_jobs_status_run_at", "status", "run_at"),
        Index("ix_jobs_kind_id", "kind", "id"),
        Index(
            "uq_jobs_unfinished_unique_key",
            "unique_key",
            unique=True,
            sqlite_where=text("status IN ('waiting', 'running')"),
            postgresql_where=text("status IN ('waiting', 'running')"),
        ),
    )

    id: Mapped[PrimaryKey]
    kind: Mapped[str] = mapped_column(String(64))
    payload: Mapped[dict[str, Any]] = mapped_column(default=dict)
    unique_key: Mapped[str | None] = mapped_column(String(128))
    """At most one unfinished job has it: a second request joins the first."""
    status: Mapped[JobStatus] = mapped_column(
        str_enum(JobStatus, "job_status"), default=JobStatus.WAITING
    )
    run_at: Mapped[datetime | None]
    """Not before; None is at once, whatever the clock says."""
    attempts: Mapped[int] = mapped_column(default=0)
    locked_by: Mapped[str | None] = mapped_column(String(64))
    """The run that has it; a name of its own each time, so that who lost a job cannot end it."""
    beats: Mapped[int] = mapped_column(default=0)
    """Counted up by whoever runs it; while it rises, they live."""
    state: Mapped[dict[str, Any] | None]
    """How far a resumable job has come; survives the worker."""
    result: Mapped[dict[str, Any] | None]
    last_error: Mapped[str | None] = mapped_column(String(100))
    """The class alone: messages quote what they were given."""
    created_at: Mapped[CreatedAt]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
