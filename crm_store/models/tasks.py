"""What somebody has to do until when, and which record it is about."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from crm_store.models.base import Base, PrimaryKey, ShortText, present_index, str_enum
from crm_store.models.versioned import Owned

_ABOUT = (
    "customer_id",
    "account_id",
    "lead_id",
    "opportunity_id",
    "ticket_id",
    "conversation_id",
    "campaign_id",
)
_COUNTED = " + ".join(f"CASE WHEN {name} IS NULL THEN 0 ELSE 1 END" for name in _ABOUT)


class TaskKind(StrEnum):
    TODO = "todo"
    CALL = "call"
    EMAIL = "email"
    MEETING = "meeting"


class TaskStatus(StrEnum):
    OPEN = "open"
    DONE = "done"
    CANCELLED = "cancelled"


class TaskPriority(StrEnum):
    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


class Task(Owned, Base):
    """Something to do; ``owner_id`` is who does it. It is about one record at most."""

    __tablename__ = "tasks"
    __table_args__ = (
        Index("ix_tasks_status_due_at_id", "status", "due_at", "id"),
        present_index("ix_tasks_owner_id_status_remind_at", "owner_id", "status", "remind_at"),
        *(present_index(f"ix_tasks_{name}", name) for name in _ABOUT),
        CheckConstraint(f"{_COUNTED} <= 1", name="about_one_record"),
        CheckConstraint("(status = 'open') = (closed_at IS NULL)", name="closed_when"),
    )

    id: Mapped[PrimaryKey]
    title: Mapped[ShortText]
    details: Mapped[str] = mapped_column(default="")
    kind: Mapped[TaskKind] = mapped_column(str_enum(TaskKind, "task_kind"), default=TaskKind.TODO)
    status: Mapped[TaskStatus] = mapped_column(
        str_enum(TaskStatus, "task_status"), default=TaskStatus.OPEN
    )
    priority: Mapped[TaskPriority] = mapped_column(
        str_enum(TaskPriority, "task_priority"), default=TaskPriority.NORMAL
    )
    due_at: Mapped[datetime | None]
    remind_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    """When the owner saw the reminder and put it away; a new ``remind_at`` clears it."""
    created_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    closed_at: Mapped[datetime | None]
    customer_id: Mapped[UUID | None] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    lead_id: Mapped[UUID | None] = mapped_column(ForeignKey("leads.id", ondelete="CASCADE"))
    opportunity_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("opportunities.id", ondelete="CASCADE")
    )
    ticket_id: Mapped[UUID | None] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"))
    conversation_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE")
    )
    campaign_id: Mapped[UUID | None] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"))
