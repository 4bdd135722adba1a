"""From what the rules found to what the dialogue can use: one reading per span, one spelling."""

import re
from collections.abc import Callable
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

Entity = dict[str, Any]

_NOT_DIGITS = re.compile(r"\D+")
_NUMBER_AT_END = re.compile(r"\d+\W*$")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class EntityNormalizer(GraphComponent):
    """Keeps the longest of overlapping entities and writes each value in one form.

    Order numbers become ``KF-1234567`` and ticket numbers ``T-1234567`` whatever was typed;
    e-mail addresses lower case; phone numbers digits with an optional plus. Extractors know
    nothing of each other: a seven-digit number is an order, a piece of a phone number or a
    ticket, and the longest match says which. A trained tagger reads the context ("my tent" is a
    product, "any tents" a category), so it wins between equals, but is believed only for the
    entities without a shape.
    """

    def __init__(self, config: dict[str, Any]) -> None:
        order: list[str] = config["priority"]
        self._rank = {name: rank for rank, name in enumerate(order)}
        self._taggers: set[str] = set(config["taggers"])
        self._tagged: set[str] = set(config["tagged"])

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Every option, each with the value used when config.yml says nothing.

        ``priority`` decides between entities of equal length, first wins; ``taggers`` are the
        extractors that learn, believed for the entities in ``tagged``.
        """
        return {
            "priority": [
                "email", "ticket_number", "order_number", "phone", "date", "amount",
                "product", "category",
            ],
            "taggers": ["CRFEntityExtractor"],
            "tagged": ["product", "category"],
        }  # fmt: skip

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "EntityNormalizer":
        """There is nothing to train or to load."""
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Replaces each message's entities by the normalised ones, in the order of the text."""
        for message in messages:
            found: list[Entity] = message.get(ENTITIES) or []
            kept = self.normalise(message.get(TEXT) or "", found)
            message.set(ENTITIES, kept, add_to_output=True)
        return messages

    def normalise(self, text: str, entities: list[Entity]) -> list[Entity]:
        """One entity per stretch of text, longest first, then by priority."""
        last = len(self._rank)
        ranked = sorted(
            (entity for entity in entities if self._believed(entity)),
            key=lambda entity: (
                entity["start"] - entity["end"],
                entity["entity"] in self._tagged,
                entity.get("extractor") not in self._taggers,
                self._rank.get(entity["entity"], last),
                entity["start"],
            ),
        )
        kept: list[Entity] = []
        for entity in ranked:
            if all(
                entity["end"] <= other["start"] or entity["start"] >= other["end"] for other in kept
            ):
                kept.append(entity)
        return sorted(
            (_normalised(text, entity) for entity in kept), key=lambda entity: entity["start"]
        )

    def _believed(self, entity: Entity) -> bool:
        if entity.get("extractor") in self._taggers and entity["entity"] not in self._tagged:
            return False
        return bool(entity["end"] > entity["start"])


def _normalised(text: str, entity: Entity) -> Entity:
    start, end = entity["start"], entity["end"]
    said = text[start:end]
    # A rule may need the words before a number ("ticket no. 1234567"); the entity does not.
    if entity["entity"] in ("ticket_number", "order_number") and " " in said.strip():
        number = _NUMBER_AT_END.search(said)
        if number and not re.match(r"\W*(KF|T)\b", said, re.IGNORECASE):
            start += number.start()
    said = text[start:end]
    start += len(said) - len(said.lstrip(" \t\n#:"))
    end -= len(said) - len(said.rstrip(" \t\n.,;:!?"))
    rewrite = _FORMS.get(entity["entity"])
    value = entity["value"] if rewrite is None else rewrite(text[start:end])
    return {**entity, "start": start, "end": end, "value": value}


def _order_number(said: str) -> str:
    return f"KF-{_NOT_DIGITS.sub('', said)}"


def _ticket_number(said: str) -> str:
    return f"T-{_NOT_DIGITS.sub('', said)}"


def _phone(said: str) -> str:
    digits = _NOT_DIGITS.sub("", said)
    if said.strip().startswith("+"):
        return f"+{digits}"
    return f"+{digits[2:]}" if digits.startswith("00") else digits


_FORMS: dict[str, Callable[[str], str]] = {
    "order_number": _order_number,
    "ticket_number": _ticket_number,
    "email": lambda said: said.strip().lower(),
    "phone": _phone,
    "amount": lambda said: " ".join(said.split()),
    "date": lambda said: " ".join(said.split()).lower(),
}
