"""A calibrated multinomial logistic regression over sentence vectors."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax
from sklearn.linear_model import LogisticRegression
from tqdm import tqdm

from bot.components.encoder import Vectors
from bot.components.errors import ModelDamaged

Logits = NDArray[np.float32]


@dataclass(frozen=True)
class HeadSettings:
    """How a head is trained.

    Attributes:
        strengths: values of C to choose from (inverse of the L2 penalty).
        folds: parts for cross-validation, which picks C and the temperature.
        seed: of the split; the fit itself is deterministic.
    """

    strengths: tuple[float, ...] = (3.0, 10.0, 30.0)
    folds: int = 4
    seed: int = 7
    max_iterations: int = 300


@dataclass(frozen=True)
class HeadReport:
    """What cross-validation found; every number is on examples that were not trained on."""

    strength: float
    temperature: float
    accuracy: float
    log_loss: float


@dataclass(frozen=True)
class SoftmaxHead:
    """``softmax((x W' + b) / T)`` over named labels.

    T is the temperature that makes the probabilities honest on held-out parts (Guo et al., 2017):
    regularised regression is under-confident where classes are many and examples few.
    """

    labels: tuple[str, ...]
    weights: Vectors
    bias: Vectors
    temperature: float

    def probabilities(self, vectors: Vectors) -> NDArray[np.float64]:
        """One row per vector, one column per label."""
        logits = vectors @ self.weights.T + self.bias
        rows: NDArray[np.float64] = softmax(logits.astype(np.float64) / self.temperature, axis=1)
        return rows

    def arrays(self) -> dict[str, Vectors]:
        """What goes into the archive as numbers; `description` is the rest."""
        return {"weights": self.weights, "bias": self.bias}

    def description(self) -> dict[str, Any]:
        """What goes into the archive as JSON."""
        return {"labels": list(self.labels), "temperature": self.temperature}

    @classmethod
    def restored(
        cls, arrays: dict[str, Vectors], meta: dict[str, Any], *, of: str
    ) -> "SoftmaxHead":
        """A head from the archive.

        Raises:
            ModelDamaged: the shapes do not fit the labels.
        """
        weights, bias, labels = arrays["weights"], arrays["bias"], tuple(meta["labels"])
        if weights.ndim != 2 or len(weights) != len(labels) or bias.shape != (len(labels),):
            raise ModelDamaged(f"The trained part '{of}' does not fit its labels; train again")
        return cls(labels, weights, bias, float(meta["temperature"]))


def fit(
    vectors: Vectors, labels: Sequence[str], settings: HeadSettings, *, progress: str
) -> tuple[SoftmaxHead, HeadReport]:
    """Chooses C and the temperature by cross-validation, then fits on everything.

    Args:
        vectors: one row per example.
        labels: at least two different ones.
    """
    names = sorted(set(labels))
    targets = np.array([names.index(label) for label in labels])
    folds = fold_numbers(targets, settings.folds, settings.seed)
    tested = folds >= 0
    report: HeadReport | None = None
    with tqdm(total=len(settings.strengths) * settings.folds, desc=progress, unit=" fits") as bar:
        for strength in settings.strengths:
            logits = np.zeros((len(targets), len(names)), dtype=np.float32)
            for fold in range(settings.folds):
                held = folds == fold
                if held.any():
                    weights, bias = _regression(vectors[~held], targets[~held], strength, settings)
                    logits[held] = vectors[held] @ weights.T + bias
                bar.update()
            found = _judge(strength, logits[tested], targets[tested])
            # Accuracy decides; between equals the more honest probabilities.
            if report is None or (found.accuracy, -found.log_loss) > (
                report.accuracy,
                -report.log_loss,
            ):
                report = found
    if report is None:
        raise ValueError("HeadSettings.strengths is empty")
    weights, bias = _regression(vectors, targets, report.strength, settings)
    return SoftmaxHead(tuple(names), weights, bias, report.temperature), report


def fold_numbers(targets: NDArray[np.int64], folds: int, seed: int) -> NDArray[np.int64]:
    """Which fold holds each example out; -1 for the only example of its class.

    Every class is spread evenly over the folds. A single example is always trained on: held out,
    its class would be unknown to the fold.
    """
    generator = np.random.default_rng(seed)
    numbers = np.full(len(targets), -1, dtype=np.int64)
    for target in np.unique(targets):
        members = generator.permutation(np.flatnonzero(targets == target))
        if len(members) > 1:
            numbers[members] = (np.arange(len(members)) + generator.integers(folds)) % folds
    return numbers


def _judge(strength: float, logits: Logits, targets: NDArray[np.int64]) -> HeadReport:
    if not len(targets):
        return HeadReport(strength, 1.0, 0.0, float("inf"))
    rows = np.arange(len(targets))

    def loss(log_temperature: float) -> float:
        scaled = log_softmax(logits.astype(np.float64) / np.exp(log_temperature), axis=1)
        return float(-scaled[rows, targets].mean())

    best = minimize_scalar(loss, bounds=(np.log(0.2), np.log(5.0)), method="bounded")
    accuracy = float((logits.argmax(axis=1) == targets).mean())
    return HeadReport(strength, float(np.exp(best.x)), accuracy, float(best.fun))


def _regression(
    vectors: Vectors, targets: NDArray[np.int64], strength: float, settings: HeadSettings
) -> tuple[Vectors, Vectors]:
    model = LogisticRegression(C=strength, max_iter=settings.max_iterations, solver="lbfgs")
    model.fit(vectors, targets)
    weights, bias = model.coef_, model.intercept_
    if len(model.classes_) == 2:
        # Two classes are stored as one row by scikit-learn: sigmoid(z) is softmax((0, z)).
        weights = np.vstack([np.zeros_like(weights), weights])
        bias = np.concatenate([[0.0], bias])
    return weights.astype(np.float32), bias.astype(np.float32)
