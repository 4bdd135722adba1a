"""What can go wrong with a canned reply."""

from foundation.errors import Conflict, NotFound


class ReplyNotFound(NotFound):
    """Absent, or no longer offered."""

    code = "canned_reply_not_found"
    title = "There is no such reply"


class ReplyChanged(Conflict):
    """Somebody else was first."""

    code = "canned_reply_changed"
    title = "Somebody has changed this reply meanwhile"
