"""Labels that are likely wrong: the model that never saw the example says otherwise."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from bot.lint.arrays import Labels, Vectors
from bot.lint.confident import Doubt, doubts, out_of_fold
from bot.lint.findings import Finding, warning
from bot.lint.project import Project

CODE = "label-noise"

_FOLDS = 4
_REPEATS = 3
_SEED = 7
# Confident learning finds hard examples too. Reported are those to which the model gives next to
# no chance, of which it is sure itself, and whose nearest neighbours side with it; docs/adr/0009
# has the figures.
_CHANCE = 0.05
_SURE = 0.8
_NEIGHBOURS = 8
_LEAD = 4


class Labelled(Protocol):
    """What can be doubted: an example or a row."""

    @property
    def file(self) -> Path: ...
    @property
    def line(self) -> int: ...
    @property
    def text(self) -> str: ...


def check_intents(
    project: Project, vectors: Vectors, *, thorough: bool = False
) -> Iterator[Finding]:
    """Examples that seem to belong to another intent."""
    examples = project.nlu.examples
    names = [example.intent for example in examples]
    return _check(examples, names, vectors, thorough)


def check_sentiment(
    project: Project, vectors: Vectors, *, thorough: bool = False
) -> Iterator[Finding]:
    """Sentences that seem to sound otherwise than they are labelled."""
    yield from _check(project.rows, [row.label for row in project.rows], vectors, thorough)
    negative = [
        (index, row)
        for index, row in enumerate(project.rows)
        if row.label == "negative" and row.frustrated is not None
    ]
    names = {True: "frustrated", False: "not frustrated"}
    yield from _check(
        [row for _, row in negative],
        [names[bool(row.frustrated)] for _, row in negative],
        vectors[[index for index, _ in negative]],
        thorough,
    )


def _check(
    labelled: Sequence[Labelled], names: Sequence[str], vectors: Vectors, thorough: bool
) -> Iterator[Finding]:
    # A label with fewer examples than folds cannot be held out of each; `intent-few` says so.
    counts = Counter(names)
    kept = [index for index, name in enumerate(names) if counts[name] >= _FOLDS]
    known = sorted({names[index] for index in kept})
    if len(known) < 2:
        return
    numbers = {name: number for number, name in enumerate(known)}
    labels = np.array([numbers[names[index]] for index in kept])
    chosen = vectors[kept]
    probabilities = out_of_fold(chosen, labels, folds=_FOLDS, repeats=_REPEATS, seed=_SEED)
    for doubt in doubts(probabilities, labels):
        if thorough or _is_worth_a_look(doubt, chosen, labels):
            found = labelled[kept[doubt.index]]
            said = (
                f"'{found.text}' is labelled '{known[doubt.given]}' "
                f"({doubt.given_probability:.2f}), and looks like '{known[doubt.suggested]}' "
                f"({doubt.suggested_probability:.2f})"
            )
            yield warning(found.file, found.line, CODE, said, found.text)


def _is_worth_a_look(doubt: Doubt, vectors: Vectors, labels: Labels) -> bool:
    if doubt.given_probability > _CHANCE or doubt.suggested_probability < _SURE:
        return False
    closeness = vectors @ vectors[doubt.index]
    closeness[doubt.index] = -np.inf
    nearest = labels[np.argsort(-closeness, kind="stable")[:_NEIGHBOURS]]
    lead = np.sum(nearest == doubt.suggested) - np.sum(nearest == doubt.given)
    return bool(lead >= _LEAD)
