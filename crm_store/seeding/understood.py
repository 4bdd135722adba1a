"""What the assistant would have understood of an authored line; marked as seeded, not measured."""

from collections.abc import Iterator, Mapping
from typing import Any

from crm_store.seeding.scripts import Line

_LABELLED_FROM = 0.48
_NOTHING_FITS = ("complaint", "order_status", "help", "out_of_scope")


def understood(
    line: Line,
    entities: list[dict[str, Any]],
    rivals: Mapping[str, tuple[str, ...]],
    luck: Iterator[float],
) -> dict[str, Any]:
    """The parse in the connector's shape, with ``seeded`` so that nobody takes it for one.

    Args:
        line: what the customer typed or chose.
        entities: what was found in the text.
        rivals: for each intent, those that come next in the ranking.
        luck: random numbers in [0, 1); the same number of them for every typed line.
    """
    intent = line.intent
    if line.speaker == "button":
        confidence, entities = 1.0, []
        ranking = [{"name": intent, "confidence": 1.0}]
        sentiment = {"label": "neutral", "score": 1.0, "valence": 0.0}
    else:
        unsure = intent == "nlu_fallback"
        draw = next(luck)
        confidence = round(0.18 + 0.2 * draw if unsure else 0.98 - 0.33 * draw**2.5, 6)
        ranking = _ranking(intent, confidence, _NOTHING_FITS if unsure else rivals[intent])
        sentiment = _sentiment(line.valence, next(luck))
    return {
        "intent": intent,
        "confidence": confidence,
        "ranking": ranking,
        "entities": entities,
        "sentiment": sentiment,
        "seeded": True,
    }


def _ranking(intent: str, confidence: float, rivals: tuple[str, ...]) -> list[dict[str, Any]]:
    """The five likeliest intents; each rival gets most of what is left."""
    ranking = [{"name": intent, "confidence": confidence}]
    left = 1 - confidence
    for rival in rivals:
        share = left * 0.6 if confidence > 0.4 else left * 0.3
        ranking.append({"name": rival, "confidence": round(min(share, confidence * 0.95), 6)})
        left -= share
    return ranking


def _sentiment(valence: float, luck: float) -> dict[str, Any]:
    """The authored mood, a little off, with the label and the score that go with it."""
    value = min(0.97, max(-0.97, valence + (luck - 0.5) * 0.12))
    strength = abs(value)
    if strength >= _LABELLED_FROM:
        label, score = ("positive" if value > 0 else "negative"), strength + 0.02
    else:
        label, score = "neutral", 0.97 - strength
    # Adding zero turns a negative zero, which not every database keeps, into a positive one.
    return {"label": label, "score": round(score, 4), "valence": round(value, 4) + 0.0}
