"""One matter, one ticket: duplicates are merged, and separated again when they were none.

A merged ticket keeps its rows; it points to the one in which the matter goes on. So separating
them has nothing to restore but its state.
"""

from collections.abc import Sequence

from crm_store import audit
from crm_store.asking import Asker
from crm_store.models import Ticket, TicketStatus
from crm_store.permissions import Permission, require
from crm_store.tickets.base import TicketPart
from crm_store.tickets.errors import NotMergeable

MAX_MERGED = 20


class Merging(TicketPart):
    """Merging and separating tickets."""

    def merge(self, into: str, duplicates: Sequence[str], *, asker: Asker) -> Ticket:
        """Let the duplicates go on as ``into``; what was said in them shows there.

        All or nothing. Merging what is merged already changes nothing.

        Raises:
            TicketNotFound: one of them is absent.
            NotMergeable: too many, a ticket with itself, different customers, or one that is part
                of another merge.
        """
        require(asker, Permission.TICKETS_WRITE)
        if not 1 <= len(duplicates) <= MAX_MERGED:
            raise NotMergeable(f"1 to {MAX_MERGED} at a time.")
        # Held in the order of their ids, so that two merges cannot wait for each other.
        found = {number: self._find(number, asker) for number in {into, *duplicates}}
        held = {
            ticket_id: self._tickets.by_id(ticket_id)
            for ticket_id in sorted(ticket.id for ticket in found.values())
        }
        target = held[found[into].id]
        if target.merged_into_id is not None:
            raise NotMergeable(f"{target.number} is itself merged into another ticket.")
        now = self._clock()
        for number in duplicates:
            ticket = held[found[number].id]
            if ticket.merged_into_id == target.id:
                continue
            self._require_mergeable(ticket, target)
            data = {"into": target.number, "from_status": ticket.status.value}
            merged = self._tickets.change(
                ticket,
                status=TicketStatus.CLOSED,
                merged_into_id=target.id,
                solved_at=ticket.solved_at or now,
                updated_at=now,
            )
            self._log(merged, "merged", asker=asker, at=now, data=data)
            self._log_status(merged, ticket_status=data["from_status"], asker=asker)
            target = self._tickets.change(target, updated_at=now)
            self._log(target, "took_in", asker=asker, at=now, data={"number": merged.number})
            self._record(
                merged, "merged", f"Ticket {merged.number} goes on as {target.number}", at=now
            )
            self._keeper.refresh(merged, now=now)
            facts = {"into": target.number}
            audit.record(self._session, asker, "ticket.merged", "ticket", merged.number, facts)
        return target

    def separate(self, number: str, *, asker: Asker) -> Ticket:
        """Take a merge back: the ticket stands again where it stood.

        Raises:
            TicketNotFound: absent.
            NotMergeable: it is not merged.
        """
        require(asker, Permission.TICKETS_WRITE)
        ticket = self._find(number, asker, lock=True)
        if ticket.merged_into_id is None:
            raise NotMergeable(f"{ticket.number} is not merged.")
        now = self._clock()
        into = self._tickets.by_id(ticket.merged_into_id)
        merge = next(e for e in self._tickets.events(ticket.id, limit=20) if e.kind == "merged")
        status = TicketStatus((merge.data or {})["from_status"])
        settled = status in {TicketStatus.SOLVED, TicketStatus.CLOSED}
        ticket = self._tickets.change(
            ticket,
            status=status,
            merged_into_id=None,
            solved_at=ticket.solved_at if settled else None,
            updated_at=now,
        )
        self._log(ticket, "separated", asker=asker, at=now, data={"from": into.number})
        self._log_status(ticket, ticket_status=TicketStatus.CLOSED.value, asker=asker)
        into = self._tickets.change(into, updated_at=now)
        self._log(into, "gave_back", asker=asker, at=now, data={"number": ticket.number})
        self._record(ticket, "separated", f"Ticket {ticket.number} stands by itself again", at=now)
        self._keeper.refresh(ticket, now=now)
        audit.record(self._session, asker, "ticket.separated", "ticket", ticket.number)
        return ticket

    def _log_status(self, ticket: Ticket, *, ticket_status: str, asker: Asker) -> None:
        """The clocks go by status events."""
        if ticket_status != ticket.status.value:
            data = {"from": ticket_status, "to": ticket.status.value}
            self._log(ticket, "status", asker=asker, at=ticket.updated_at, data=data)

    def _require_mergeable(self, ticket: Ticket, target: Ticket) -> None:
        if ticket.id == target.id:
            raise NotMergeable("A ticket cannot be merged into itself.")
        if ticket.merged_into_id is not None:
            raise NotMergeable(f"{ticket.number} is merged into another ticket already.")
        if self._tickets.duplicates(ticket.id):
            raise NotMergeable(
                f"Others are merged into {ticket.number}: merge into that one, or separate them."
            )
        if ticket.customer_id is not None and target.customer_id != ticket.customer_id:
            raise NotMergeable(f"{ticket.number} is another customer's.")
