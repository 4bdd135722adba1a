"""Imports as staff see them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from crm_store.importing.cleaning.rules import RULES
from crm_store.importing.mapping.propose import Proposal
from crm_store.models import ImportRun, ImportStatus


class RuleCount(BaseModel):
    """A cleaning rule, and how many values it changed."""

    name: str
    what: str
    times: int


class ImportView(BaseModel):
    """A run: what it was asked, how far it is, what it did so far."""

    id: UUID
    target: str
    file: str
    status: ImportStatus
    dry_run: bool
    progress: float
    """0 to 1; 1 when it is done."""
    read: int
    created: int
    updated: int
    unchanged: int
    rejected: int
    erased: int
    possible_duplicates: int
    rules: list[RuleCount]
    mapping: dict[str, Any]
    error: str | None
    user_id: UUID | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class GuessView(BaseModel):
    """What a column is thought to be."""

    column: str
    field: str | None
    certainty: float
    reason: str


class ProposalView(BaseModel):
    """A mapping to use or to edit; ``doubts`` must be settled before it can be used."""

    mapping: dict[str, Any]
    guesses: list[GuessView]
    doubts: list[str]


def import_view(run: ImportRun) -> ImportView:
    """What staff see of a run."""
    done = run.status is ImportStatus.DONE
    return ImportView(
        id=run.id,
        target=run.target,
        file=run.source_name,
        status=run.status,
        dry_run=run.dry_run,
        progress=1.0 if done else round(run.position / run.total, 4) if run.total else 0.0,
        read=run.read,
        created=run.created,
        updated=run.updated,
        unchanged=run.unchanged,
        rejected=run.rejected,
        erased=run.erased,
        possible_duplicates=run.possible_duplicates,
        rules=[
            RuleCount(name=name, what=RULES.get(name, ""), times=times)
            for name, times in sorted(run.rules.items())
        ],
        mapping=run.mapping,
        error=run.error,
        user_id=run.user_id,
        created_at=run.created_at,
        started_at=run.started_at,
        finished_at=run.finished_at,
    )


def proposal_view(proposal: Proposal) -> ProposalView:
    """A proposal as JSON; its mapping can be sent back with the file."""
    return ProposalView(
        mapping=proposal.mapping.model_dump(mode="json"),
        guesses=[
            GuessView(
                column=guess.column,
                field=guess.field,
                certainty=guess.certainty,
                reason=guess.reason,
            )
            for guess in proposal.guesses
        ],
        doubts=proposal.doubts,
    )
