"""What a finished turn is answered with, read from the conversation's events.

The first answer and every later one to the same turn come from here, so they cannot differ.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.components.sentiment import NEUTRAL, SENTIMENT

HANDOFF_SLOT = "handoff"

_SILENT = (ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME)
_RANKED = 5


def turn_events(tracker: DialogueStateTracker, turn_id: str) -> list[Event] | None:
    """The events of a turn, its message first; None when the conversation has no such turn."""
    events = list(tracker.events)
    for start in range(len(events) - 1, -1, -1):
        event = events[start]
        if isinstance(event, UserUttered) and event.metadata.get("turn_id") == turn_id:
            end = start + 1
            while end < len(events) and not isinstance(events[end], UserUttered):
                end += 1
            return events[start:end]
    return None


def reply(events: Sequence[Event]) -> dict[str, Any]:
    """The connector's answer for the events of one turn."""
    said = events[0]
    if not isinstance(said, UserUttered):
        raise TypeError("A turn begins with what the customer said")
    return {
        "messages": [_message(event) for event in events if isinstance(event, BotUttered)],
        "nlu": _understanding(said),
        "actions": [
            event.action_name
            for event in events
            if isinstance(event, ActionExecuted)
            and event.action_name
            and event.action_name not in _SILENT
        ],
        "handoff": _handoff(events),
    }


def buttons_of(data: Mapping[str, Any]) -> list[dict[str, str]]:
    """Title and payload of each button in what an utterance carries."""
    return [
        {"title": button["title"], "payload": button["payload"]}
        for button in data.get("buttons") or data.get("quick_replies") or []
        if button.get("title") and button.get("payload")
    ]


def _message(event: BotUttered) -> dict[str, Any]:
    """Text, buttons and custom JSON of one utterance make one message."""
    data = event.data or {}
    payload: dict[str, Any] = dict(data.get("custom") or {})
    if buttons := buttons_of(data):
        payload["buttons"] = buttons
    if data.get("image"):
        payload["image"] = data["image"]
    return {"text": event.text or "", "payload": payload or None}


def _understanding(said: UserUttered) -> dict[str, Any]:
    parsed: dict[str, Any] = said.parse_data or {}  # type: ignore[assignment]
    intent = parsed.get("intent") or {}
    return {
        "intent": intent.get("name"),
        "confidence": intent.get("confidence", 0.0),
        "ranking": [
            {"name": row["name"], "confidence": row["confidence"]}
            for row in (parsed.get("intent_ranking") or [])[:_RANKED]
        ],
        "entities": [
            {
                "entity": entity["entity"],
                "value": entity["value"],
                "start": entity.get("start"),
                "end": entity.get("end"),
            }
            for entity in parsed.get("entities") or []
        ],
        "sentiment": parsed.get(SENTIMENT) or dict(NEUTRAL),
    }


def _handoff(events: Sequence[Event]) -> dict[str, Any] | None:
    """What an action put into the slot in this turn; the slot itself may live on."""
    asked: Any = None
    for event in events:
        if isinstance(event, SlotSet) and event.key == HANDOFF_SLOT:
            asked = event.value
    if not asked:
        return None
    if isinstance(asked, dict):
        return {"reason": str(asked.get("reason") or "requested"), "brief": asked.get("brief")}
    return {"reason": str(asked), "brief": None}
