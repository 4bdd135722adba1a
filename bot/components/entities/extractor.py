"""Rasa's component for everything that is an entity."""

import logging
import os
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.entities import stored
from bot.components.entities.catalogue import Catalogue, ProductName
from bot.components.entities.catalogue_file import CatalogueFile
from bot.components.entities.everyday import vocabulary_file
from bot.components.entities.found import Found
from bot.components.entities.lessons import Example, learn_from
from bot.components.entities.recogniser import CATEGORY, PRODUCT, Customs, recognise
from bot.components.entities.stored import Words
from bot.components.entities.tagger import Tagger
from bot.components.errors import ModelDamaged
from bot.components.fingerprints import of_files
from bot.components.locate import PACKAGED

logger = logging.getLogger(__name__)

_THING = "thing"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class EntityExtractor(GraphComponent):
    """Rules for what has a shape, the shop's catalogue for names, a small tagger for nouns.

    Values are normalised (see each rule's module); entities carry further keys for actions:
    ``iso`` of a date, ``minor`` and ``currency`` of an amount, ``e164`` of a phone number, ``sku``
    of a product.
    """

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        *,
        trained: tuple[Tagger, Words] | None = None,
    ) -> None:
        self._config = {**self.get_default_config(), **config}
        self._storage = model_storage
        self._resource = resource
        self._customs = Customs(
            str(self._config["region"]),
            str(self._config["currency"]),
            bool(self._config["day_first"]),
        )
        if self._customs.region not in phonenumbers.SUPPORTED_REGIONS:
            raise InvalidConfigException(f"EntityExtractor: no region '{self._customs.region}'")
        self._zone = _zone(self._config["timezone"])
        self._tagger, self._catalogue = None, None
        if trained is not None:
            self._tagger, words = trained
            self._catalogue = _catalogue_file(str(self._config["catalogue"]), words)

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Every option, each with the value used when config.yml says nothing."""
        return {
            # Where phone numbers without a country are; of what bare cents are; is 3/4 in April?
            "region": "DE",
            "currency": "EUR",
            "day_first": True,
            # The days are those of this place; None for the machine's own.
            "timezone": None,
            # The shop's catalogue, in the folder that KEFU_VAR names.
            "catalogue": "catalogue.json",
            # The encoder whose vocabulary tells everyday words from names.
            "model": PACKAGED,
            # The tagger's training.
            "l1": 0.02,
            "l2": 0.2,
            "iterations": 100,
            "unknown": 0.2,
            "seed": 7,
        }

    @staticmethod
    def required_packages() -> list[str]:
        """Checked by Rasa before training."""
        # Names that are those of the module and of the package; python-crfsuite has two.
        return ["phonenumbers", "rapidfuzz", "safetensors"]

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Trains again when our code or the vocabulary changed."""
        vocabulary = vocabulary_file(str(config.get("model", PACKAGED)))
        sources = sorted(Path(__file__).parent.glob("*.py"))
        return of_files([*sources, *([vocabulary] if vocabulary else [])])

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "EntityExtractor":
        """An extractor that is yet to be trained."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "EntityExtractor":
        """The extractor of a model archive.

        Raises:
            ModelDamaged: a part of it is missing or does not fit the others.
        """
        return cls(config, model_storage, resource, trained=stored.load(model_storage, resource))

    def train(self, training_data: TrainingData) -> Resource:
        """Learns the tagger, keeps the words of the look-up tables, writes all into the archive."""
        examples = [
            Example(
                message.get(TEXT),
                tuple((e["entity"], e["start"], e["end"]) for e in message.get(ENTITIES) or []),
            )
            for message in training_data.training_examples
            if message.get(TEXT)
        ]
        tables = _tables(training_data)
        learnt, words = learn_from(
            examples,
            products=tables.get(PRODUCT, []),
            kinds=tables.get(CATEGORY, []),
            things=tables.get(_THING, []),
            customs=self._customs,
            today=self._today(),
            options=self._config,
        )
        logger.info(
            "Entities: %d weights learnt from %d examples; %d products are known until the shop's "
            "catalogue is there, and %d other things.",
            len(learnt.weights), len(examples), len(words.products), len(words.things),
        )  # fmt: skip
        stored.save(self._storage, self._resource, learnt, words)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Rasa lets later components train on what this one predicts; none of ours does."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets ``entities`` on each message."""
        for message in messages:
            found = self.extract(message.get(TEXT) or "")
            name = type(self).__name__
            message.set(ENTITIES, [one.as_dict(name) for one in found], add_to_output=True)
        return messages

    def extract(self, text: str) -> list[Found]:
        """The entities of a text that is written today."""
        if self._tagger is None or self._catalogue is None:
            raise ModelDamaged("EntityExtractor is used before it was trained")
        catalogue = self._catalogue.current()
        return recognise(text, catalogue, self._tagger, self._customs, self._today())

    def _today(self) -> date:
        return datetime.now(UTC).astimezone(self._zone).date()


def _zone(name: str | None) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise InvalidConfigException(f"EntityExtractor: no timezone '{name}'") from error


def _catalogue_file(name: str, words: Words) -> CatalogueFile:
    """The file in the platform's folder; without a platform (``rasa shell``) what training knew."""

    def make(products: list[ProductName], kinds: list[str]) -> Catalogue:
        return Catalogue(products, [*kinds, *words.things], words.everyday)

    folder = os.environ.get("KEFU_VAR")
    known = make([ProductName(product) for product in words.products], list(words.kinds))
    return CatalogueFile(Path(folder) / name if folder else None, known, make)


def _tables(training_data: TrainingData) -> dict[str, list[str]]:
    """The look-up tables of the training data; a table may also be a file with a word a line."""
    tables: dict[str, list[str]] = {}
    for table in training_data.lookup_tables:
        elements = table["elements"]
        if isinstance(elements, str):
            elements = Path(elements).read_text(encoding="utf-8").splitlines()
        words = (str(element).strip() for element in elements)
        tables.setdefault(table["name"], []).extend(word for word in words if word)
    return tables
