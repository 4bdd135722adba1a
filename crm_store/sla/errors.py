"""What can go wrong with a policy."""

from foundation.errors import Conflict, NotFound


class PolicyNotFound(NotFound):
    """Absent."""

    code = "policy_not_found"
    title = "There is no such policy"


class PolicyChanged(Conflict):
    """Somebody else was first."""

    code = "policy_changed"
    title = "Somebody has changed this policy meanwhile"
