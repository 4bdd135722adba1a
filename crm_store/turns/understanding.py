"""What the assistant understood of a message, put where it can be queried."""

from typing import Any

from sqlalchemy.orm import Session

from crm_store.models import Message
from crm_store.texts import storable, storable_json
from crm_store.writes import update_now

# These say how the talk goes, not what it is about.
SMALL_TALK = frozenset(
    {
        "greet",
        "goodbye",
        "thanks",
        "affirm",
        "deny",
        "bot_challenge",
        "how_are_you",
        "inform",
        "cancel_form",
        "out_of_scope",
        "nlu_fallback",
    }
)


def store_understanding(
    session: Session, message: Message, *, nlu: dict[str, Any], actions: list[str], latency_ms: int
) -> None:
    """Write the parse, the actions and the latency on the customer's message of a turn."""
    sentiment = nlu.get("sentiment") or {}
    understood = {
        "nlu": storable_json(nlu),
        "intent": _text(nlu.get("intent"), 64),
        "confidence": _number(nlu.get("confidence")),
        "sentiment": _text(sentiment.get("label"), 16),
        "valence": _number(sentiment.get("valence")),
        "actions": storable_json(actions),
        "latency_ms": latency_ms,
    }
    update_now(session, message, understood)


def what_it_is_about(message: Message) -> dict[str, Any]:
    """What a message sets on its conversation: the topic, and the mood of the latest message."""
    values: dict[str, Any] = {}
    if message.intent and message.intent not in SMALL_TALK:
        values["topic"] = message.intent
    if message.valence is not None:
        values["sentiment_valence"] = message.valence
    return values


def _text(value: Any, limit: int) -> str | None:
    return storable(value)[:limit] or None if isinstance(value, str) else None


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) else None
