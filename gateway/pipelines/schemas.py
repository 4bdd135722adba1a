"""Pipelines as staff see and configure them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from crm_store.models import OpportunityStatus
from crm_store.pipelines.drafts import MAX_STAGES, StageDraft
from gateway.accounts.schemas import Name
from gateway.editing import Versioned


class StageView(BaseModel):
    """A stage; ``probability`` in percent."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str
    position: int
    kind: OpportunityStatus
    probability: int


class PipelineView(BaseModel):
    """A pipeline with its stages in order."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str
    currency: str
    is_default: bool
    archived_at: datetime | None
    version: int
    stages: list[StageView]


class PipelineList(BaseModel):
    items: list[PipelineView]
    next_cursor: None = None


class StageIn(BaseModel):
    """A stage as wanted; ``id`` keeps one that is there."""

    id: UUID | None = None
    name: Annotated[str, Field(max_length=100)]
    probability: Annotated[int, Field(ge=0, le=100)]
    kind: OpportunityStatus = OpportunityStatus.OPEN

    def draft(self) -> StageDraft:
        return StageDraft(self.name, self.probability, self.kind, self.id)


Stages = Annotated[list[StageIn], Field(max_length=MAX_STAGES)]


class NewPipeline(BaseModel):
    """A new pipeline; without stages it gets the usual six."""

    name: Name
    currency: Annotated[str, Field(max_length=3)]
    is_default: bool = False
    stages: Stages | None = None


class PipelineEdit(Versioned):
    """What to set; what is left out stays."""

    name: Name | None = None
    currency: Annotated[str | None, Field(max_length=3)] = None
    is_default: bool | None = None
    archived: bool | None = None


class StagesPut(Versioned):
    """All stages in order; ``version`` is the pipeline's."""

    stages: Stages
