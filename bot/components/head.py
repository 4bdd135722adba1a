"""A multinomial logistic regression over sentence vectors, judged on what it was not trained on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_softmax
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits
from tqdm import tqdm

from bot.components.calibration import log_loss
from bot.components.encoder import Vectors
from bot.components.errors import ModelDamaged

Logits = NDArray[np.float64]


@dataclass(frozen=True)
class HeadSettings:
    """How a head is trained.

    Attributes:
        strengths: values of C to choose from (inverse of the L2 penalty).
        max_iterations: of the solver.
    """

    strengths: tuple[float, ...] = (3.0, 10.0, 30.0)
    max_iterations: int = 200


@dataclass(frozen=True)
class LinearHead:
    """``log_softmax(x W' + b)`` over named labels; calibrated elsewhere."""

    labels: tuple[str, ...]
    weights: Vectors
    bias: Vectors

    def log_probabilities(self, vectors: Vectors) -> Logits:
        """One row per vector, one column per label."""
        rows: Logits = log_softmax((vectors @ self.weights.T + self.bias).astype(np.float64), 1)
        return rows

    def arrays(self) -> dict[str, Vectors]:
        """What goes into the archive as numbers; the labels are the rest."""
        return {"weights": self.weights, "bias": self.bias}

    @classmethod
    def restored(
        cls, arrays: Mapping[str, Vectors], labels: Sequence[str], *, of: str
    ) -> "LinearHead":
        """A head from the archive.

        Raises:
            ModelDamaged: the shapes do not fit the labels.
        """
        weights, bias = arrays["weights"], arrays["bias"]
        if weights.ndim != 2 or len(weights) != len(labels) or bias.shape != (len(labels),):
            raise ModelDamaged(f"The trained part '{of}' does not fit its labels; train again")
        return cls(tuple(labels), weights, bias)


@dataclass(frozen=True)
class FittedHead:
    """A head with what it said of the examples while they were held out.

    Attributes:
        strength: the chosen C.
        unseen: log-probabilities by heads that had not seen the example, (examples, labels); rows
            of examples that were never held out are zero.
    """

    head: LinearHead
    strength: float
    unseen: Logits


def fit(
    vectors: Vectors,
    targets: NDArray[np.int64],
    labels: Sequence[str],
    folds: NDArray[np.int64],
    settings: HeadSettings,
    *,
    progress: str,
) -> FittedHead:
    """Chooses C by held-out accuracy, then fits on everything.

    Args:
        vectors: one row per example.
        targets: the number of each example's label; every label has an example.
        folds: which fold holds each example out, as `fold_numbers` gives it; -1 for never.
    """
    held_out = [number for number in np.unique(folds) if number >= 0]
    tested = folds >= 0
    best: tuple[tuple[float, float], float, Logits] | None = None
    total = len(settings.strengths) * len(held_out) + 1
    with tqdm(total=total, desc=progress, unit=" fits") as bar:
        for strength in settings.strengths:
            unseen = np.zeros((len(targets), len(labels)))
            for number in held_out:
                held = folds == number
                head = _regression(vectors[~held], targets[~held], labels, strength, settings)
                unseen[held] = head.log_probabilities(vectors[held])
                bar.update()
            accuracy = (
                float((unseen[tested].argmax(1) == targets[tested]).mean()) if held_out else 0
            )
            # Accuracy decides; between equals the more honest probabilities.
            score = (accuracy, -log_loss(unseen[tested], targets[tested]) if held_out else 0.0)
            if best is None or score > best[0]:
                best = (score, strength, unseen)
        if best is None:
            raise ValueError("HeadSettings.strengths is empty")
        head = _regression(vectors, targets, labels, best[1], settings)
        bar.update()
    return FittedHead(head, best[1], best[2])


def fold_numbers(
    targets: NDArray[np.int64], folds: int, seed: int, *, used: int | None = None
) -> NDArray[np.int64]:
    """Which fold holds each example out; -1 for none.

    Every class is spread evenly over the folds. The only example of a class is always trained on:
    held out, its class would be unknown to the fold.

    Args:
        used: only so many of the folds hold anything out, where each is dear and large enough.
    """
    generator = np.random.default_rng(seed)
    numbers = np.full(len(targets), -1, dtype=np.int64)
    for target in np.unique(targets):
        members = generator.permutation(np.flatnonzero(targets == target))
        if len(members) > 1:
            numbers[members] = (np.arange(len(members)) + generator.integers(folds)) % folds
    if used is not None:
        numbers[numbers >= used] = -1
    return numbers


def _regression(
    vectors: Vectors,
    targets: NDArray[np.int64],
    labels: Sequence[str],
    strength: float,
    settings: HeadSettings,
) -> LinearHead:
    model = LogisticRegression(C=strength, max_iter=settings.max_iterations, solver="lbfgs")
    # Products this small mostly wait for each other on two threads, minutes on a busy machine.
    with threadpool_limits(1):
        model.fit(vectors, targets)
    weights, bias = model.coef_, model.intercept_
    if len(model.classes_) == 2:
        # Two classes are stored as one row by scikit-learn: sigmoid(z) is softmax((0, z)).
        weights = np.vstack([np.zeros_like(weights), weights])
        bias = np.concatenate([[0.0], bias])
    return LinearHead(tuple(labels), weights.astype(np.float32), bias.astype(np.float32))
