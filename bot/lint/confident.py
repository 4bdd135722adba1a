"""Which labels are likely wrong: confident learning, after Northcutt, Jiang & Chuang (2021).

Confident Learning: Estimating Uncertainty in Dataset Labels, JAIR 70. Written from the paper; the
names follow it. docs/adr/0009 says why there is no library for it here.
"""

from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from bot.lint.arrays import Floats, Labels

_STRENGTH = 10.0
_STEPS = 200
_TOLERANCE = 0.01


@dataclass(frozen=True)
class Doubt:
    """An example whose given label is doubted; probabilities are of a model that never saw it."""

    index: int
    given: int
    suggested: int
    given_probability: float
    suggested_probability: float


def out_of_fold(vectors: Floats, labels: Labels, *, folds: int, repeats: int, seed: int) -> Floats:
    """P(label | vector), shape (examples, labels), each by models trained on the other folds.

    The mean over several partitions: one alone depends on which examples happen to be apart.
    Labels are 0 … n-1, each with at least ``folds`` examples.
    """
    total = np.zeros((len(labels), int(labels.max()) + 1))
    for repeat in range(repeats):
        split = StratifiedKFold(folds, shuffle=True, random_state=seed + repeat)
        for learnt, held_out in split.split(vectors, labels):
            model = LogisticRegression(C=_STRENGTH, max_iter=_STEPS, tol=_TOLERANCE)
            model.fit(vectors[learnt], labels[learnt])
            total[held_out] += model.predict_proba(vectors[held_out])
    return total / repeats


def doubts(probabilities: Floats, labels: Labels) -> list[Doubt]:
    """The examples that both ways of pruning in the paper choose, most doubtful first.

    Prune by class takes the examples of a class of which the model is least sure; prune by noise
    rate takes, for each pair of labels, those with the widest margin. Each takes as many as the
    joint distribution of given and true labels says are wrong.
    """
    joint = _joint_counts(probabilities, labels)
    rows = np.arange(len(labels))
    own = probabilities[rows, labels]
    by_class: set[int] = set()
    by_noise_rate: set[int] = set()
    for given in range(len(joint)):
        members = np.flatnonzero(labels == given)
        wrong = len(members) - round(joint[given, given])
        by_class.update(members[np.argsort(own[members], kind="stable")][:wrong].tolist())
        for true in np.flatnonzero(np.rint(joint[given]) > 0):
            if true != given:
                margins = probabilities[members, true] - own[members]
                widest = np.argsort(-margins, kind="stable")[: round(joint[given, true])]
                by_noise_rate.update(members[widest].tolist())
    best = probabilities.argmax(axis=1)
    found = [
        Doubt(
            index,
            int(labels[index]),
            int(best[index]),
            float(own[index]),
            float(probabilities[index, best[index]]),
        )
        for index in by_class & by_noise_rate
        if best[index] != labels[index]
    ]
    return sorted(found, key=lambda doubt: doubt.given_probability - doubt.suggested_probability)


def _joint_counts(probabilities: Floats, labels: Labels) -> Floats:
    """How many examples have each given (row) and true (column) label, calibrated to the rows.

    An example counts for the likeliest label among those whose own average self-confidence it
    reaches (the confident joint); one that reaches none does not count.
    """
    count = probabilities.shape[1]
    thresholds = np.array([probabilities[labels == label, label].mean() for label in range(count)])
    confident = np.where(probabilities >= thresholds, probabilities, -1.0)
    reached = confident.max(axis=1) >= 0
    joint = np.zeros((count, count))
    np.add.at(joint, (labels[reached], confident.argmax(axis=1)[reached]), 1)
    # A class none of whose examples reaches a threshold is taken as labelled rightly.
    empty = joint.sum(axis=1) == 0
    joint[empty, empty] = 1
    given = np.bincount(labels, minlength=count)
    return joint / joint.sum(axis=1, keepdims=True) * given[:, None]
