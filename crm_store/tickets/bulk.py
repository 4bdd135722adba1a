"""One change of many tickets."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from crm_store.asking import Asker
from crm_store.labels.service import LabelService
from crm_store.permissions import Permission, require
from crm_store.tickets.changes import Changes, TicketChange
from foundation.errors import Invalid, KefuError

MAX_BULK = 200


@dataclass(frozen=True, slots=True)
class BulkResult:
    """What became of one ticket; ``problem`` is None when the change was made."""

    number: str
    problem: KefuError | None


class Bulk(Changes):
    """Editing many tickets at once."""

    def edit_many(
        self,
        numbers: Sequence[str],
        change: TicketChange,
        *,
        add_labels: Sequence[UUID] = (),
        remove_labels: Sequence[UUID] = (),
        asker: Asker,
    ) -> list[BulkResult]:
        """Change each ticket for which it is possible; each is changed wholly or not at all.

        Raises:
            Invalid: none or too many are named, or nothing is to change.
        """
        require(asker, Permission.TICKETS_WRITE)
        numbers = list(dict.fromkeys(numbers))
        if not 1 <= len(numbers) <= MAX_BULK:
            raise Invalid(f"numbers: 1 to {MAX_BULK} at a time")
        if not change and not add_labels and not remove_labels:
            raise Invalid("change: nothing is to change")
        labels = LabelService(self._session)
        results = []
        # In one order for everybody, so that two bulk edits cannot wait for each other.
        for number in sorted(numbers):
            try:
                with self._session.begin_nested():
                    ticket = self.edit(number, change, asker=asker)
                    if add_labels or remove_labels:
                        labels.retag_ticket(
                            ticket, add=add_labels, remove=remove_labels, asker=asker
                        )
                results.append(BulkResult(number, None))
            except KefuError as problem:
                results.append(BulkResult(number, problem))
        return results
