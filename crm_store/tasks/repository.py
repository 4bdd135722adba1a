"""The SQL about tasks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from crm_store.lists import ListQuery, SortKey, Sorts
from crm_store.models import Task, TaskKind, TaskPriority, TaskStatus
from crm_store.pages import Page
from crm_store.tasks.subjects import SUBJECTS
from crm_store.texts import storable

_URGENCY = case(
    {TaskPriority.HIGH: 2, TaskPriority.NORMAL: 1, TaskPriority.LOW: 0}, value=Task.priority
)
TASK_SORTS = Sorts(
    {
        "due_at": SortKey(Task.due_at, datetime, nullable=True),
        "priority": SortKey(_URGENCY, int),
        "title": SortKey(func.lower(Task.title), str),
        "created_at": SortKey(Task.created_at, datetime),
        "updated_at": SortKey(Task.updated_at, datetime),
        "closed_at": SortKey(Task.closed_at, datetime, nullable=True),
    },
    default="due_at",
    unique=Task.id,
)
_REMINDERS = 100


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """What a task must be like; None and empty are no condition."""

    q: str | None = None
    status: Sequence[TaskStatus] = ()
    kind: Sequence[TaskKind] = ()
    owner: UUID | None = None
    unowned: bool = False
    due_from: datetime | None = None
    due_before: datetime | None = None
    about: tuple[str, UUID] | None = None
    """A field of ``SUBJECTS`` and the record's id."""


@dataclass(frozen=True, slots=True)
class TaskCounts:
    """Somebody's open tasks at a moment."""

    open: int
    overdue: int
    today: int


class TaskRepository:
    """Reads and writes tasks; the service has checked who asks."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, task_id: UUID) -> Task | None:
        """The task."""
        return self._session.get(Task, task_id)

    def page(self, wanted: TaskFilter, query: ListQuery) -> Page[Task]:
        """Tasks that match every condition."""
        statement = select(Task)
        q = storable(wanted.q or "").strip().lower()
        if q:
            statement = statement.where(func.lower(Task.title).contains(q, autoescape=True))
        if wanted.status:
            statement = statement.where(Task.status.in_(wanted.status))
        if wanted.kind:
            statement = statement.where(Task.kind.in_(wanted.kind))
        if wanted.owner is not None:
            statement = statement.where(Task.owner_id == wanted.owner)
        if wanted.unowned:
            statement = statement.where(Task.owner_id.is_(None))
        if wanted.due_from is not None:
            statement = statement.where(Task.due_at >= wanted.due_from)
        if wanted.due_before is not None:
            statement = statement.where(Task.due_at < wanted.due_before)
        if wanted.about is not None:
            field, record_id = wanted.about
            assert field in SUBJECTS
            statement = statement.where(getattr(Task, field) == record_id)
        return TASK_SORTS.page(self._session, statement, query)

    def counts(self, owner_id: UUID, *, now: datetime, tomorrow: datetime) -> TaskCounts:
        """How many open tasks somebody has: in all, overdue, due until tomorrow begins."""
        late = func.count(case((Task.due_at < now, 1)))
        today = func.count(case((Task.due_at.between(now, tomorrow), 1)))
        row = self._session.execute(
            select(func.count(), late, today).where(
                Task.owner_id == owner_id, Task.status == TaskStatus.OPEN
            )
        ).one()
        return TaskCounts(open=row[0], overdue=row[1], today=row[2])

    def reminders(self, owner_id: UUID, now: datetime) -> Sequence[Task]:
        """Somebody's open tasks whose reminder has come and was not put away, oldest first."""
        return self._session.scalars(
            select(Task)
            .where(
                Task.owner_id == owner_id,
                Task.status == TaskStatus.OPEN,
                Task.remind_at <= now,
                Task.reminded_at.is_(None),
            )
            .order_by(Task.remind_at, Task.id)
            .limit(_REMINDERS)
        ).all()
