"""Parts for cross-validation, so that nothing is tested on what was trained."""

from collections.abc import Sequence

import numpy as np

from bot.evaluation.errors import EvaluationFailed
from bot.evaluation.examples import Example, same_text


def held_out(examples: Sequence[Example], folds: int, seed: int) -> list[list[int]]:
    """Which examples each fold tests; all others are its training.

    Every label is spread evenly. Texts that differ in case and spaces only stay together. A label
    with a single text is always trained and never tested: held out, it would be unknown.

    Args:
        folds: at least two; folds that would test nothing are left out.

    Raises:
        EvaluationFailed: there is nothing that could be held out.
    """
    groups: dict[str, list[int]] = {}
    for index, example in enumerate(examples):
        groups.setdefault(same_text(example.text), []).append(index)
    by_label: dict[str, list[list[int]]] = {}
    for members in groups.values():
        by_label.setdefault(examples[members[0]].label, []).append(members)
    generator = np.random.default_rng(seed)
    parts: list[list[int]] = [[] for _ in range(folds)]
    for label in sorted(by_label):
        texts = by_label[label]
        order = generator.permutation(len(texts))
        offset = int(generator.integers(folds))
        if len(texts) > 1:
            for place, number in enumerate(order):
                parts[(place + offset) % folds].extend(texts[number])
    tested = [sorted(part) for part in parts if part]
    if not tested:
        raise EvaluationFailed("no label has two different texts: nothing can be held out")
    return tested


def never_tested(examples: Sequence[Example], parts: Sequence[Sequence[int]]) -> list[str]:
    """Labels of which no example is held out."""
    tested = {examples[index].label for part in parts for index in part}
    return sorted({example.label for example in examples} - tested)
