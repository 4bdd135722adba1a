"""What a run did, for people and for programs."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from crm_store.models import ImportRun


@dataclass(frozen=True, slots=True)
class Report:
    """The counts of a run; ``read`` is the sum of the five that follow it."""

    id: UUID
    target: str
    dry_run: bool
    resumed: bool
    read: int
    created: int
    updated: int
    unchanged: int
    rejected: int
    erased: int
    possible_duplicates: int
    reject_file: Path | None
    rules: dict[str, int]

    @classmethod
    def of(cls, run: ImportRun, reject_file: Path, *, resumed: bool) -> "Report":
        """From the run's row."""
        return cls(
            id=run.id,
            target=run.target,
            dry_run=run.dry_run,
            resumed=resumed,
            read=run.read,
            created=run.created,
            updated=run.updated,
            unchanged=run.unchanged,
            rejected=run.rejected,
            erased=run.erased,
            possible_duplicates=run.possible_duplicates,
            reject_file=reject_file if run.rejected else None,
            rules=dict(sorted(run.rules.items())),
        )

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "run": str(self.id),
            "as": self.target,
            "dry_run": self.dry_run,
            "resumed": self.resumed,
            "read": self.read,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "rejected": self.rejected,
            "erased": self.erased,
            "possible_duplicates": self.possible_duplicates,
            "reject_file": str(self.reject_file) if self.reject_file else None,
            "rules": self.rules,
        }
