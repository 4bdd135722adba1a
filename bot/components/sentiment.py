"""How the customer sounds."""

import logging
import os
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components import fingerprints, head, sentiment_data, storage
from bot.components.encoder import PACKAGED, joined, load_encoder, threads
from bot.components.errors import ModelDamaged
from bot.components.intent import encoder_spec

logger = logging.getLogger(__name__)

SENTIMENT = "sentiment"
NEUTRAL: dict[str, Any] = {"label": "neutral", "score": 1.0, "valence": 0.0}
"""What is said of a message without words, such as a button that was pressed."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TransformerSentimentAnalyzer(GraphComponent):
    """Sets ``sentiment: {label, score, valence}`` from the encoder pass that the intent uses too.

    ``score`` is the calibrated probability of the label; ``valence`` is P(positive) - P(negative),
    in [-1, 1]. Trained on its own labelled sentences, not on the intent examples.
    """

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        *,
        trained: head.SoftmaxHead | None = None,
    ) -> None:
        self._config = {**self.get_default_config(), **config}
        self._storage = model_storage
        self._resource = resource
        self._encoder = load_encoder(encoder_spec(self._config))
        self._trained = trained

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Every option, each with the value used when config.yml says nothing."""
        return {
            "data": "nlu_data/sentiment",
            "model": PACKAGED,
            "max_tokens": 128,
            "threads": 1,
            "training_threads": None,  # all processors
            "layers": [3, 4, 5, 6],
            "strengths": [0.3, 1.0, 3.0, 10.0],
            "folds": 4,
            "seed": 7,
        }

    @staticmethod
    def required_packages() -> list[str]:
        """Checked by Rasa before training."""
        return ["torch", "transformers", "sklearn", "safetensors"]

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
        texts, labels = sentiment_data.read(self._config["data"])
        with threads(self._config["training_threads"] or os.cpu_count() or 1):
            pooled = self._encoder.layers(texts, progress="Reading sentiment examples")
            settings = head.HeadSettings(
                tuple(self._config["strengths"]), int(self._config["folds"]), self._config["seed"]
            )
            trained, report = head.fit(
                joined(pooled, self._config["layers"]),
                labels,
                settings,
                progress="Learning sentiment",
            )
        logger.info(
            "Sentiment: %d sentences; cross-validated accuracy %.3f, log loss %.3f "
            "(C %g, temperature %.2f).",
            len(texts), report.accuracy, report.log_loss, report.strength, report.temperature,
        )  # fmt: skip
        self._trained = trained
        storage.save(
            self._storage, self._resource, arrays=trained.arrays(), meta=trained.description()
        )
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Rasa lets later components train on what this one predicts; none of ours does."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets ``sentiment`` on each message."""
        if self._trained is None:
            raise ModelDamaged("TransformerSentimentAnalyzer is used before it was trained")
        for message in messages:
            text = message.get(TEXT)
            found = dict(NEUTRAL) if not text else self._judge(self._trained, text)
            message.set(SENTIMENT, found, add_to_output=True)
        return messages

    def _judge(self, trained: head.SoftmaxHead, text: str) -> dict[str, Any]:
        vector = joined(self._encoder.message(text)[None], self._config["layers"])
        probabilities = trained.probabilities(vector)[0]
        by_label = dict(zip(trained.labels, probabilities.tolist(), strict=True))
        label = max(by_label, key=lambda name: by_label[name])
        return {
            "label": label,
            "score": round(by_label[label], 4),
            "valence": round(by_label["positive"] - by_label["negative"], 4),
        }

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
        arrays, meta = storage.load(
            model_storage, resource, arrays=("weights", "bias"), meta=("labels", "temperature")
        )
        trained = head.SoftmaxHead.restored(arrays, meta, of=resource.name)
        component = cls(config, model_storage, resource, trained=trained)
        width = len(component._config["layers"]) * component._encoder.dimensions
        if trained.weights.shape[1] != width or set(trained.labels) != set(sentiment_data.LABELS):
            raise ModelDamaged(
                f"The trained part '{resource.name}' does not fit its configuration; train again"
            )
        return component
