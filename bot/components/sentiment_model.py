"""A classifier of tones: pleased, matter-of-fact, displeased, or out of patience."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.components import classifier_training
from bot.components.classifier import Looked, TextClassifier
from bot.components.classifier_training import ClassifierSettings, Report, Task
from bot.components.encoder import SentenceEncoder
from bot.components.sentiment_data import LABELS, Sentence

FRUSTRATED = "frustrated"
"""A fourth tone beside the labels: negative, by somebody who loses patience."""


@dataclass(frozen=True)
class SentimentReading:
    """How one message sounds.

    Attributes:
        label: negative, neutral or positive.
        score: calibrated probability of the label.
        valence: P(positive) - P(negative), in [-1, 1].
        frustrated: calibrated probability that the customer is losing patience.
    """

    label: str
    score: float
    valence: float
    frustrated: float

    def as_dict(self) -> dict[str, Any]:
        """For the parse result."""
        return {
            "label": self.label,
            "score": round(self.score, 4),
            "valence": round(self.valence, 4),
            "frustrated": round(self.frustrated, 4),
        }


@dataclass(frozen=True)
class SentimentModel:
    """The trained classifier over a shared encoder, and how its tones make up a reading."""

    classifier: TextClassifier

    def read(self, encoder: SentenceEncoder, text: str) -> SentimentReading:
        """The tone of a message."""
        return self.readings(self.classifier.look([encoder.message(text)]))[0]

    def readings(self, looked: Looked) -> list[SentimentReading]:
        """One reading per text that was looked at."""
        tones = self.classifier.labels
        readings = []
        for row in self.classifier.probabilities(looked):
            by_tone = dict(zip(tones, row.tolist(), strict=True))
            frustrated = by_tone.pop(FRUSTRATED, 0.0)
            by_tone["negative"] += frustrated
            label = max(LABELS, key=lambda name: by_tone[name])
            valence = by_tone["positive"] - by_tone["negative"]
            readings.append(SentimentReading(label, by_tone[label], valence, frustrated))
        return readings


def train(
    encoder: SentenceEncoder, sentences: Sequence[Sentence], settings: ClassifierSettings
) -> tuple[SentimentModel, Report]:
    """Learns the tones of labelled sentences, which hold all three labels."""
    tones = [FRUSTRATED if one.frustrated else one.label for one in sentences]
    names = tuple(sorted(set(tones)))
    targets = np.array([names.index(tone) for tone in tones])
    encoded = encoder.everything(
        [one.text for one in sentences], progress="Reading sentiment examples"
    )
    anchors: NDArray[np.bool_] = np.zeros(len(targets), dtype=bool)
    task = Task("sentiment", names, encoded, targets, anchors)
    classifier, _, report = classifier_training.train(task, settings)
    return SentimentModel(classifier), report


def restored(
    arrays: Mapping[str, NDArray[Any]], meta: Mapping[str, Any], encoder: SentenceEncoder, of: str
) -> SentimentModel:
    """A model from the archive.

    Raises:
        ModelDamaged: parts do not fit each other or the encoder.
    """
    return SentimentModel(
        TextClassifier.restored(
            arrays, meta, dimensions=encoder.dimensions, threads=encoder.spec.threads, of=of
        )
    )
