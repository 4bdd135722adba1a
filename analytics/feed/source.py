"""Rasa's events as the assistant's broker left them in its SQLite file."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from crm_store.events import BrokerEvent

_BUSY_SECONDS = 10.0


@dataclass(frozen=True)
class Batch:
    """Some events, oldest first; ``last_id`` says up to where to acknowledge them."""

    events: list[BrokerEvent]
    last_id: int
    foreign: int
    """Rows that are not of a conversation of ours (somebody typed in `rasa shell`)."""


class SqliteEventSource:
    """Reads without removing; ``acknowledge`` removes, once the store has committed."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self, *, limit: int) -> Batch | None:
        """The oldest events, or None when there are none (or no assistant has run yet)."""
        if not self._path.is_file():
            return None
        with self._connect() as connection:
            rows = connection.execute(
                "SELECT id, sender_id, turn_key, data, created FROM events ORDER BY id LIMIT ?",
                (limit,),
            ).fetchall()
        if not rows:
            return None
        events = [event for event in map(_parse, rows) if event is not None]
        return Batch(events, last_id=rows[-1][0], foreign=len(rows) - len(events))

    def acknowledge(self, batch: Batch) -> None:
        """Remove a batch: it is in the store now."""
        with self._connect() as connection, connection:
            connection.execute("DELETE FROM events WHERE id <= ?", (batch.last_id,))

    def waiting_since(self) -> float | None:
        """When the oldest event was written that nobody has taken yet, in seconds since 1970."""
        if not self._path.is_file():
            return None
        with self._connect() as connection:
            row = connection.execute("SELECT created FROM events ORDER BY id LIMIT 1").fetchone()
        return None if row is None else float(row[0])

    @contextmanager
    def _connect(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=_BUSY_SECONDS)) as connection:
            yield connection


def _parse(row: tuple[int, str, str | None, str, float]) -> BrokerEvent | None:
    number, sender_id, turn_key, text, created = row
    try:
        conversation_id = UUID(sender_id)
        data: dict[str, Any] = json.loads(text)
    except ValueError:
        return None
    name = data.get("name")
    return BrokerEvent(
        # Without a turn the event has no stable name; its time and number make one.
        broker_key=turn_key or f"{created:.6f}:{number}",
        conversation_id=conversation_id,
        type_name=str(data.get("event", "unknown"))[:64],
        name=str(name)[:200] if name is not None else None,
        at=datetime.fromtimestamp(float(data.get("timestamp") or created), UTC),
        data=data,
    )
