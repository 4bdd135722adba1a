"""How the customer sounds."""

import hashlib
import json
import logging
import shutil
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components import fingerprints, sentiment_data, sentiment_model, storage
from bot.components.encoder import SentenceEncoder, load_encoder
from bot.components.errors import ModelDamaged
from bot.components.intent import classifier_settings, encoder_spec
from bot.components.locate import PACKAGED
from bot.components.made_once import made_once

logger = logging.getLogger(__name__)

SENTIMENT = "sentiment"
NEUTRAL: dict[str, Any] = {"label": "neutral", "score": 1.0, "valence": 0.0, "frustrated": 0.0}
"""What is said of a message without words, such as a button that was pressed."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TransformerSentimentAnalyzer(GraphComponent):
    """Sets ``sentiment: {label, score, valence, frustrated}``.

    Starts from the encoder pass that the intent uses too. Trained on its own labelled sentences,
    not on the intent examples; see `SentimentReading` for what the numbers mean.
    """

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        *,
        trained: sentiment_model.SentimentModel | None = None,
    ) -> None:
        self._config = {**self.get_default_config(), **config}
        self._storage = model_storage
        self._resource = resource
        self.encoder: SentenceEncoder = load_encoder(encoder_spec(self._config))
        self._trained = trained

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Every option, each with the value used when config.yml says nothing.

        ``tune`` and ``tuning`` are those of `TransformerIntentClassifier`.
        """
        return {
            "data": "nlu_data/sentiment",
            "model": PACKAGED,
            "max_tokens": 128,
            "threads": 1,
            "tune": False,
            "tuning": {},
            "layers": [3, 4, 5, 6],
            "strengths": [3.0, 1.0, 10.0],
            "folds": 5,
            "seed": 7,
        }

    @staticmethod
    def required_packages() -> list[str]:
        """Checked by Rasa before training."""
        return ["torch", "transformers", "onnx", "onnxruntime", "sklearn", "safetensors"]

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Trains again when the sentences, the encoder's weights or our code changed."""
        folder = config.get("data", cls.get_default_config()["data"])
        return (
            fingerprints.of_files(sentiment_data.files(folder))
            + fingerprints.of_sources()
            + fingerprints.of_encoder(config.get("model", PACKAGED))
        )

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "TransformerSentimentAnalyzer":
        """An analyzer that is yet to be trained."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Trains on the labelled sentences and writes the result into the archive.

        Raises:
            TrainingDataUnusable: a file or a row cannot be used.
        """
        sentences = sentiment_data.read(self._config["data"])
        with self._storage.write_to(self._resource) as folder:
            shutil.copytree(self._learnt(sentences), folder, dirs_exist_ok=True)
        self._trained = self._read(self._storage, self._resource)
        return self._resource

    def _learnt(self, sentences: list[sentiment_data.Sentence]) -> Path:
        """The trained files; made once for the same sentences and options.

        Rasa's own cache asks whether any training data changed, and an intent's example would cost
        minutes of learning the same sentiment again.
        """
        known = json.dumps({**self._config, "data": None}, sort_keys=True, default=str)
        addon = self.fingerprint_addon(self._config) or ""
        digest = hashlib.sha256(f"{known}{addon}".encode()).hexdigest()[:32]

        def make(folder: Path) -> None:
            trained, report = sentiment_model.train(
                self.encoder, sentences, classifier_settings(self._config)
            )
            logger.info(
                "Sentiment: %d sentences, %s; held-out accuracy over four tones %.3f, calibration "
                "error %.3f (%d sentences; C %g).",
                len(sentences),
                f"tuned for {report.epochs} epochs" if report.epochs else "encoder frozen",
                report.accuracy, report.ece, report.examples, report.strength,
            )  # fmt: skip
            storage.write(
                folder,
                arrays=trained.classifier.arrays(),
                meta=trained.classifier.description(),
            )

        return made_once("sentiment", digest, make)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Rasa lets later components train on what this one predicts; none of ours does."""
        return training_data

    @property
    def trained(self) -> sentiment_model.SentimentModel:
        """The trained model.

        Raises:
            ModelDamaged: it was not trained.
        """
        if self._trained is None:
            raise ModelDamaged("TransformerSentimentAnalyzer is used before it was trained")
        return self._trained

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets ``sentiment`` on each message."""
        trained = self.trained
        for message in messages:
            text = message.get(TEXT)
            found = trained.read(self.encoder, text).as_dict() if text else dict(NEUTRAL)
            message.set(SENTIMENT, found, add_to_output=True)
        return messages

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "TransformerSentimentAnalyzer":
        """The analyzer as it was trained.

        Raises:
            ModelDamaged: the archive lacks it or part of it.
        """
        component = cls(config, model_storage, resource)
        component._trained = component._read(model_storage, resource)
        return component

    def _read(
        self, model_storage: ModelStorage, resource: Resource
    ) -> sentiment_model.SentimentModel:
        arrays, meta = storage.load(
            model_storage,
            resource,
            arrays=("weights", "bias"),
            meta=("labels", "layers", "opinion_weights"),
        )
        trained = sentiment_model.restored(arrays, meta, self.encoder, resource.name)
        if not set(sentiment_data.LABELS) <= set(trained.classifier.labels):
            raise ModelDamaged(f"The trained part '{resource.name}' lacks a label; train again")
        return trained
