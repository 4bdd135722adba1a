"""Rasa's events into a SQLite file, from which the analytics worker reads in order of id."""

import asyncio
import json
import time
from asyncio import AbstractEventLoop
from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.utils.endpoints import EndpointConfig

from bot.group_commit import GroupCommitWriter

TURN_KEY = "turn_key"
"""Name, in a published event, of its place in its turn: the same if the turn is run again."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    sender_id TEXT NOT NULL,
    turn_key TEXT UNIQUE,
    data TEXT NOT NULL,
    created REAL NOT NULL
);
"""
_INSERT = """
INSERT INTO events (sender_id, turn_key, data, created) VALUES (?, ?, ?, ?)
ON CONFLICT (turn_key) DO NOTHING
"""


class BatchedSQLEventBroker(EventBroker):
    """Writes events in batches beside the turn, and none of an acknowledged turn is lost.

    `publish` only queues. `SnapshotTrackerStore` waits for `flushed` before it saves the turn, and
    the gateway is answered after that. If the process dies in between, the turn is run again and
    its events, known by their key, are not written twice.
    """

    def __init__(self, path: Path) -> None:
        self._writer = GroupCommitWriter(path, _SCHEMA)
        self._unfinished: list[Future[None]] = []

    @classmethod
    async def from_endpoint_config(
        cls, broker_config: EndpointConfig, event_loop: AbstractEventLoop | None = None
    ) -> "BatchedSQLEventBroker":
        """From endpoints.yml: ``path`` is the SQLite file."""
        return cls(Path(broker_config.kwargs["path"]))

    def publish(self, event: dict[str, Any]) -> None:
        """Queues one event; it is written within a moment."""
        self.publish_all([event])

    def publish_all(self, events: Sequence[dict[str, Any]]) -> None:
        """Queues events that are written together."""
        now = time.time()
        rows = [
            (str(event.get("sender_id", "")), event.get(TURN_KEY), json.dumps(event), now)
            for event in events
        ]
        if rows:
            self._unfinished.append(self._writer.submit(_INSERT, rows))

    async def flushed(self) -> None:
        """Returns when everything published so far is committed.

        Raises:
            sqlite3.Error: it could not be written.
        """
        waiting, self._unfinished = self._unfinished, []
        if waiting:
            await asyncio.gather(*(asyncio.wrap_future(future) for future in waiting))

    async def close(self) -> None:
        """Writes what is left and closes the file."""
        await asyncio.to_thread(self._writer.close)
