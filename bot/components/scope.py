"""Is a message about anything the assistant was taught at all?

A softmax has to choose, however strange the message; the distance to what is known does not. Three
distances are looked at: the cosine to the nearest intent's prototype, the mean of its examples
(Snell et al., 2017), in the frozen and in the tuned space, and the free energy of the classifier's
scores (Liu et al., 2020). Where foreign examples were taught, a logistic regression weighs the
distances by how well they tell known from foreign; elsewhere they count alike. The threshold comes
from held-out known messages: so many of them are refused as was asked for, and no more.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

Distances = NDArray[np.float64]
"""One row per text, one column per distance; higher is nearer."""

_SHARPNESS = 12.0
"""How fast trust rises from the threshold to the median of known messages."""

_FARTHEST = -0.6
"""Trust falls no further than here: of messages far away, the ranking still tells what they
were nearest to."""

_FOREIGN_NEEDED = 20
"""With fewer foreign examples the weights would follow chance."""


@dataclass(frozen=True)
class Scope:
    """How near one message is to what was taught.

    Attributes:
        nearest: the intent whose prototype is nearest.
        similarity: cosine to that prototype.
        score: of all distances together; inside means at least ``threshold``.
        trust: 0 to 1, the score on a scale from far outside to well inside.
    """

    nearest: str
    similarity: float
    score: float
    threshold: float
    trust: float

    @property
    def inside(self) -> bool:
        """Whether the message counts as one of those the assistant was made for."""
        return self.score >= self.threshold

    def as_dict(self) -> dict[str, Any]:
        """For the parse result."""
        return {
            "inside": self.inside,
            "nearest": self.nearest,
            "similarity": round(self.similarity, 4),
            "score": round(self.score, 4),
            "threshold": round(self.threshold, 4),
        }


@dataclass(frozen=True)
class ScopeGuard:
    """Weighs distances and compares them with a threshold.

    Attributes:
        centre, spread: of each distance over known messages, to make them comparable.
        weights: of each standardised distance.
        threshold: below it a message belongs to no intent.
        reach: from the threshold to the median of known messages.
    """

    centre: tuple[float, ...]
    spread: tuple[float, ...]
    weights: tuple[float, ...]
    threshold: float
    reach: float

    def scores(self, distances: Distances) -> NDArray[np.float64]:
        """One score per row, higher is more inside."""
        standard = (distances - np.array(self.centre)) / np.array(self.spread)
        found: NDArray[np.float64] = standard @ np.array(self.weights)
        return found

    def trust(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Scores on a scale from 0, far outside, over 1/2, the threshold, to 1."""
        distance = np.clip((scores - self.threshold) / self.reach, _FARTHEST, 3.0)
        found: NDArray[np.float64] = 1.0 / (1.0 + np.exp(-_SHARPNESS * distance))
        return found


def fit(known: Distances, foreign: Distances, *, false_reject: float) -> ScopeGuard:
    """Weights the distances and sets the threshold.

    Args:
        known: of messages that belong to an intent, by parts that had not seen them.
        foreign: of messages that belong to none; may have no rows.
        false_reject: the share of known messages that may be refused, such as 0.02.
    """
    centre, spread = known.mean(axis=0), np.maximum(known.std(axis=0), 1e-6)
    weights = np.full(known.shape[1], 1.0 / known.shape[1])
    if len(foreign) >= _FOREIGN_NEEDED:
        rows = (np.concatenate([known, foreign]) - centre) / spread
        inside = np.repeat([1, 0], [len(known), len(foreign)])
        model = LogisticRegression(class_weight="balanced", C=1.0).fit(rows, inside)
        # A distance that counts against nearness is a quirk of few examples.
        learnt = np.maximum(model.coef_[0], 0.0)
        if learnt.sum() > 0:
            weights = learnt / learnt.sum()
    scores = ((known - centre) / spread) @ weights
    threshold, median = np.quantile(scores, [false_reject, 0.5])
    return ScopeGuard(
        tuple(centre.tolist()),
        tuple(spread.tolist()),
        tuple(weights.tolist()),
        float(threshold),
        float(max(median - threshold, 1e-3)),
    )


def energy(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Negative free energy of scores, one per row: a soft maximum (Liu et al., 2020)."""
    top = logits.max(axis=1, keepdims=True)
    soft: NDArray[np.float64] = (top + np.log(np.exp(logits - top).sum(1, keepdims=True)))[:, 0]
    return soft


def described(guard: ScopeGuard) -> dict[str, Any]:
    """For the archive."""
    return {
        "centre": list(guard.centre),
        "spread": list(guard.spread),
        "weights": list(guard.weights),
        "threshold": guard.threshold,
        "reach": guard.reach,
    }


def restored(meta: dict[str, Any]) -> ScopeGuard:
    """From the archive."""
    return ScopeGuard(
        tuple(map(float, meta["centre"])),
        tuple(map(float, meta["spread"])),
        tuple(map(float, meta["weights"])),
        float(meta["threshold"]),
        float(meta["reach"]),
    )
