"""``/api/v1/tasks``."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime

from crm_store.lists import ListQuery
from crm_store.models import Task, TaskKind, TaskStatus
from crm_store.tasks.repository import TASK_SORTS, TaskFilter
from crm_store.tasks.service import TaskService
from crm_store.tasks.subjects import SUBJECTS
from foundation.clock import utc_now
from foundation.errors import Invalid
from gateway.auth.staff import StaffDep
from gateway.editing import OwnerParam, RowResults, owned_by, row_results, sent
from gateway.listing import listing
from gateway.paging import SearchText
from gateway.parts import PartsDep
from gateway.schemas import ListOf
from gateway.tasks.schemas import (
    NewTask,
    TaskBulk,
    TaskCountsView,
    TaskEdit,
    TaskList,
    TaskView,
    task_view,
)

router = APIRouter(prefix="/tasks", tags=["sales"])

TaskPage = Annotated[ListQuery, listing(TASK_SORTS)]
About = Annotated[
    str | None,
    Query(
        max_length=60,
        description=f"A record: its kind ({', '.join(one[:-3] for one in SUBJECTS)}), :, its id.",
    ),
]


@router.get("")
def list_tasks(
    *,
    staff: StaffDep,
    parts: PartsDep,
    page: TaskPage,
    q: SearchText = None,
    status: Annotated[list[TaskStatus], Query(max_length=3)] = [],  # noqa: B006  # FastAPI copies
    kind: Annotated[list[TaskKind], Query(max_length=4)] = [],  # noqa: B006  # FastAPI copies
    owner: OwnerParam = None,
    due_from: AwareDatetime | None = None,
    due_before: AwareDatetime | None = None,
    about: About = None,
) -> ListOf[TaskView]:
    """Tasks, what is due first; overdue ones are open with ``due_before`` now."""
    wanted = TaskFilter(
        q=q,
        status=status,
        kind=kind,
        owner=owned_by(owner, staff),
        unowned=owner == "none",
        due_from=due_from,
        due_before=due_before,
        about=_record(about),
    )
    with parts.database.reading() as session:
        service = TaskService(session)
        found = service.page(asker=staff.asker, wanted=wanted, query=page)
        names = service.names(found.items)
        return ListOf(
            items=[task_view(task, names) for task in found.items], next_cursor=found.next_cursor
        )


@router.post("", status_code=201)
def create_task(body: NewTask, staff: StaffDep, parts: PartsDep) -> TaskView:
    """A new task; without an owner it is yours."""
    with parts.database.transaction() as session:
        service = TaskService(session)
        return _view(service, service.create(sent(body), asker=staff.asker))


@router.get("/counts")
def task_counts(
    staff: StaffDep, parts: PartsDep, tomorrow: AwareDatetime | None = None
) -> TaskCountsView:
    """Your open tasks; ``tomorrow`` is when your next day begins, by default in 24 hours."""
    until = tomorrow or utc_now() + timedelta(days=1)
    with parts.database.reading() as session:
        counts = TaskService(session).counts(asker=staff.asker, tomorrow=until)
        return TaskCountsView.model_validate(counts)


@router.get("/reminders")
def task_reminders(staff: StaffDep, parts: PartsDep) -> TaskList:
    """Your reminders that have come and were not put away."""
    with parts.database.reading() as session:
        service = TaskService(session)
        found = service.reminders(asker=staff.asker)
        names = service.names(found)
        return TaskList(items=[task_view(task, names) for task in found])


@router.post("/bulk")
def edit_tasks(body: TaskBulk, staff: StaffDep, parts: PartsDep) -> RowResults:
    """The same change of many tasks, each by itself."""
    with parts.database.transaction() as session:
        service = TaskService(session)
        return row_results(service.edit_many(body.ids, sent(body.patch), asker=staff.asker))


@router.get("/{task_id}")
def get_task(task_id: UUID, staff: StaffDep, parts: PartsDep) -> TaskView:
    """One task."""
    with parts.database.reading() as session:
        service = TaskService(session)
        return _view(service, service.get(task_id, asker=staff.asker))


@router.patch("/{task_id}")
def edit_task(task_id: UUID, body: TaskEdit, staff: StaffDep, parts: PartsDep) -> TaskView:
    """Change a task that is yours, or nobody's."""
    with parts.database.transaction() as session:
        service = TaskService(session)
        task = service.edit(task_id, sent(body), asker=staff.asker, version=body.version)
        return _view(service, task)


@router.post("/{task_id}/reminded")
def put_reminder_away(task_id: UUID, staff: StaffDep, parts: PartsDep) -> TaskView:
    """Take a reminder as seen."""
    with parts.database.transaction() as session:
        service = TaskService(session)
        return _view(service, service.put_away(task_id, asker=staff.asker))


def _view(service: TaskService, task: Task) -> TaskView:
    return task_view(task, service.names([task]))


def _record(about: str | None) -> tuple[str, UUID] | None:
    if about is None:
        return None
    kind, _, record_id = about.partition(":")
    field = f"{kind}_id"
    try:
        if field in SUBJECTS:
            return field, UUID(record_id)
    except ValueError:
        pass  # told below, like a kind that there is not
    raise Invalid("about: a kind of record, a colon and its id, like lead:0198…")
