"""What a rule returns: a stretch of the text and what it means."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Found:
    """An entity in a text: ``text[start:end]``, written in one form as ``value``.

    ``details`` are further keys of Rasa's entity, for actions: ``iso``, ``minor``, ``sku``, …
    """

    entity: str
    start: int
    end: int
    value: str
    details: Mapping[str, Any] = field(default_factory=dict)

    def as_dict(self, extractor: str) -> dict[str, Any]:
        """The entity as Rasa passes it on."""
        return {
            "entity": self.entity,
            "start": self.start,
            "end": self.end,
            "value": self.value,
            "extractor": extractor,
            **self.details,
        }
