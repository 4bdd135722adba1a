"""Names one of several labels for a text; over the shared encoder, and knows nothing of Rasa.

Frozen, it is one logistic regression over the encoder's layers. Tuned, there are two opinions:
cosines to the prototypes that the upper layers were tuned with, and a regression over tuned and
frozen vectors side by side. They err differently: together they erred less than either.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_softmax

from bot.components.calibration import Logs, combine
from bot.components.encoder import Encoded, Vectors, joined
from bot.components.errors import ModelDamaged
from bot.components.head import LinearHead
from bot.components.top import ServedTop

Probabilities = NDArray[np.float64]


@dataclass(frozen=True)
class Prototypes:
    """Where the classes lie in the tuned space.

    Attributes:
        vectors: a unit row per label.
        scale: of the cosines before the softmax.
        foreign: number of the out-of-scope label, if there is one; it has no place of its own.
        elsewhere: cosine that stands for the out-of-scope label.
    """

    vectors: Vectors
    scale: float
    foreign: int | None = None
    elsewhere: float = 0.0

    def logits(self, vectors: Vectors) -> Logs:
        """Scaled cosines, (texts, labels)."""
        cosines = (vectors @ self.vectors.T).astype(np.float64)
        if self.foreign is not None:
            cosines[:, self.foreign] = self.elsewhere
        return self.scale * cosines


@dataclass(frozen=True)
class Looked:
    """Some texts as a classifier sees them.

    Attributes:
        opinions: log-probabilities by each head, (texts, labels) each.
        frozen: unit vectors of the encoder's last layer, (texts, dimensions).
        tuned: unit vectors of the tuned space, if there is one.
    """

    opinions: tuple[Logs, ...]
    frozen: Vectors
    tuned: Vectors | None = None

    @property
    def deciding(self) -> Vectors:
        """The vectors that classes are told apart by."""
        return self.frozen if self.tuned is None else self.tuned


@dataclass(frozen=True)
class TextClassifier:
    """A trained classifier; see `classifier_training`.

    Attributes:
        layers: of the encoder, side by side, that the frozen head reads.
        top, prototypes: the tuned upper layers, or None.
        weights: of the opinions; they hold the temperature.
    """

    labels: tuple[str, ...]
    layers: tuple[int, ...]
    head: LinearHead
    top: ServedTop | None
    prototypes: Prototypes | None
    weights: tuple[float, ...]

    def look(self, encoded: Sequence[Encoded]) -> Looked:
        """Runs the tuned layers and the heads over texts that were encoded."""
        pooled = np.stack([one.pooled for one in encoded])
        tuned = self.top.vectors(encoded) if self.top else None
        features = head_features(pooled, self.layers, tuned)
        opinions = [self.head.log_probabilities(features)]
        if tuned is not None and self.prototypes is not None:
            opinions.insert(0, log_softmax(self.prototypes.logits(tuned), axis=1))
        return Looked(tuple(opinions), pooled[:, -1], tuned)

    def probabilities(self, looked: Looked) -> Probabilities:
        """(texts, labels), each row sums to one."""
        return combine(looked.opinions, self.weights)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What goes into the archive as numbers."""
        found: dict[str, NDArray[Any]] = dict(self.head.arrays())
        if self.top is not None and self.prototypes is not None:
            found["tuned_prototypes"] = self.prototypes.vectors
            found["top_graph"] = np.frombuffer(self.top.graph, dtype=np.uint8)
        return found

    def description(self) -> dict[str, Any]:
        """What goes into the archive as JSON."""
        found: dict[str, Any] = {
            "labels": list(self.labels),
            "layers": list(self.layers),
            "opinion_weights": list(self.weights),
        }
        if self.prototypes is not None:
            found["prototype_scale"] = self.prototypes.scale
            found["foreign"] = self.prototypes.foreign
            found["elsewhere"] = self.prototypes.elsewhere
        return found

    @classmethod
    def restored(
        cls,
        arrays: Mapping[str, NDArray[Any]],
        meta: Mapping[str, Any],
        *,
        dimensions: int,
        threads: int,
        of: str,
    ) -> "TextClassifier":
        """A classifier from the archive.

        Raises:
            ModelDamaged: parts do not fit each other or the encoder.
        """
        labels = tuple(str(label) for label in meta["labels"])
        layers = tuple(int(layer) for layer in meta["layers"])
        head = LinearHead.restored(arrays, labels, of=of)
        top = prototypes = None
        width = len(layers) * dimensions
        if "top_graph" in arrays:
            vectors = arrays["tuned_prototypes"]
            if vectors.shape != (len(labels), dimensions):
                raise ModelDamaged(f"The tuned part of '{of}' does not fit its labels; train again")
            top = _opened(arrays["top_graph"].tobytes(), threads, of)
            prototypes = Prototypes(
                vectors, float(meta["prototype_scale"]), meta["foreign"], float(meta["elsewhere"])
            )
            width = 2 * dimensions
        if head.weights.shape[1] != width:
            raise ModelDamaged(
                f"The trained part '{of}' does not fit the encoder and its layers; train again"
            )
        weights = tuple(float(weight) for weight in meta["opinion_weights"])
        return cls(labels, layers, head, top, prototypes, weights)


def head_features(pooled: Vectors, layers: Sequence[int], tuned: Vectors | None) -> Vectors:
    """What the regression reads, (texts, features): layers, or tuned and last side by side."""
    if tuned is None:
        return joined(pooled, layers)
    both: Vectors = np.concatenate([tuned, pooled[:, -1]], axis=1)
    return both


def _opened(graph: bytes, threads: int, of: str) -> ServedTop:
    try:
        return ServedTop(graph, threads=threads)
    except Exception as error:
        # ONNX Runtime raises classes of its own for each way in which a graph can be broken.
        raise ModelDamaged(f"The tuned layers of '{of}' cannot be read; train again") from error
