"""What the assistant made of a message, as its parse result says it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.evaluation.examples import Entity
from bot.evaluation.labels import FALLBACK


@dataclass(frozen=True)
class Reading:
    """One parse result.

    Attributes:
        intent: the final one, after the fallback.
        ranking: intents with their confidences, the likeliest first, without the fallback.
        scope: what the scope guard says, if the pipeline has one.
        milliseconds: that the parse took, by the clock.
        busy_milliseconds: that it kept a processor busy, whoever else wanted one.
        again: the same text was read before in this process, so parts were remembered.
    """

    intent: str | None
    ranking: tuple[tuple[str, float], ...]
    entities: tuple[Entity, ...] = ()
    sentiment: Mapping[str, Any] | None = None
    scope: Mapping[str, Any] | None = None
    milliseconds: float = 0.0
    busy_milliseconds: float = 0.0
    again: bool = False

    @classmethod
    def parsed(cls, result: Mapping[str, Any], **measured: Any) -> "Reading":
        """From Rasa's parse result, and what was measured around it."""
        intent = result.get("intent") or {}
        rows = result.get("intent_ranking") or [intent]
        ranking = tuple(
            (row["name"], float(row["confidence"]))
            for row in rows
            if row.get("name") not in (None, FALLBACK)
        )
        return cls(
            intent.get("name"),
            ranking,
            tuple(result.get("entities") or ()),
            result.get("sentiment"),
            result.get("scope"),
            **measured,
        )

    @property
    def top(self) -> str | None:
        """The likeliest intent, whether or not it was believed."""
        return self.ranking[0][0] if self.ranking else None

    @property
    def confidence(self) -> float:
        """Of the likeliest intent."""
        return self.ranking[0][1] if self.ranking else 0.0

    @property
    def outside(self) -> bool:
        """Whether the scope guard takes the message for a foreign one."""
        return self.scope is not None and self.scope.get("inside") is False

    def scope_score(self, foreign_intent: str) -> tuple[str, float]:
        """How much in scope, higher is more, and which number of the result says it.

        Without a guard it is the confidence of the likeliest intent that is not the foreign one.
        """
        for key in ("score", "similarity"):
            value = None if self.scope is None else self.scope.get(key)
            if isinstance(value, int | float) and not isinstance(value, bool):
                return f"scope.{key}", float(value)
        return "confidence", max(
            (confidence for name, confidence in self.ranking if name != foreign_intent), default=0.0
        )
