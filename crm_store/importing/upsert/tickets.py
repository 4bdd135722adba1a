"""Tickets of another help desk, by the number that they have there."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_store.importing.cleaning.table import CleanBatch
from crm_store.importing.mapping import ConflictPolicy
from crm_store.importing.upsert.base import Outcome, Rows, changes
from crm_store.importing.upsert.loading import insert_rows, update_rows
from crm_store.importing.upsert.numbering import order_number
from crm_store.importing.upsert.order_rows import order_ids
from crm_store.importing.upsert.people import People, Whose
from crm_store.importing.upsert.timeline import add_entries
from crm_store.models import (
    Author,
    InteractionKind,
    Ticket,
    TicketEvent,
    TicketPriority,
    TicketStatus,
)
from crm_store.numbering import free_number
from crm_store.sla.keeper import IMPORTED
from crm_store.sla.stale import UNSETTLED
from foundation.clock import utc_now
from foundation.ids import new_id

_CHANGING = ("subject", "body", "topic", "status", "priority")
_KEY = "import:"
_AT_ONCE = 2_000
_NAMES = ("customer_external_id", "customer_email", "customer_phone")


class TicketUpserter:
    """Adds tickets, and changes those that were imported before.

    What another help desk promised is its own: clocks of ours begin with the import, and only while
    a ticket waits for something.
    """

    def __init__(self, policy: ConflictPolicy, column_of: Mapping[str, str]) -> None:
        self._policy = policy
        self._column_of = column_of

    def apply(self, session: Session, batch: CleanBatch) -> Outcome:
        """Bring the batch's tickets into the store."""
        rows = Rows(batch, self._column_of)
        known = _known(session, [_KEY + row["external_id"] for row in batch.rows])
        whose = Whose(People(session), batch.rows)
        numbers = {order_number(row["order_number"]) for row in batch.rows if "order_number" in row}
        orders = order_ids(session, numbers)
        created: dict[UUID, dict[str, Any]] = {}
        changed: dict[UUID, dict[str, Any]] = {}
        events: list[dict[str, Any]] = []
        for at, row in rows:
            given = dict(row)
            if "status" in given:
                given["status"] = TicketStatus(given["status"])
            if "priority" in given:
                given["priority"] = TicketPriority(given["priority"])
            key = _KEY + row["external_id"]
            current = known.get(key)
            if current is not None:
                found = changes(current, given, _CHANGING, self._policy)
                if found and current["id"] not in created:
                    events += _change(current, found, changed)
                current |= found
                rows.outcome.count(found)
                continue
            if "subject" not in given:
                rows.reject(at, "subject", "needed for a new ticket")
                continue
            customer_id = None
            if any(name in row for name in _NAMES):
                person, field, reason = whose.of(row)
                if person is None:
                    rows.reject(at, field, reason)
                    continue
                customer_id = person["id"]
            order_id = (
                orders.get(order_number(row["order_number"])) if "order_number" in row else None
            )
            made = _new_ticket(given, key, customer_id, order_id)
            created[made["id"]] = known[key] = made
            rows.outcome.created += 1
        for ticket in created.values():
            ticket["sla_stale"] = ticket["status"] in UNSETTLED
        _number(session, created.values())
        insert_rows(session, Ticket, list(created.values()))
        update_rows(session, Ticket, changed.items())
        events += [_event(ticket, IMPORTED, None) for ticket in created.values()]
        insert_rows(session, TicketEvent, events)
        add_entries(
            session, [_entry(ticket) for ticket in created.values() if ticket["customer_id"]]
        )
        return rows.outcome


def _known(session: Session, keys: list[str]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    columns = [
        Ticket.__table__.c[name] for name in ("id", "version", "idempotency_key", *_CHANGING)
    ]
    for at in range(0, len(keys), _AT_ONCE):
        statement = select(*columns).where(Ticket.idempotency_key.in_(keys[at : at + _AT_ONCE]))
        for row in session.execute(statement).mappings():
            found[row["idempotency_key"]] = dict(row)
    return found


def _new_ticket(
    given: dict[str, Any], key: str, customer_id: UUID | None, order_id: UUID | None
) -> dict[str, Any]:
    now = utc_now()
    status = given.get("status", TicketStatus.OPEN)
    return {
        "id": new_id(),
        "version": 0,
        "number": "",
        "customer_id": customer_id,
        "conversation_id": None,
        "order_id": order_id,
        "subject": given["subject"],
        "body": given.get("body", given["subject"]),
        "topic": given.get("topic", "other"),
        "status": status,
        "priority": given.get("priority", TicketPriority.NORMAL),
        "created_at": given.get("created_at", now),
        "updated_at": now,
        "idempotency_key": key,
    }


def _number(session: Session, tickets: Any) -> None:
    """Give each ticket a number that nothing has yet."""
    given: set[str] = set()

    def taken(number: str) -> bool:
        return number in given or (
            session.scalar(select(Ticket.id).where(Ticket.number == number)) is not None
        )

    for ticket in tickets:
        ticket["number"] = free_number("T", taken)
        given.add(ticket["number"])


def _change(
    current: dict[str, Any], found: dict[str, Any], changed: dict[UUID, dict[str, Any]]
) -> list[dict[str, Any]]:
    """Note what is to be written, and give back the events that say so."""
    current["version"] += 1
    values = {**found, "updated_at": utc_now(), "version": current["version"]}
    events = []
    if "status" in found:
        values["sla_stale"] = True
        data = {"from": current["status"].value, "to": found["status"].value}
        events.append(_event(current, "status", data))
    changed.setdefault(current["id"], {}).update(values)
    return events


def _event(ticket: dict[str, Any], kind: str, data: dict[str, str] | None) -> dict[str, Any]:
    return {
        "id": new_id(),
        "ticket_id": ticket["id"],
        "version": ticket["version"],
        "kind": kind,
        "actor": Author.SYSTEM,
        "data": data,
        "at": utc_now(),
    }


def _entry(ticket: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": new_id(),
        "customer_id": ticket["customer_id"],
        "kind": InteractionKind.TICKET,
        "at": ticket["created_at"],
        "summary": f"Ticket {ticket['number']} opened: {ticket['subject']}"[:500],
        "data": {"event": "opened", "ticket": ticket["number"], "topic": ticket["topic"]},
        "conversation_id": None,
        "order_id": ticket["order_id"],
        "source_key": f"ticket:{ticket['number']}",
    }
