"""Taking in broker events; a redelivered one changes nothing."""

import builtins
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_store.models import AssistantEvent
from crm_store.texts import storable, storable_json
from crm_store.writes import insert_missing
from foundation.ids import new_id

_BATCH = 500


@dataclass(frozen=True, slots=True)
class BrokerEvent:
    """One tracker event; ``broker_key`` is the broker's own name for it (at most 64 characters)."""

    broker_key: str
    conversation_id: UUID
    type_name: str
    name: str | None
    at: datetime
    data: dict[str, Any]


class EventStore:
    """Keeps the assistant's events beside the conversation they belong to."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def ingest(self, events: builtins.list[BrokerEvent]) -> int:
        """Store the events that are new, by ``broker_key``; returns how many were."""
        rows = [
            {
                "id": new_id(),
                "broker_key": event.broker_key,
                "conversation_id": event.conversation_id,
                "type_name": storable(event.type_name)[:64],
                "name": storable(event.name)[:200] if event.name is not None else None,
                "at": event.at,
                "data": storable_json(event.data),
            }
            for event in events
        ]
        return sum(
            insert_missing(
                self._session, AssistantEvent, rows[start : start + _BATCH], on="broker_key"
            )
            for start in range(0, len(rows), _BATCH)
        )

    def last_number(self, prefix: str) -> int:
        """The n of the last stored event whose broker key is ``<prefix><n>``; 0 when there is none.

        A feed that reads a numbered source in order continues after it.
        """
        key = self._session.scalar(
            select(AssistantEvent.broker_key)
            .where(AssistantEvent.broker_key.startswith(prefix, autoescape=True))
            .order_by(AssistantEvent.id.desc())
            .limit(1)
        )
        return int(key.removeprefix(prefix)) if key else 0

    def list(self, conversation_id: UUID) -> builtins.list[AssistantEvent]:
        """The conversation's events in order."""
        return builtins.list(
            self._session.scalars(
                select(AssistantEvent)
                .where(AssistantEvent.conversation_id == conversation_id)
                .order_by(AssistantEvent.at, AssistantEvent.id)
            )
        )
