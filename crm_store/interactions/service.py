"""Writing and reading the timeline."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_store.models import Interaction, InteractionKind
from crm_store.pages import Page, fetch_page
from crm_store.texts import shorten, storable, storable_json
from crm_store.writes import insert_missing
from foundation.clock import utc_now
from foundation.ids import new_id

_SUMMARY_CHARS = 500


class InteractionService:
    """Records what happened; recording the same ``source_key`` again changes nothing."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def record(
        self,
        *,
        customer_id: UUID,
        kind: InteractionKind,
        summary: str,
        data: dict[str, Any] | None = None,
        at: datetime | None = None,
        conversation_id: UUID | None = None,
        order_id: UUID | None = None,
        source_key: str | None = None,
    ) -> None:
        """Put one entry on the customer's timeline.

        Args:
            customer_id: whose timeline.
            kind: what sort of contact it was.
            summary: one line for people; cut at 500 characters.
            data: JSON facts behind the summary.
            at: when it happened; now by default.
            conversation_id: the chat it belongs to.
            order_id: the order it is about.
            source_key: names the thing recorded, so that recording it twice writes it once.
        """
        row = {
            "id": new_id(),
            "customer_id": customer_id,
            "kind": kind,
            "at": at or utc_now(),
            "summary": shorten(storable(summary), _SUMMARY_CHARS),
            "data": storable_json(data),
            "conversation_id": conversation_id,
            "order_id": order_id,
            "source_key": source_key,
        }
        insert_missing(self._session, Interaction, [row], on="source_key")

    def timeline(
        self, customer_id: UUID, *, cursor: str | None = None, limit: int = 50
    ) -> Page[Interaction]:
        """A customer's entries, the newest first. The caller has checked who is asking."""
        return fetch_page(
            self._session,
            select(Interaction).where(Interaction.customer_id == customer_id),
            keys=[(Interaction.at, datetime), (Interaction.id, UUID)],
            cursor=cursor,
            limit=limit,
            descending=True,
        )
