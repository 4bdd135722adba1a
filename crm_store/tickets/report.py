"""How the service desk does: volume, times in business hours, promises kept, what lies around."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from crm_store.asking import Asker
from crm_store.models import ClockKind, ClockState, SlaClock, Ticket
from crm_store.permissions import Permission, require
from crm_store.sla.stale import UNSETTLED
from foundation.clock import utc_now

_AGES: tuple[tuple[str, timedelta | None], ...] = (
    ("under a day", timedelta(days=1)),
    ("1 to 3 days", timedelta(days=3)),
    ("3 to 7 days", timedelta(days=7)),
    ("7 to 30 days", timedelta(days=30)),
    ("over 30 days", None),
)


@dataclass(frozen=True, slots=True)
class Times:
    """Business seconds of one kind of clock, over the tickets whose clock has stopped."""

    count: int
    median_seconds: int | None
    p90_seconds: int | None


@dataclass(frozen=True, slots=True)
class Kept:
    """Promises of one kind that were put to the test: stopped, or late."""

    met: int
    tested: int


@dataclass(frozen=True, slots=True)
class Count:
    """So many tickets of one name."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class ServiceReport:
    """Tickets opened in ``[since, until)``; the backlog is of this moment."""

    since: datetime
    until: datetime
    opened: int
    solved: int
    reopened: int
    """Of those opened then and ever solved, how many came back."""
    ever_solved: int
    by_type: Sequence[Count]
    by_priority: Sequence[Count]
    first_response: Times
    resolution: Times
    first_response_kept: Kept
    resolution_kept: Kept
    backlog: Sequence[Count]


def service_report(
    session: Session, *, since: datetime, until: datetime, asker: Asker
) -> ServiceReport:
    """The report; duplicates that were merged away do not count."""
    require(asker, Permission.TICKETS_READ)
    opened = (
        Ticket.created_at >= since,
        Ticket.created_at < until,
        Ticket.merged_into_id.is_(None),
    )
    solved_then = (
        Ticket.solved_at >= since,
        Ticket.solved_at < until,
        Ticket.merged_into_id.is_(None),
    )
    ever_solved = Ticket.solved_at.is_not(None) | (Ticket.reopened > 0)
    return ServiceReport(
        since=since,
        until=until,
        opened=_count(session, *opened),
        solved=_count(session, *solved_then),
        reopened=_count(session, *opened, Ticket.reopened > 0),
        ever_solved=_count(session, *opened, ever_solved),
        by_type=_by(session, Ticket.type, opened),
        by_priority=_by(session, Ticket.priority, opened),
        first_response=_times(session, ClockKind.FIRST_RESPONSE, opened),
        resolution=_times(session, ClockKind.RESOLUTION, opened),
        first_response_kept=_kept(session, ClockKind.FIRST_RESPONSE, opened),
        resolution_kept=_kept(session, ClockKind.RESOLUTION, opened),
        backlog=_backlog(session, utc_now()),
    )


def _count(session: Session, *where: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count(Ticket.id)).where(*where)) or 0


def _by(session: Session, column: Any, where: Sequence[Any]) -> list[Count]:
    rows = session.execute(
        select(column, func.count(Ticket.id))
        .where(*where)
        .group_by(column)
        .order_by(func.count(Ticket.id).desc(), column)
    )
    return [Count(value.value, number) for value, number in rows]


def _times(session: Session, kind: ClockKind, where: Sequence[Any]) -> Times:
    """Nearest-rank percentiles, found by the database: memory does not grow with the period."""
    answered = Ticket.answered_at.is_not(None)
    conditions = [
        *where,
        SlaClock.kind == kind,
        SlaClock.state == ClockState.STOPPED,
        *([answered] if kind is ClockKind.FIRST_RESPONSE else []),
    ]
    spent = (
        select(SlaClock.spent_seconds)
        .join(Ticket, Ticket.id == SlaClock.ticket_id)
        .where(*conditions)
    )
    count = session.scalar(select(func.count()).select_from(spent.subquery())) or 0

    def at(percent: int) -> int | None:
        rank = -(-count * percent // 100)
        ordered = spent.order_by(SlaClock.spent_seconds).limit(1)
        return session.scalar(ordered.offset(rank - 1)) if count else None

    return Times(count, at(50), at(90))


def _kept(session: Session, kind: ClockKind, where: Sequence[Any]) -> Kept:
    late = SlaClock.breached_at.is_not(None)
    tested = (SlaClock.state == ClockState.STOPPED) | late
    row = session.execute(
        select(
            func.count(SlaClock.id),
            func.coalesce(func.sum(case((late, 1), else_=0)), 0),
        )
        .join(Ticket, Ticket.id == SlaClock.ticket_id)
        .where(*where, SlaClock.kind == kind, tested)
    ).one()
    return Kept(met=row[0] - int(row[1]), tested=row[0])


def _backlog(session: Session, now: datetime) -> list[Count]:
    """What is unsettled now, by how long ago it was opened."""
    whens: list[tuple[ColumnElement[bool], int]] = [
        (Ticket.created_at > now - age, at) for at, (_, age) in enumerate(_AGES) if age is not None
    ]
    bucket = case(*whens, else_=len(_AGES) - 1)
    rows = session.execute(
        select(bucket, func.count(Ticket.id)).where(Ticket.status.in_(UNSETTLED)).group_by(bucket)
    )
    counts = {int(row[0]): int(row[1]) for row in rows}
    return [Count(name, counts.get(at, 0)) for at, (name, _) in enumerate(_AGES)]
