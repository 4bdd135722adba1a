"""What can go wrong with a label."""

from foundation.errors import Conflict, NotFound


class LabelNotFound(NotFound):
    """Absent."""

    code = "label_not_found"
    title = "There is no such label"


class LabelChanged(Conflict):
    """Somebody else was first."""

    code = "label_changed"
    title = "Somebody has changed this label meanwhile"
