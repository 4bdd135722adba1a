"""Honest probabilities: what several heads say, weighed on examples that none had seen.

``softmax(a · log p_tuned + b · log p_frozen)`` with the weights that lose least on held-out parts.
With a single head that is temperature scaling (Guo et al., 2017), b being 1 / T.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax

Logs = NDArray[np.float64]

_BOUNDS = (0.0, 10.0)
_LEAST = 20
"""With fewer held-out examples the weights would follow chance: they stay equal."""


def fit_weights(heads: Sequence[Logs], targets: NDArray[np.int64]) -> tuple[float, ...]:
    """A weight per head.

    Args:
        heads: log-probabilities of held-out examples, (examples, labels) each.
        targets: the right labels' numbers.
    """
    equal = np.full(len(heads), 1.0 / len(heads))
    if len(targets) < _LEAST:
        return tuple(equal.tolist())
    stacked = np.stack(heads)

    def loss(weights: NDArray[np.float64]) -> float:
        return log_loss(log_softmax(np.tensordot(weights, stacked, 1), axis=1), targets)

    found = minimize(loss, equal, bounds=[_BOUNDS] * len(heads), method="L-BFGS-B")
    return tuple(float(weight) for weight in found.x)


def combine(heads: Sequence[Logs], weights: Sequence[float]) -> Logs:
    """Probabilities, (examples, labels)."""
    total = sum(weight * logs for weight, logs in zip(weights, heads, strict=True))
    probabilities: Logs = softmax(total, axis=1)
    return probabilities


def log_loss(logs: Logs, targets: NDArray[np.int64]) -> float:
    """Mean negative log-probability of the right label; infinite for no example."""
    if not len(targets):
        return float("inf")
    return float(-logs[np.arange(len(targets)), targets].mean())


def expected_calibration_error(
    confidences: NDArray[np.float64], right: NDArray[np.bool_], bins: int = 15
) -> float:
    """Mean distance of confidence and accuracy over equal-width bins, weighed by their size."""
    if not len(confidences):
        return 0.0
    place = np.minimum((confidences * bins).astype(int), bins - 1)
    total = 0.0
    for number in range(bins):
        inside = place == number
        if inside.any():
            total += inside.mean() * abs(confidences[inside].mean() - right[inside].mean())
    return float(total)
