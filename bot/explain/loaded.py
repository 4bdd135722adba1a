"""The components that explain, found where they were loaded."""

import tarfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.core.processor import MessageProcessor
from rasa.shared.exceptions import RasaException

from bot.components.intent import TransformerIntentClassifier
from bot.components.sentiment import TransformerSentimentAnalyzer
from bot.explain.occlusion import explain

_DAMAGED = (RasaException, tarfile.TarError, EOFError, zlib.error, OSError, ValueError, KeyError)


class NotExplainable(Exception):
    """The message is one line for the person who asked."""


@dataclass(frozen=True)
class Explainer:
    """The two readers of a loaded model."""

    intents: TransformerIntentClassifier
    sentiment: TransformerSentimentAnalyzer

    @classmethod
    def of(cls, processor: MessageProcessor) -> "Explainer":
        """Those of a processor; nothing is loaded a second time.

        Raises:
            NotExplainable: the pipeline has others.
        """
        # Rasa hands out what a graph says and not what it is made of.
        nodes = processor.graph_runner._instantiated_nodes.values()
        loaded = [node._component for node in nodes]
        return cls(
            _first(loaded, TransformerIntentClassifier),
            _first(loaded, TransformerSentimentAnalyzer),
        )

    @classmethod
    def load(cls, model: Path) -> "Explainer":
        """Those of an archive.

        Raises:
            NotExplainable: it cannot be used.
        """
        if not model.is_file():
            raise NotExplainable(f"there is no model {model}: run `kefu train`")
        try:
            processor = Agent.load(model).processor
        except _DAMAGED as error:
            said = str(error).strip().splitlines() or [type(error).__name__]
            raise NotExplainable(f"{model} cannot be used: {said[0]}") from error
        return cls.of(processor)

    def explain(self, text: str) -> dict[str, Any]:
        """See `bot.explain.occlusion.explain`."""
        return explain(text, self.intents, self.sentiment)


def _first(components: list[Any], kind: type[Any]) -> Any:
    for component in components:
        if isinstance(component, kind):
            return component
    raise NotExplainable(f"the model's pipeline has no {kind.__name__}")
