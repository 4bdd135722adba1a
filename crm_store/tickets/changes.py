"""Changing tickets: what may become what, and who did it."""

from datetime import datetime
from enum import StrEnum
from typing import Any, TypedDict
from uuid import UUID

from crm_store import audit
from crm_store.asking import Asker
from crm_store.models import Role, Ticket, TicketPriority, TicketStatus, TicketType, User
from crm_store.permissions import Permission, require
from crm_store.texts import shorten, storable
from crm_store.tickets.base import TicketPart
from crm_store.tickets.errors import TicketChanged, TicketMerged
from crm_store.tickets.opening import SUBJECT_LIMIT, TOPIC_LIMIT
from foundation.errors import Conflict, Invalid

_OPEN, _PENDING = TicketStatus.OPEN, TicketStatus.PENDING
_SOLVED, _CLOSED = TicketStatus.SOLVED, TicketStatus.CLOSED
SETTLED = (_SOLVED, _CLOSED)
TRANSITIONS: dict[TicketStatus, frozenset[TicketStatus]] = {
    _OPEN: frozenset({_PENDING, _SOLVED, _CLOSED}),
    _PENDING: frozenset({_OPEN, _SOLVED, _CLOSED}),
    _SOLVED: frozenset({_OPEN, _CLOSED}),
    _CLOSED: frozenset({_OPEN}),
}


class TicketChange(TypedDict, total=False):
    """What is to change; what is left out stays."""

    subject: str
    topic: str
    type: TicketType
    priority: TicketPriority
    status: TicketStatus
    assignee_id: UUID | None


class Changes(TicketPart):
    """Editing, assigning, and moving a ticket through its states."""

    def edit(
        self, number: str, change: TicketChange, *, version: int | None = None, asker: Asker
    ) -> Ticket:
        """Change a ticket; what is already so is no change.

        Args:
            number: as people type it.
            change: the fields to set.
            version: the one that the caller has seen; None takes what is there (bulk edits).
            asker: a member of staff, or a job of ours.

        Raises:
            TicketNotFound: absent.
            TicketChanged: it is no longer the version that the caller has seen.
            TicketMerged: it goes on as another ticket.
            Conflict: its state does not allow the change.
            Invalid: a value is wrong.
        """
        require(asker, Permission.TICKETS_WRITE)
        ticket = self._find(number, asker, lock=True)
        if version is not None and version != ticket.version:
            raise TicketChanged
        self._require_unmerged(ticket)
        return self._apply(ticket, self._checked(ticket, change), asker=asker)

    def _apply(self, ticket: Ticket, values: dict[str, Any], *, asker: Asker | None) -> Ticket:
        """Set the values that differ, with an event for each and the clocks brought in step."""
        before = {name: getattr(ticket, name) for name in values}
        values = {name: value for name, value in values.items() if before[name] != value}
        if not values:
            return ticket
        now = self._clock()
        extra: dict[str, Any] = {}
        status = values.get("status")
        reopens = status is _OPEN and ticket.status in SETTLED
        if status is not None:
            settles = status in SETTLED
            extra["solved_at"] = (ticket.solved_at or now) if settles else None
        if reopens:
            extra["reopened"] = ticket.reopened + 1
        changed = self._tickets.change(ticket, **values, **extra, updated_at=now)
        for name, value in values.items():
            data = {"from": _plain(before[name]), "to": _plain(value)}
            self._log(changed, name.removesuffix("_id"), asker=asker, at=now, data=data)
        if status is not None and (reopens or status in SETTLED):
            event = "reopened" if reopens else status.value
            self._record(changed, event, f"Ticket {changed.number} {_SAID[event]}", at=now)
        self._keeper.refresh(changed, now=now)
        if asker is not None:
            facts = {"fields": sorted(values)} | ({"status": status.value} if status else {})
            audit.record(self._session, asker, "ticket.changed", "ticket", changed.number, facts)
        return changed

    def _checked(self, ticket: Ticket, change: TicketChange) -> dict[str, Any]:
        values: dict[str, Any] = dict(change)
        if "subject" in change:
            values["subject"] = shorten(storable(change["subject"]), SUBJECT_LIMIT)
            if not values["subject"]:
                raise Invalid("subject: must not be empty")
        if "topic" in change:
            values["topic"] = storable(change["topic"])[:TOPIC_LIMIT]
        status = change.get("status", ticket.status)
        if status is not ticket.status and status not in TRANSITIONS[ticket.status]:
            raise Conflict(f"A {ticket.status.value} ticket cannot become {status.value}.")
        assignee = change.get("assignee_id")
        if assignee is not None:
            user = self._session.get(User, assignee)
            if user is None or user.disabled_at is not None or user.role is Role.ANALYST:
                raise Invalid("assignee_id: not somebody who works on tickets")
        return values

    def _require_unmerged(self, ticket: Ticket) -> None:
        if ticket.merged_into_id is not None:
            into = self._tickets.numbers([ticket.merged_into_id])[ticket.merged_into_id]
            raise TicketMerged(f"{ticket.number} goes on as {into}.")


_SAID = {"solved": "solved", "closed": "closed", "reopened": "opened again"}


def _plain(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    return str(value) if isinstance(value, UUID | datetime) else value
