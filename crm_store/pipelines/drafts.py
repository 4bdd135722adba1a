"""Stages as somebody wants them, and what makes a pipeline of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from crm_store import fields
from crm_store.models import OpportunityStatus
from foundation.errors import Invalid

MAX_STAGES = 20


@dataclass(frozen=True, slots=True)
class StageDraft:
    """A stage as somebody wants it; ``id`` names the one that it was."""

    name: str
    probability: int
    kind: OpportunityStatus = OpportunityStatus.OPEN
    id: UUID | None = None


DEFAULT_STAGES = (
    StageDraft("New", 10),
    StageDraft("Qualified", 25),
    StageDraft("Proposal", 50),
    StageDraft("Negotiation", 75),
    StageDraft("Won", 100, OpportunityStatus.WON),
    StageDraft("Lost", 0, OpportunityStatus.LOST),
)


def checked_stages(drafts: Sequence[StageDraft]) -> list[StageDraft]:
    """The drafts with names as they are stored; the ends come last, won before lost.

    Raises:
        Invalid: too many or too few, a name twice, a probability that its kind does not allow.
    """
    if not 3 <= len(drafts) <= MAX_STAGES:
        raise Invalid(f"stages: 3 to {MAX_STAGES}")
    by_kind = {kind: [d for d in drafts if d.kind is kind] for kind in OpportunityStatus}
    won, lost = by_kind[OpportunityStatus.WON], by_kind[OpportunityStatus.LOST]
    if len(won) != 1 or len(lost) != 1:
        raise Invalid("stages: one stage for what is won and one for what is lost")
    found = []
    for draft in (*by_kind[OpportunityStatus.OPEN], *won, *lost):
        name = fields.line(100)("stages.name", draft.name)
        probability = fields.within(0, 100)("stages.probability", draft.probability)
        if draft.kind is OpportunityStatus.WON:
            probability = 100
        elif draft.kind is OpportunityStatus.LOST:
            probability = 0
        found.append(StageDraft(name, probability, draft.kind, draft.id))
    if len({draft.name.lower() for draft in found}) != len(found):
        raise Invalid("stages: every stage needs a name of its own")
    ids = [draft.id for draft in found if draft.id is not None]
    if len(set(ids)) != len(ids):
        raise Invalid("stages: a stage is named twice")
    return found
