"""Rasa's working memory of conversations: one row each, one commit a turn."""

import asyncio
import json
import sqlite3
import time
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerDeserialisationException, TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, REQUESTED_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    Event,
    SlotSet,
    UserUttered,
    deserialise_events,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.event_broker import TURN_KEY, BatchedSQLEventBroker
from bot.group_commit import GroupCommitWriter, connect
from bot.snapshots import shortened

_SCHEMA = """
CREATE TABLE IF NOT EXISTS trackers (
    sender_id TEXT PRIMARY KEY,
    events TEXT NOT NULL,
    saved_at REAL NOT NULL
) WITHOUT ROWID;
"""
_UPSERT = """
INSERT INTO trackers (sender_id, events, saved_at) VALUES (?, ?, ?)
ON CONFLICT (sender_id) DO UPDATE SET events = excluded.events, saved_at = excluded.saved_at
"""

_to_json = json.JSONEncoder().encode


@dataclass(frozen=True)
class _Remembered:
    """A conversation as it was last committed; each event with its JSON, written once."""

    events: tuple[Event, ...]
    written: tuple[str, ...]


class SnapshotTrackerStore(TrackerStore):
    """Keeps a conversation as one row with its last turns.

    A turn is saved whole or not at all: a retrieved tracker is a copy, and what is remembered
    changes only after the commit. So a turn that failed half-way can simply be run again.

    Rasa's lock store must keep two turns of one conversation apart, as it does.
    """

    def __init__(
        self,
        domain: Domain | None = None,
        event_broker: EventBroker | None = None,
        *,
        path: str,
        host: str | None = None,
        most_events: int = 160,
        keep_events: int = 80,
        remember: int = 512,
        **kwargs: Any,
    ) -> None:
        """Opens or creates the file.

        Args:
            domain: set by Rasa once the model is loaded.
            event_broker: where new events are published.
            path: the SQLite file.
            host: given by Rasa to every store; unused.
            most_events: a longer conversation is shortened.
            keep_events: about so many events are left then.
            remember: conversations that need not be read again.
        """
        super().__init__(domain, event_broker, **kwargs)
        file = Path(path)
        self._writer = GroupCommitWriter(file, _SCHEMA)
        self._reader = connect(file)
        self._most, self._keep, self._remember = int(most_events), int(keep_events), int(remember)
        self._recent: OrderedDict[str, _Remembered] = OrderedDict()

    async def create_tracker(
        self, sender_id: str, append_action_listen: bool = True
    ) -> DialogueStateTracker:
        """A new tracker; unlike Rasa's it is not written before its first turn is done."""
        tracker = self.init_tracker(sender_id)
        if append_action_listen:
            tracker.update(ActionExecuted(ACTION_LISTEN_NAME))
        return tracker

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """A copy of the conversation, or None for one that is unknown."""
        known = self._known(sender_id)
        if known is None:
            return None
        tracker = DialogueStateTracker.from_events(sender_id, list(known.events), self.domain.slots)
        if tracker.active_loop_name not in (None, *self.domain.action_names_or_texts):
            # A newer model has no such form: no turn could be answered before it is left.
            tracker.update(ActiveLoop(None))
            if REQUESTED_SLOT in tracker.slots:
                tracker.update(SlotSet(REQUESTED_SLOT, None))
        return tracker

    async def keys(self) -> Iterable[str]:
        """Every conversation."""
        return [row[0] for row in self._reader.execute("SELECT sender_id FROM trackers")]

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Publishes what is new, then commits the conversation.

        Raises:
            sqlite3.Error: nothing was saved.
        """
        sender_id = tracker.sender_id
        known = self._known(sender_id) or _Remembered((), ())
        events = tuple(tracker.events)
        new = events[len(known.events) :]
        as_dicts = [event.as_dict() for event in new]
        await self._publish(sender_id, new, as_dicts)
        written = known.written + tuple(map(_to_json, as_dicts))
        kept = shortened(sender_id, events, self.domain.slots, most=self._most, keep=self._keep)
        if len(kept) != len(events):
            json_of = dict(zip(map(id, events), written, strict=True))
            written = tuple(json_of.get(id(event)) or _to_json(event.as_dict()) for event in kept)
            events = tuple(kept)
        row = (sender_id, f"[{','.join(written)}]", time.time())
        # Forgotten first: whoever is cut off while it is written reads it from the file next time.
        self._recent.pop(sender_id, None)
        await asyncio.wrap_future(self._writer.submit(_UPSERT, [row]))
        self._keep_in_memory(sender_id, _Remembered(events, written))

    def forget(self, sender_ids: Iterable[str]) -> None:
        """Drops conversations from memory; whoever asks for it deletes them in the file."""
        for sender_id in sender_ids:
            self._recent.pop(sender_id, None)

    def close(self) -> None:
        """Commits what is waiting and closes the file."""
        self._writer.close()
        self._reader.close()

    async def _publish(
        self, sender_id: str, events: tuple[Event, ...], as_dicts: list[dict[str, Any]]
    ) -> None:
        if self.event_broker is None:
            return
        turn_id = next(
            (e.metadata.get("turn_id") for e in events if isinstance(e, UserUttered)), None
        )
        bodies: list[dict[str, Any]] = []
        for place, event in enumerate(as_dicts):
            body = {"sender_id": sender_id, **event}
            if turn_id is not None:
                body[TURN_KEY] = f"{turn_id}:{place}"
            bodies.append(body)
        if isinstance(self.event_broker, BatchedSQLEventBroker):
            self.event_broker.publish_all(bodies)
            await self.event_broker.flushed()
        else:
            for body in bodies:
                self.event_broker.publish(body)

    def _known(self, sender_id: str) -> _Remembered | None:
        known = self._recent.get(sender_id)
        if known is not None:
            self._recent.move_to_end(sender_id)
            return known
        try:
            row = self._reader.execute(
                "SELECT events FROM trackers WHERE sender_id = ?", (sender_id,)
            ).fetchone()
            if row is None:
                return None
            stored = json.loads(row[0])
            events = tuple(deserialise_events(stored))
        except (sqlite3.DatabaseError, ValueError) as error:
            raise TrackerDeserialisationException(
                f"The working memory of conversation {sender_id} cannot be read: {error}"
            ) from error
        if len(events) != len(stored):
            raise TrackerDeserialisationException(
                f"The working memory of conversation {sender_id} holds unknown events"
            )
        known = _Remembered(events, tuple(map(_to_json, stored)))
        self._keep_in_memory(sender_id, known)
        return known

    def _keep_in_memory(self, sender_id: str, known: _Remembered) -> None:
        self._recent[sender_id] = known
        self._recent.move_to_end(sender_id)
        while len(self._recent) > self._remember:
            self._recent.popitem(last=False)
