"""The audit log as it travels."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from crm_store.models import ActorKind, AuditEntry


class ActorView(BaseModel):
    """A member of staff or a customer by id, or what the system acted for."""

    kind: ActorKind
    id: UUID | None
    reason: str | None
    api_key_id: UUID | None


class TargetView(BaseModel):
    kind: str | None
    id: str | None


class AuditEntryView(BaseModel):
    """One act; ``hash`` seals it together with the entry before."""

    seq: int
    at: datetime
    actor: ActorView
    action: str
    target: TargetView
    facts: dict[str, Any]
    hash: str


def audit_entry_view(entry: AuditEntry) -> AuditEntryView:
    """An entry as those who may read the log see it."""
    return AuditEntryView(
        seq=entry.seq,
        at=entry.at,
        actor=ActorView(
            kind=entry.actor_kind,
            id=entry.actor_id,
            reason=entry.actor_reason,
            api_key_id=entry.api_key_id,
        ),
        action=entry.action,
        target=TargetView(kind=entry.target_kind, id=entry.target_id),
        facts=entry.facts,
        hash=entry.hash,
    )
