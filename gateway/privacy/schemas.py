"""Consents and erasures as staff see and ask for them."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from crm_store.models import Job, JobStatus, Purpose

Wording = Annotated[str, Field(min_length=1, max_length=64)]
Note = Annotated[str, Field(min_length=1, max_length=500)]


class PurposeView(BaseModel):
    """What holds for a purpose now; without a decision, the default."""

    model_config = ConfigDict(from_attributes=True)

    purpose: Purpose
    allowed: bool
    decided_at: datetime | None
    source: str | None


class ConsentView(BaseModel):
    """One decision; ``superseded_at`` is when the next one took its place."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    purpose: Purpose
    granted: bool
    at: datetime
    source: str
    wording: str | None
    evidence: dict[str, Any] | None
    superseded_at: datetime | None


class ConsentDecision(BaseModel):
    """What a customer told a member of staff."""

    purpose: Purpose
    granted: bool
    wording: Wording | None = None
    """The version of the text that the customer was shown or read."""
    note: Note | None = None
    """How they said it, kept as the evidence."""


class ErasureRequest(BaseModel):
    """``despite_orders``: although something is not delivered or paid back yet."""

    despite_orders: bool = False


class ErasureView(BaseModel):
    """How far an erasure has come; ``receipt`` counts rows by table and what still names them."""

    id: UUID
    status: JobStatus
    requested_at: datetime
    finished_at: datetime | None
    receipt: dict[str, Any] | None


def erasure_view(job: Job) -> ErasureView:
    """A job as its asker sees it."""
    return ErasureView(
        id=job.id,
        status=job.status,
        requested_at=job.created_at,
        finished_at=job.finished_at,
        receipt=job.result,
    )
