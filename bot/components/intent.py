"""What the customer wants."""

import logging
from collections import Counter
from collections.abc import Mapping
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components import fingerprints, intent_model, storage
from bot.components.classifier_training import ClassifierSettings
from bot.components.encoder import EncoderSpec, SentenceEncoder, load_encoder
from bot.components.errors import ModelDamaged, TrainingDataUnusable
from bot.components.locate import PACKAGED
from bot.components.tuning_settings import TuningSettings

logger = logging.getLogger(__name__)

SCOPE = "scope"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TransformerIntentClassifier(IntentClassifier, GraphComponent):
    """A transformer, frozen or tuned on the examples, with honest confidence and a known reach.

    The confidence is P(in scope) · P(intent | in scope), so that the `FallbackClassifier` behind
    it sees one number. The out-of-scope intent, taught by examples, is not discounted.
    """

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        *,
        trained: intent_model.IntentModel | None = None,
    ) -> None:
        self._config = {**self.get_default_config(), **config}
        self._storage = model_storage
        self._resource = resource
        self.encoder: SentenceEncoder = load_encoder(encoder_spec(self._config))
        self._trained = trained

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Every option, each with the value used when config.yml says nothing.

        ``tune`` tunes the upper layers of the encoder on the examples, with the options of
        ``tuning`` (see `TuningSettings`); without it the encoder stays as it is.
        """
        return {
            "model": PACKAGED,
            "max_tokens": 128,
            "threads": 1,
            "tune": False,
            "tuning": {},
            "layers": [3, 6],
            "strengths": [10.0, 3.0, 30.0],
            "folds": 5,
            "seed": 7,
            "false_reject": 0.02,
            "out_of_scope_intent": "out_of_scope",
            "ranking_length": 10,
        }

    @staticmethod
    def required_packages() -> list[str]:
        """Checked by Rasa before training."""
        return ["torch", "transformers", "onnx", "onnxruntime", "sklearn", "safetensors"]

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Trains again when the encoder's weights or our code changed."""
        return fingerprints.of_sources() + fingerprints.of_encoder(config.get("model", PACKAGED))

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "TransformerIntentClassifier":
        """A classifier that is yet to be trained."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Trains on the intent examples and writes the result into the archive.

        Raises:
            TrainingDataUnusable: there are fewer than two intents.
        """
        examples = [
            (example.get(TEXT), example.get(INTENT))
            for example in training_data.intent_examples
            if example.get(TEXT) and example.get(INTENT)
        ]
        counts = Counter(intent for _, intent in examples)
        if len(counts) < 2:
            raise TrainingDataUnusable(
                f"The NLU data has examples of {len(counts)} intents; at least two are needed"
            )
        for intent, count in counts.items():
            if count == 1:
                logger.warning("The intent '%s' has a single example: it is hardly learnt.", intent)
        trained, report = intent_model.train(
            self.encoder,
            [text for text, _ in examples],
            [intent for _, intent in examples],
            classifier_settings(self._config),
            foreign=str(self._config["out_of_scope_intent"]),
            false_reject=float(self._config["false_reject"]),
        )
        logger.info(
            "Intents: %d examples of %d, %s; held-out accuracy %.3f, calibration error %.3f "
            "(%d examples; C %g); scope threshold %.3f.",
            len(examples), len(counts),
            f"tuned for {report.epochs} epochs" if report.epochs else "encoder frozen",
            report.accuracy, report.ece, report.examples, report.strength, trained.guard.threshold,
        )  # fmt: skip
        self._trained = trained
        storage.save(
            self._storage, self._resource, arrays=trained.arrays(), meta=trained.description()
        )
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Rasa lets later components train on what this one predicts; none of ours does."""
        return training_data

    @property
    def trained(self) -> intent_model.IntentModel:
        """The trained model.

        Raises:
            ModelDamaged: it was not trained.
        """
        if self._trained is None:
            raise ModelDamaged("TransformerIntentClassifier is used before it was trained")
        return self._trained

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets ``intent``, ``intent_ranking`` and ``scope`` on each message."""
        trained = self.trained
        for message in messages:
            text = message.get(TEXT)
            if not text:
                message.set(INTENT, {"name": None, "confidence": 0.0}, add_to_output=True)
                message.set(INTENT_RANKING_KEY, [], add_to_output=True)
                continue
            reading = trained.read(self.encoder, text)
            ranking = [
                {"name": label, "confidence": round(confidence, 6)}
                for label, confidence in reading.ranking[: self._config["ranking_length"]]
            ]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
            message.set(SCOPE, reading.scope.as_dict(), add_to_output=True)
        return messages

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "TransformerIntentClassifier":
        """The classifier as it was trained.

        Raises:
            ModelDamaged: the archive lacks it or part of it.
        """
        arrays, meta = storage.load(
            model_storage,
            resource,
            arrays=("weights", "bias", "prototypes", "memory_vectors", "memory_targets"),
            meta=("labels", "layers", "opinion_weights", "foreign", "guard", "memory_texts"),
        )
        component = cls(config, model_storage, resource)
        component._trained = intent_model.IntentModel.restored(
            arrays,
            meta,
            dimensions=component.encoder.dimensions,
            threads=component.encoder.spec.threads,
            of=resource.name,
        )
        return component


def encoder_spec(config: Mapping[str, Any]) -> EncoderSpec:
    """The part of a component's configuration that says which encoder it shares."""
    return EncoderSpec(
        model=str(config.get("model") or PACKAGED),
        max_tokens=int(config.get("max_tokens", 128)),
        threads=int(config.get("threads", 1)),
    )


def classifier_settings(config: Mapping[str, Any]) -> ClassifierSettings:
    """The part of a component's configuration that says how its classifier is trained."""
    return ClassifierSettings(
        model=str(config.get("model") or PACKAGED),
        layers=tuple(int(layer) for layer in config["layers"]),
        strengths=tuple(float(strength) for strength in config["strengths"]),
        folds=int(config["folds"]),
        seed=int(config["seed"]),
        tuning=TuningSettings.read(config["tuning"] or {}) if config["tune"] else None,
    )
