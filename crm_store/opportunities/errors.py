"""What can go wrong with an opportunity."""

from foundation.errors import NotFound


class OpportunityNotFound(NotFound):
    """Absent."""

    code = "opportunity_not_found"
    title = "No such opportunity"
