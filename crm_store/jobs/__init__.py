"""Background work: enqueued in the caller's transaction, done by the worker, never lost.

A part of the system that has work to do describes it as a ``JobKind`` and adds it to the one list
in ``analytics/feed/kinds.py``; who wants it done calls ``JobService.enqueue``.
"""

from crm_store.jobs.errors import JobInterrupted, JobLost
from crm_store.jobs.kinds import DailyAt, Every, JobContext, JobKind, JobKinds
from crm_store.jobs.runner import JobRunner
from crm_store.jobs.service import JobService

__all__ = [
    "DailyAt",
    "Every",
    "JobContext",
    "JobInterrupted",
    "JobKind",
    "JobKinds",
    "JobLost",
    "JobRunner",
    "JobService",
]
