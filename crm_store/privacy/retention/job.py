"""The nightly job that ends what is old enough, a batch at a time."""

from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import func, select

from crm_store.asking import AsSystem
from crm_store.audit import record
from crm_store.database import Database
from crm_store.jobs import DailyAt, JobContext, JobKind
from crm_store.models import Job
from crm_store.privacy.retention.defaults import rules_of
from foundation.clock import utc_now
from foundation.errors import Conflict
from foundation.settings import Settings

RETENTION = "retention"
_BATCH = 500
_NIGHT = time(2, 30)
_LONG_AGO = timedelta(days=45)
_SYSTEM = AsSystem("retention")


class ClockInDoubt(Conflict):
    """The clock may be ahead, and would end what is not old."""

    code = "clock_in_doubt"
    title = "No job has run for weeks, or the clock is wrong: look, then do `kefu retention run`"


def due(database: Database, settings: Settings) -> dict[str, int]:
    """For each rule how much it would end now."""
    now = utc_now()
    return {
        rule.name: 0
        if rule.keep is None
        else rule.ending.count(database, settings, now - rule.keep)
        for rule in rules_of(settings).values()
    }


def run_retention(context: JobContext) -> dict[str, Any]:
    """End what is due by each rule; returns how much, by rule.

    Raises:
        ClockInDoubt: the store knows of nothing that happened lately.
    """
    rules = rules_of(context.settings)
    now = utc_now()
    if not context.payload.get("by_hand"):
        _believe(context.database, now)
    ended: dict[str, int] = {}
    for number, rule in enumerate(rules.values()):
        context.progress(number, len(rules))
        if rule.keep is None:
            continue
        before = now - rule.keep
        while count := rule.ending.end(context.database, context.settings, before, _BATCH):
            ended[rule.name] = ended.get(rule.name, 0) + count
            context.check()
    context.progress(len(rules), len(rules))
    if ended:
        with context.database.transaction() as session:
            record(session, _SYSTEM, "retention.run", facts=ended)
    return ended


def _believe(database: Database, now: datetime) -> None:
    """A clock that jumps years ahead must not empty the store in its first night."""
    with database.reading() as session:
        last = session.scalar(select(func.max(Job.finished_at)))
    if last is not None and now - last > _LONG_AGO:
        raise ClockInDoubt


RETENTION_KIND = JobKind(RETENTION, run_retention, schedule=DailyAt(_NIGHT))
