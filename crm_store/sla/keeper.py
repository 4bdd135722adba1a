"""Keeps a ticket's clocks in step with its history, and tells what they have run into."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from crm_store.calendars.arithmetic import BusinessHours
from crm_store.calendars.loading import business_hours
from crm_store.interactions import InteractionService
from crm_store.models import (
    Author,
    ClockKind,
    InteractionKind,
    SlaClock,
    SlaPolicy,
    Ticket,
    TicketEvent,
    TicketStatus,
)
from crm_store.sla.choosing import PolicyChooser
from crm_store.sla.clocks import Reading, Stretch, read_clock, stretches, until
from crm_store.sla.stale import UNSETTLED
from crm_store.writes import insert_missing
from foundation.ids import new_id

DUE_SOON, BREACHED = "sla_due_soon", "sla_breached"
IMPORTED = "imported"
"""The event with which a ticket of another help desk became one of ours."""
_PROMISES = {ClockKind.FIRST_RESPONSE: "first response", ClockKind.RESOLUTION: "resolution"}


class SlaKeeper:
    """For the tickets of one transaction; the caller holds each ticket's row."""

    def __init__(self, session: Session, *, make_id: Callable[[], UUID] = new_id) -> None:
        self._session = session
        self._make_id = make_id
        self._chooser = PolicyChooser(session)
        self._hours: dict[UUID, BusinessHours] = {}

    def refresh(self, ticket: Ticket, *, now: datetime) -> int:
        """Compute the ticket's clocks, and write down what is due soon or over its time.

        Returns:
            How much was told for the first time.
        """
        policy = self._chooser.policy_of(ticket)
        known = {
            clock.kind: clock
            for clock in self._session.scalars(
                select(SlaClock).where(SlaClock.ticket_id == ticket.id)
            )
        }
        told = self._told(ticket)
        new = 0
        running: list[datetime] = []
        history = self._history(ticket) if policy is not None else []
        for kind in ClockKind:
            target = _target(policy, kind)
            if policy is None or target is None:
                self._session.execute(
                    delete(SlaClock).where(SlaClock.ticket_id == ticket.id, SlaClock.kind == kind)
                )
                continue
            reading = self._read(ticket, kind, history, policy=policy, target=target, now=now)
            clock = known.get(kind) or SlaClock(id=self._make_id(), ticket_id=ticket.id, kind=kind)
            new += self._write(ticket, clock, reading, target, told, now=now)
            if reading.due_at is not None:
                running.append(reading.due_at)
        self._session.flush()
        self._note(ticket, policy, min(running, default=None))
        return new

    def _read(
        self,
        ticket: Ticket,
        kind: ClockKind,
        history: list[Stretch],
        *,
        policy: SlaPolicy,
        target: int,
        now: datetime,
    ) -> Reading:
        stopped = None if ticket.status in UNSETTLED else ticket.solved_at or ticket.updated_at
        if kind is ClockKind.FIRST_RESPONSE and ticket.answered_at is not None:
            stopped = ticket.answered_at
            history = until(history, stopped)
        return read_clock(
            history,
            target=timedelta(minutes=target),
            warn=timedelta(minutes=min(policy.warn_minutes, target / 2)),
            hours=self._hours_of(policy),
            now=now,
            stopped_at=stopped,
        )

    def _write(
        self,
        ticket: Ticket,
        clock: SlaClock,
        reading: Reading,
        target: int,
        told: set[str],
        *,
        now: datetime,
    ) -> int:
        # A breach that was told stays one, even when the machine's clock has gone back since.
        mark = f"sla:{ticket.id}:{clock.kind.value}:{target}"
        was = clock.breached_at if f"{mark}:{BREACHED}" in told else None
        clock.state = reading.state
        clock.target_minutes = target
        clock.spent_seconds = int(reading.spent.total_seconds())
        clock.due_at = reading.due_at
        clock.warn_at = reading.warn_at
        clock.stopped_at = reading.stopped_at
        clock.breached_at = reading.breached_at or was
        self._session.add(clock)
        new = 0
        if f"{mark}:{DUE_SOON}" in told:
            clock.warn_at = None
        elif clock.warn_at is not None and clock.warn_at <= now:
            new += self._tell(ticket, clock, DUE_SOON, mark, at=now)
            clock.warn_at = None
        if clock.breached_at is not None and was is None:
            new += self._tell(ticket, clock, BREACHED, mark, at=clock.breached_at)
        return new

    def _tell(self, ticket: Ticket, clock: SlaClock, kind: str, mark: str, *, at: datetime) -> int:
        """Write it down once: on the ticket, and a breach on the customer's timeline."""
        data: dict[str, Any] = {
            "clock": clock.kind.value,
            "due_at": clock.due_at.isoformat() if clock.due_at else None,
        }
        row = {
            "id": self._make_id(),
            "ticket_id": ticket.id,
            "version": ticket.version,
            "kind": kind,
            "actor": Author.SYSTEM,
            "data": data,
            "at": at,
            "source_key": f"{mark}:{kind}",
        }
        new = insert_missing(self._session, TicketEvent, [row], on="source_key")
        if new and kind == BREACHED and ticket.customer_id is not None:
            InteractionService(self._session, make_id=self._make_id).record(
                customer_id=ticket.customer_id,
                kind=InteractionKind.TICKET,
                summary=f"Ticket {ticket.number}: {_PROMISES[clock.kind]} is late",
                data={"event": kind, "ticket": ticket.number, "clock": clock.kind.value},
                at=at,
                conversation_id=ticket.conversation_id,
                order_id=ticket.order_id,
                source_key=f"{mark}:{kind}",
            )
        return new

    def _told(self, ticket: Ticket) -> set[str]:
        keys = select(TicketEvent.source_key).where(
            TicketEvent.ticket_id == ticket.id, TicketEvent.source_key.is_not(None)
        )
        return {key for key in self._session.scalars(keys) if key}

    def _history(self, ticket: Ticket) -> list[Stretch]:
        events = self._session.execute(
            select(TicketEvent.kind, TicketEvent.at, TicketEvent.data)
            .where(TicketEvent.ticket_id == ticket.id, TicketEvent.kind.in_(("status", IMPORTED)))
            .order_by(TicketEvent.version, TicketEvent.id)
        ).all()
        # What another help desk let pass is no time of ours.
        began = next((row.at for row in events if row.kind == IMPORTED), ticket.created_at)
        changed = [row for row in events if row.kind == "status"]
        changes = [(row.at, TicketStatus((row.data or {})["to"])) for row in changed]
        if changed and began != ticket.created_at:
            # It may have come in another state than open, in which every ticket of ours begins.
            changes.insert(0, (began, TicketStatus((changed[0].data or {})["from"])))
        if not changes and ticket.status is not TicketStatus.OPEN:
            # From before events were kept: all that is known is where it stands.
            changes = [(max(began, ticket.solved_at or ticket.updated_at), ticket.status)]
        return stretches(began, changes)

    def _hours_of(self, policy: SlaPolicy) -> BusinessHours:
        hours = self._hours.get(policy.calendar_id)
        if hours is None:
            hours = self._hours[policy.calendar_id] = business_hours(policy.calendar)
        return hours

    def _note(self, ticket: Ticket, policy: SlaPolicy | None, due_at: datetime | None) -> None:
        """Set what is no part of the ticket's state: its version stays."""
        self._session.execute(
            update(Ticket)
            .where(Ticket.id == ticket.id)
            .values(
                policy_id=policy.id if policy else None,
                due_at=due_at,
                sla_stale=False,
                updated_at=Ticket.updated_at,
            )
            .execution_options(synchronize_session=False)
        )
        self._session.refresh(ticket)


def _target(policy: SlaPolicy | None, kind: ClockKind) -> int | None:
    if policy is None:
        return None
    if kind is ClockKind.FIRST_RESPONSE:
        return policy.first_response_minutes
    return policy.resolution_minutes
