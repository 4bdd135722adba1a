"""What can go wrong with a return."""

from foundation.errors import Conflict


class CannotReturn(Conflict):
    """The rules forbid it; the detail says in plain words why."""

    code = "cannot_return"
    title = "This cannot be returned"
