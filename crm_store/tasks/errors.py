"""What can go wrong with a task."""

from foundation.errors import NotFound


class TaskNotFound(NotFound):
    """Absent."""

    code = "task_not_found"
    title = "No such task"
