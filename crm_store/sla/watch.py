"""The periodic job that finds clocks which have run out, or are about to."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from crm_store.database import Database
from crm_store.jobs import Every, JobContext, JobKind
from crm_store.models import ClockState, SlaClock, Ticket
from crm_store.sla.keeper import SlaKeeper
from foundation.clock import utc_now

_BATCH = 100
_PERIOD = timedelta(seconds=30)


def watch_clocks(context: JobContext) -> dict[str, int]:
    """Tell what is due soon or late, and compute anew what a change of settings has left behind."""
    looked_at = told = 0
    while True:
        context.check()
        seen, new = watch_once(context.database, now=utc_now())
        looked_at, told = looked_at + seen, told + new
        if seen < _BATCH:
            return {"tickets": looked_at, "told": told}


def watch_once(database: Database, *, now: datetime, limit: int = _BATCH) -> tuple[int, int]:
    """Bring up to ``limit`` tickets up to date, in one transaction.

    Returns:
        How many tickets were looked at, and how much was told for the first time.
    """
    with database.reading() as session:
        ids = _in_need(session, now, limit)
    if not ids:
        return 0, 0
    with database.transaction() as session:
        # Whoever holds one of them is changing it, and computes its clocks as well.
        tickets = session.scalars(
            select(Ticket).where(Ticket.id.in_(ids)).with_for_update(skip_locked=True)
        ).all()
        keeper = SlaKeeper(session)
        return len(ids), sum(keeper.refresh(ticket, now=now) for ticket in tickets)


def _in_need(session: Session, now: datetime, limit: int) -> list[UUID]:
    stale = select(Ticket.id).where(Ticket.sla_stale).limit(limit)
    found = list(session.scalars(stale))
    due = (
        select(SlaClock.ticket_id)
        .where(
            SlaClock.state == ClockState.RUNNING,
            or_(
                and_(SlaClock.due_at <= now, SlaClock.breached_at.is_(None)),
                SlaClock.warn_at <= now,
            ),
        )
        .limit(limit)
    )
    return list(dict.fromkeys([*found, *session.scalars(due)]))[:limit]


SLA_WATCH = JobKind(name="sla.watch", run=watch_clocks, schedule=Every(_PERIOD))
