"""A change of a record, written down twice: in the audit log, and for people on the timeline."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from crm_store.asking import Asker
from crm_store.audit import record
from crm_store.interactions import InteractionService
from crm_store.models import InteractionKind


def note_act(
    session: Session,
    asker: Asker,
    action: str,
    target_id: UUID,
    facts: Mapping[str, Any] | None = None,
    *,
    customer_id: UUID | None = None,
    kind: InteractionKind = InteractionKind.SALES,
    summary: str = "",
    conversation_id: UUID | None = None,
) -> None:
    """Record that somebody did something to a record.

    Args:
        session: of a transaction.
        asker: who acts.
        action: like ``lead.converted``; what stands before the dot is the kind of record.
        target_id: which record.
        facts: JSON without floats and without personal data.
        customer_id: whose timeline it belongs on; None, or no summary, is the audit log alone.
        kind: what sort of entry it is there.
        summary: the entry's line.
        conversation_id: the chat that it came from.
    """
    target_kind = action.partition(".")[0]
    record(session, asker, action, target_kind, target_id, facts)
    if customer_id is not None and summary:
        InteractionService(session).record(
            customer_id=customer_id,
            kind=kind,
            summary=summary,
            data={"event": action, f"{target_kind}_id": str(target_id), **(facts or {})},
            conversation_id=conversation_id,
        )
