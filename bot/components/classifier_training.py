"""Trains a `TextClassifier`, frozen or tuned, and shows what it said of examples it had not seen.

Tuning takes two rounds. In the first a part of the examples is held out: it stops the training in
time, weighs the opinions and sets the temperature, since only examples that were not seen say how
sure a model may be. The second learns from all of them: few examples are too dear to lose a fifth
of, so it starts anew and takes as many epochs as were best; of many a twentieth is enough to hold
out, and one slow epoch over everything brings it in.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_softmax

from bot.components import head
from bot.components.calibration import combine, expected_calibration_error, fit_weights
from bot.components.classifier import Looked, Prototypes, TextClassifier, head_features
from bot.components.encoder import Encoded, Vectors
from bot.components.prototypes import mean_vectors
from bot.components.sessions import training_threads
from bot.components.top import ServedTop, export_top
from bot.components.tuning_settings import MANY, TuningSettings

_ELSEWHERE = 0.4
"""Cosine at which what belongs nowhere starts."""

_TWENTIETH = 20
_CLOSING_RATE = 0.2
"""Learning rate of the closing epoch, as a part of the first round's."""


@dataclass(frozen=True)
class Task:
    """What is to be learnt.

    Attributes:
        encoded: the examples.
        targets: the number of each example's label.
        anchors: examples that are never held out, such as the labels' own names.
        foreign: number of the out-of-scope label, if it is taught.
        name: for the progress bar: "intents".
    """

    name: str
    labels: tuple[str, ...]
    encoded: Sequence[Encoded]
    targets: NDArray[np.int64]
    anchors: NDArray[np.bool_]
    foreign: int | None = None


@dataclass(frozen=True)
class ClassifierSettings:
    """How a classifier is trained.

    Attributes:
        model: the encoder whose upper layers are tuned.
        layers: of the encoder, for the frozen head.
        strengths: values of C, inverse of the L2 penalty, to choose from.
        folds: parts that examples are held out in; tuning uses the first only.
        tuning: None leaves the encoder as it is.
    """

    model: str
    layers: tuple[int, ...]
    strengths: tuple[float, ...]
    folds: int
    seed: int
    tuning: TuningSettings | None


@dataclass(frozen=True)
class HeldOut:
    """What parts said of examples that they had not seen.

    Attributes:
        numbers: of the examples.
        looked: those examples, rows in the order of ``numbers``.
        prototypes: of the tuned space, as the held-out part knew them.
        folds: which fold held each one out.
    """

    numbers: NDArray[np.int64]
    looked: Looked
    prototypes: Prototypes | None
    folds: NDArray[np.int64]


@dataclass(frozen=True)
class Report:
    """Measured on held-out examples only."""

    accuracy: float
    ece: float
    examples: int
    epochs: int
    strength: float


def train(task: Task, settings: ClassifierSettings) -> tuple[TextClassifier, HeldOut, Report]:
    """A classifier, what it said of held-out examples, and how good that was."""
    many = len(task.targets) >= MANY
    parts = _TWENTIETH if many and settings.tuning else settings.folds
    # Of many examples one part is enough to judge by, and each regression takes long.
    used = 1 if settings.tuning or many else None
    folds = head.fold_numbers(task.targets, parts, settings.seed, used=used)
    folds[task.anchors] = -1
    if settings.tuning is None:
        classifier, held_out, strength = _frozen(task, settings, folds)
        epochs = 0
    else:
        classifier, held_out, strength, epochs = _tuned(task, settings, settings.tuning, folds)
    targets = task.targets[held_out.numbers]
    weights = fit_weights(held_out.looked.opinions, targets)
    classifier = replace(classifier, weights=weights)
    probabilities = combine(held_out.looked.opinions, weights)
    right = probabilities.argmax(1) == targets
    accuracy = float(right.mean()) if len(right) else 0.0
    ece = expected_calibration_error(probabilities.max(1), right) if len(right) else 0.0
    return classifier, held_out, Report(accuracy, ece, len(right), epochs, strength)


def _frozen(
    task: Task, settings: ClassifierSettings, folds: NDArray[np.int64]
) -> tuple[TextClassifier, HeldOut, float]:
    pooled = np.stack([one.pooled for one in task.encoded])
    fitted = head.fit(
        head_features(pooled, settings.layers, None),
        task.targets,
        task.labels,
        folds,
        head.HeadSettings(settings.strengths),
        progress=f"Learning {task.name}",
    )
    numbers = np.flatnonzero(folds >= 0)
    looked = Looked((fitted.unseen[numbers],), pooled[numbers, -1])
    classifier = TextClassifier(task.labels, settings.layers, fitted.head, None, None, (1.0,))
    return classifier, HeldOut(numbers, looked, None, folds[numbers]), fitted.strength


def _tuned(
    task: Task, settings: ClassifierSettings, tuning: TuningSettings, folds: NDArray[np.int64]
) -> tuple[TextClassifier, HeldOut, float, int]:
    # Only training imports torch; a server that loads this module's sisters does without.
    from bot.components.pretrained import Pretrained
    from bot.components.tuning import Examples, tune, vectors_of

    pooled = np.stack([one.pooled for one in task.encoded])
    examples = Examples([one.states for one in task.encoded], task.targets)
    tuning = replace(
        tuning, seed=settings.seed, threads=tuning.threads or training_threads()
    ).fitting(len(task.targets))
    top = Pretrained.load(settings.model).top(tuning.dropout or 0.0)

    def means(chosen: NDArray[np.int64]) -> Prototypes:
        own = mean_vectors(pooled[chosen, -1], task.targets[chosen], len(task.labels))
        return Prototypes(own, tuning.scale, task.foreign, _ELSEWHERE)

    def heads(tuned: Vectors, chosen: NDArray[np.int64]) -> head.FittedHead:
        return head.fit(
            head_features(pooled[chosen], settings.layers, tuned),
            task.targets[chosen],
            task.labels,
            np.full(len(chosen), -1),
            head.HeadSettings((settings.strengths[0],)),
            progress=f"Learning {task.name}",
        )

    held, seen = np.flatnonzero(folds >= 0), np.flatnonzero(folds < 0)
    every = np.arange(len(task.targets))
    first = tune(
        top, means(seen), examples.only(seen), tuning,
        held_out=examples.only(held), progress=f"Tuning {task.name}, 1 of 2",
    )  # fmt: skip
    held_vectors = vectors_of(first.top, examples.only(held).states)
    first_head = heads(vectors_of(first.top, examples.only(seen).states), seen).head
    held_out = HeldOut(
        held,
        Looked(
            (
                log_softmax(first.prototypes.logits(held_vectors), axis=1),
                first_head.log_probabilities(
                    head_features(pooled[held], settings.layers, held_vectors)
                ),
            ),
            pooled[held, -1],
            held_vectors,
        ),
        first.prototypes,
        folds[held],
    )
    if len(every) < MANY:
        start, rest = (top, means(every)), replace(tuning, epochs=first.epochs)
    else:
        start = (first.top, first.prototypes)
        rest = replace(tuning, epochs=1, learning_rate=_CLOSING_RATE * tuning.peak)
    final = tune(*start, examples, rest, progress=f"Tuning {task.name}, 2 of 2")
    served = ServedTop(export_top(final.top, task.encoded[0].states))
    fitted = heads(served.vectors(task.encoded, threads=tuning.threads), every)
    classifier = TextClassifier(
        task.labels, settings.layers, fitted.head, served, final.prototypes, (0.5, 0.5)
    )
    return classifier, held_out, fitted.strength, first.epochs
