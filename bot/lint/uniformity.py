"""Intents whose examples are all cut from the same cloth: what is said otherwise is not found."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from bot.lint.arrays import Vectors
from bot.lint.findings import Finding, warning
from bot.lint.project import Project
from bot.lint.wording import words

_FEWEST = 8
_DISTINCT_PAIRS = 0.5
_SAME_START = 0.4
_MEAN_COSINE = 0.65


def check(project: Project, vectors: Vectors | None) -> Iterator[Finding]:
    """Intents that repeat word pairs or beginnings, or whose examples mean nearly the same."""
    for intent, members in project.nlu.by_intent().items():
        if len(members) < _FEWEST:
            continue
        examples = [project.nlu.examples[index] for index in members]
        said = _said_alike([words(example.text) for example in examples])
        if said is None and vectors is not None:
            said = _meant_alike(vectors[members])
        if said is not None:
            text = f"the examples of '{intent}' are uniform: {said}"
            yield warning(examples[0].file, examples[0].line, "intent-uniform", text, intent)


def _said_alike(texts: list[list[str]]) -> str | None:
    pairs = [pair for text in texts for pair in pairwise(text)]
    if pairs and (distinct := len(set(pairs)) / len(pairs)) < _DISTINCT_PAIRS:
        return f"only {distinct:.0%} of their word pairs are distinct"
    starts = Counter(tuple(text[:2]) for text in texts if len(text) > 1)
    if starts:
        start, count = starts.most_common(1)[0]
        if count / len(texts) >= _SAME_START:
            return f"{count} of {len(texts)} begin with '{' '.join(start)}'"
    return None


def _meant_alike(vectors: Vectors) -> str | None:
    count = len(vectors)
    total = float(np.sum(vectors.sum(axis=0) ** 2))
    mean = (total - count) / (count * (count - 1))
    return f"their mean cosine is {mean:.2f}" if mean >= _MEAN_COSINE else None
