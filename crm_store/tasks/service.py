"""Tasks: made, edited, done; with reminders for whoever does them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from crm_store import fields
from crm_store.acts import note_act
from crm_store.asking import Asker, user_of
from crm_store.bulk import RowResult, edit_each
from crm_store.editing import hold, must_be_staff, write
from crm_store.lists import ListQuery
from crm_store.models import InteractionKind, Task, TaskKind, TaskPriority, TaskStatus
from crm_store.pages import Page
from crm_store.permissions import Permission, require
from crm_store.tasks.errors import TaskNotFound
from crm_store.tasks.repository import TaskCounts, TaskFilter, TaskRepository
from crm_store.tasks.subjects import SUBJECTS, check_subject, customer_of, subject_names
from foundation.clock import utc_now
from foundation.errors import Invalid

_CHECKS: dict[str, fields.Check] = {
    "title": fields.line(200),
    "details": fields.prose(20_000),
    "kind": fields.one_of(TaskKind),
    "status": fields.one_of(TaskStatus),
    "priority": fields.one_of(TaskPriority),
    "due_at": fields.maybe(fields.moment),
    "remind_at": fields.maybe(fields.moment),
    "owner_id": fields.maybe(fields.identifier),
    **{field: fields.maybe(fields.identifier) for field in SUBJECTS},
}


class TaskService:
    """Each raises NotAllowed without the permission and TaskNotFound when it is absent."""

    def __init__(self, session: Session, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._session = session
        self._clock = clock
        self._tasks = TaskRepository(session)

    def page(
        self,
        *,
        asker: Asker,
        wanted: TaskFilter = TaskFilter(),  # noqa: B008  # frozen
        query: ListQuery = ListQuery(),  # noqa: B008  # frozen
    ) -> Page[Task]:
        """Tasks that match, sorted as asked."""
        require(asker, Permission.SALES_READ)
        return self._tasks.page(wanted, query)

    def get(self, task_id: UUID, *, asker: Asker) -> Task:
        """One task."""
        require(asker, Permission.SALES_READ)
        task = self._tasks.get(task_id)
        if task is None:
            raise TaskNotFound
        return task

    def names(self, tasks: list[Task]) -> dict[UUID, str]:
        """What tasks that the asker has read are about, in words, by the tasks' ids."""
        return subject_names(self._session, tasks)

    def create(self, values: Mapping[str, Any], *, asker: Asker) -> Task:
        """A new task; without an owner it is its maker's.

        Raises:
            Invalid: a value is not acceptable, or it is about two records or about none there is.
        """
        require(asker, Permission.SALES_WRITE)
        given = fields.checked({"owner_id": user_of(asker), **values}, _CHECKS)
        if "title" not in given:
            raise Invalid("title: must not be empty")
        if given.pop("status", TaskStatus.OPEN) is not TaskStatus.OPEN:
            raise Invalid("status: a new task is open")
        check_subject(self._session, given)
        must_be_staff(self._session, given["owner_id"])
        now = self._clock()
        task = Task(
            **given,
            status=TaskStatus.OPEN,
            created_by_id=user_of(asker),
            created_at=now,
            updated_at=now,
            updated_by_id=user_of(asker),
        )
        self._session.add(task)
        self._session.flush()
        self._note(task, "created", f"Task: {task.title}", asker)
        return task

    def edit(
        self,
        task_id: UUID,
        changes: Mapping[str, Any],
        *,
        asker: Asker,
        version: int | None = None,
    ) -> Task:
        """Change the fields that are given; ``status`` done or cancelled closes the task.

        Naming one record as what it is about takes the place of the one before.

        Raises:
            Invalid: a value is not acceptable, or it is about two records or about none there is.
            NotTheRecordsOwner: it is a colleague's.
            ChangedMeanwhile: it is no longer in this version.
        """
        require(asker, Permission.SALES_WRITE)
        values = fields.checked(changes, _CHECKS)
        task = hold(self._session, Task, task_id, asker=asker, version=version, absent=TaskNotFound)
        check_subject(self._session, values)
        if any(values.get(field) is not None for field in SUBJECTS):
            values = {**dict.fromkeys(SUBJECTS), **values}
        must_be_staff(self._session, values.get("owner_id"))
        status = values.get("status", task.status)
        if status is not task.status:
            values["closed_at"] = None if status is TaskStatus.OPEN else self._clock()
        if "remind_at" in values and values["remind_at"] != task.remind_at:
            values["reminded_at"] = None
        changed = write(self._session, task, values, asker=asker, at=self._clock())
        if changed:
            act = status.value if "status" in changed else "edited"
            said = {"open": "Task opened again", "done": "Task done", "cancelled": "Task cancelled"}
            # What was merely edited is for the audit log; a timeline full of it tells nothing.
            told = f"{said[status.value]}: {task.title}" if "status" in changed else ""
            self._note(task, act, told, asker, {"fields": changed})
        return task

    def edit_many(
        self, ids: Sequence[UUID], changes: Mapping[str, Any], *, asker: Asker
    ) -> list[RowResult]:
        """The same change of several tasks; see ``crm_store.bulk``."""
        require(asker, Permission.SALES_WRITE)
        return edit_each(
            self._session, ids, lambda one: self.edit(one, changes, asker=asker).version
        )

    def counts(self, *, asker: Asker, tomorrow: datetime) -> TaskCounts:
        """The asker's open tasks; ``tomorrow`` is when their next day begins."""
        require(asker, Permission.SALES_READ)
        user_id = user_of(asker)
        if user_id is None:
            return TaskCounts(0, 0, 0)
        return self._tasks.counts(user_id, now=self._clock(), tomorrow=tomorrow)

    def reminders(self, *, asker: Asker) -> list[Task]:
        """The asker's reminders that have come and were not put away."""
        require(asker, Permission.SALES_READ)
        user_id = user_of(asker)
        return list(self._tasks.reminders(user_id, self._clock())) if user_id else []

    def put_away(self, task_id: UUID, *, asker: Asker) -> Task:
        """Take a reminder as seen; one that was put away already changes nothing.

        The version stays: nothing of the task changed for anybody else.

        Raises:
            NotTheRecordsOwner: it is a colleague's.
        """
        require(asker, Permission.SALES_WRITE)
        task = hold(self._session, Task, task_id, asker=asker, version=None, absent=TaskNotFound)
        task.reminded_at = task.reminded_at or self._clock()
        self._session.flush()
        return task

    def _note(
        self,
        task: Task,
        act: str,
        summary: str,
        asker: Asker,
        facts: Mapping[str, Any] | None = None,
    ) -> None:
        note_act(
            self._session,
            asker,
            f"task.{act}",
            task.id,
            facts,
            customer_id=customer_of(self._session, task),
            kind=InteractionKind.TASK,
            summary=summary,
        )
