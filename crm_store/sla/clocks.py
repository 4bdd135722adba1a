"""A clock is a function of a ticket's history, a promise and a calendar. Pure.

Nothing is counted up bit by bit: whatever changes, the clock is computed anew from the history, so
it cannot drift, and a machine whose own clock goes back costs no promise (a stretch that would end
before it began has no length).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from crm_store.calendars.arithmetic import BusinessHours
from crm_store.models import ClockState, TicketStatus

_NOTHING = timedelta(0)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time in which the desk had the next move; ``end`` None means that it still has."""

    start: datetime
    end: datetime | None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a clock shows; see ``SlaClock`` for the fields."""

    state: ClockState
    spent: timedelta
    due_at: datetime | None
    warn_at: datetime | None
    stopped_at: datetime | None
    breached_at: datetime | None


def stretches(
    opened_at: datetime, changes: Iterable[tuple[datetime, TicketStatus]]
) -> list[Stretch]:
    """The times during which a ticket was open.

    Args:
        opened_at: when it began, as open.
        changes: its statuses with when they began, in order.
    """
    found: list[Stretch] = []
    running: datetime | None = opened_at
    for at, status in changes:
        if status is TicketStatus.OPEN:
            running = at if running is None else running
        elif running is not None:
            found.append(Stretch(running, at))
            running = None
    if running is not None:
        found.append(Stretch(running, None))
    return found


def until(spans: Sequence[Stretch], moment: datetime) -> list[Stretch]:
    """The part of the stretches before ``moment``."""
    return [
        Stretch(span.start, moment if span.end is None else min(span.end, moment))
        for span in spans
        if span.start < moment
    ]


def read_clock(
    spans: Sequence[Stretch],
    *,
    target: timedelta,
    warn: timedelta,
    hours: BusinessHours,
    now: datetime,
    stopped_at: datetime | None,
) -> Reading:
    """What a clock shows now.

    Args:
        spans: when it ran, in order; only the last may be without an end.
        target: the business time that was promised.
        warn: so much before the end "due soon" is told.
        hours: whose business time.
        now: for whether a running clock is over its time.
        stopped_at: when it came to its end; None while it runs or pauses.
    """
    spent = _NOTHING
    breached: datetime | None = None
    for span in spans:
        if span.end is None:
            break
        used = max(_NOTHING, hours.business_time_between(span.start, span.end))
        if breached is None and spent + used > target:
            breached = hours.add_business_time(span.start, target - spent)
        spent += used
    last = spans[-1] if spans else None
    if stopped_at is not None or last is None or last.end is not None:
        state = ClockState.PAUSED if stopped_at is None else ClockState.STOPPED
        return Reading(state, spent, None, None, stopped_at, breached)
    due = breached or hours.add_business_time(last.start, target - spent)
    if breached is None and due <= now:
        breached = due
    soon = None
    if breached is None:
        soon = hours.add_business_time(last.start, max(_NOTHING, target - warn - spent))
    return Reading(ClockState.RUNNING, spent, due, soon, None, breached)
