"""What can go wrong with a job."""

from foundation.errors import Conflict, Invalid, NotFound


class UnknownJobKind(Invalid):
    """Nobody has described how to do that."""

    code = "unknown_job_kind"
    title = "There is no such kind of job"


class JobNotFound(NotFound):
    """Absent."""

    code = "job_not_found"
    title = "No such job"


class JobTaken(Conflict):
    """A worker is at it."""

    code = "job_taken"
    title = "That job is running already"


class JobLost(Exception):
    """Somebody else has the job: this run was thought dead, and must not write anything more."""


class JobInterrupted(Exception):
    """The worker is asked to stop; the job goes on elsewhere from its saved state."""
