"""What every upserter does with a batch, and how it tells what became of each row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy.orm import Session

from crm_store.importing.cleaning.table import CleanBatch, Reject
from crm_store.importing.mapping import ConflictPolicy


@dataclass(slots=True)
class Outcome:
    """What a batch came to in the store; each row is in exactly one of the counts or rejects."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    erased: int = 0
    possible_duplicates: int = 0
    rejects: list[Reject] = field(default_factory=list)

    def count(self, found: Mapping[str, Any]) -> None:
        """Count a row whose record was there, by what it changed."""
        if found:
            self.updated += 1
        else:
            self.unchanged += 1


class Upserter(Protocol):
    """Writes batches of one kind of row, each in the caller's transaction."""

    def apply(self, session: Session, batch: CleanBatch) -> Outcome:
        """Bring the batch's rows into the store."""
        ...


class Rows:
    """A batch's rows on their way: each is settled once, or rejected with its raw cells."""

    def __init__(self, batch: CleanBatch, column_of: Mapping[str, str]) -> None:
        self._batch = batch
        self._column_of = column_of
        self.outcome = Outcome()

    def __iter__(self) -> Any:
        return enumerate(self._batch.rows)

    def reject(self, at: int, field_name: str, reason: str) -> None:
        """Refuse a row, because of a field."""
        self.outcome.rejects.append(
            Reject(
                self._batch.numbers[at],
                self._column_of.get(field_name, field_name),
                reason,
                self._batch.raw[at],
            )
        )


def changes(
    current: Mapping[str, Any],
    given: Mapping[str, Any],
    names: Sequence[str],
    policy: ConflictPolicy,
) -> dict[str, Any]:
    """What a row changes of what the store has; blanks are not in ``given`` and change nothing."""
    if policy is ConflictPolicy.SKIP:
        return {}
    found = {}
    for name in names:
        if name in given:
            value, now = given[name], current[name]
            if value != now and (policy is ConflictPolicy.UPDATE or now in (None, "")):
                found[name] = value
    return found
