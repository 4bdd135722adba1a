"""Tasks as staff see them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from crm_store.models import Task, TaskKind, TaskPriority, TaskStatus
from crm_store.tasks.subjects import SUBJECTS
from gateway.accounts.schemas import Name, Notes
from gateway.editing import Ids, Versioned


class TaskAbout(BaseModel):
    """The record that a task is about: its kind (``customer``, ``lead`` …), id and name."""

    kind: str
    id: UUID
    name: str | None


class TaskView(BaseModel):
    """A task; ``owner_id`` is who does it."""

    id: UUID
    title: str
    details: str
    kind: TaskKind
    status: TaskStatus
    priority: TaskPriority
    due_at: datetime | None
    remind_at: datetime | None
    owner_id: UUID | None
    created_by_id: UUID | None
    closed_at: datetime | None
    about: TaskAbout | None
    version: int
    created_at: datetime
    updated_at: datetime


class TaskList(BaseModel):
    """Tasks that are all there are."""

    items: list[TaskView]
    next_cursor: None = None


class TaskCountsView(BaseModel):
    """Your open tasks: in all, overdue, due until your next day begins."""

    model_config = ConfigDict(from_attributes=True)

    open: int
    overdue: int
    today: int


class TaskPatch(BaseModel):
    """What to set; what is left out stays. A task is about one record at most."""

    title: Name | None = None
    details: Notes | None = None
    kind: TaskKind | None = None
    status: TaskStatus | None = None
    priority: TaskPriority | None = None
    due_at: AwareDatetime | None = None
    remind_at: AwareDatetime | None = None
    owner_id: UUID | None = None
    customer_id: UUID | None = None
    account_id: UUID | None = None
    lead_id: UUID | None = None
    opportunity_id: UUID | None = None
    ticket_id: UUID | None = None
    conversation_id: UUID | None = None
    campaign_id: UUID | None = None


class NewTask(TaskPatch):
    title: Annotated[str, Field(max_length=200)]


class TaskEdit(TaskPatch, Versioned):
    """What to set on one task; ``status`` done or cancelled closes it."""


class TaskBulk(BaseModel):
    """One change of many tasks."""

    ids: Ids
    patch: TaskPatch


def task_view(task: Task, names: Mapping[UUID, str]) -> TaskView:
    """A task with the name of what it is about."""
    about = next(
        (
            TaskAbout(kind=field.removesuffix("_id"), id=record_id, name=names.get(task.id))
            for field in SUBJECTS
            if (record_id := getattr(task, field)) is not None
        ),
        None,
    )
    plain = {name: getattr(task, name) for name in TaskView.model_fields if name != "about"}
    return TaskView(**plain, about=about)
