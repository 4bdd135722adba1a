"""What can go wrong with a merge."""

from foundation.errors import Conflict, Invalid, NotFound


class MergeNotFound(NotFound):
    """There is no such merge."""

    code = "merge_not_found"
    title = "No such merge"


class SameCustomer(Invalid):
    """A customer cannot be merged with themselves."""

    code = "same_customer"
    title = "Both are the same customer already"


class CannotUndo(Conflict):
    """The merge cannot be taken back; the detail says why."""

    code = "cannot_undo_merge"
    title = "This merge cannot be undone"
