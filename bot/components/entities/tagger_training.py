"""Learning the tagger's weights from annotated examples."""

import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pycrfsuite

from bot.components.entities.features import features
from bot.components.entities.reading import Reading
from bot.components.entities.tagger import OUTSIDE, TAGGED, TAGS, Row

_OFTEN = 3


@dataclass(frozen=True, slots=True)
class Lesson:
    """A message and the places of its products and categories: ``(entity, start, end)``."""

    reading: Reading
    spans: Sequence[tuple[str, int, int]]


@dataclass(frozen=True, slots=True)
class Learnt:
    """What a ``Tagger`` is made from."""

    weights: dict[str, Row]
    transitions: list[list[float]]
    frequent: frozenset[str]


def learn(lessons: Sequence[Lesson], *, l1: float, l2: float, iterations: int) -> Learnt:
    """Fit by L-BFGS (OWL-QN where ``l1`` is not 0); the same lessons give the same weights."""
    counts = Counter(low for lesson in lessons for low in {w.low for w in lesson.reading.words})
    frequent = frozenset(low for low, count in counts.items() if count >= _OFTEN)
    trainer = pycrfsuite.Trainer(verbose=False)
    trainer.set_params(
        {"c1": l1, "c2": l2, "max_iterations": iterations, "feature.possible_transitions": True}
    )
    for lesson in lessons:
        trainer.append(features(lesson.reading, frequent), tags_of(lesson))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "weights.crfsuite"
        trainer.train(str(file))
        reader = pycrfsuite.Tagger()
        reader.open(str(file))
        info = reader.info()
        reader.close()
    place = {tag: index for index, tag in enumerate(TAGS)}
    weights: dict[str, list[float]] = {}
    for (attribute, tag), weight in info.state_features.items():
        weights.setdefault(attribute, [0.0] * len(TAGS))[place[tag]] = weight
    transitions = [[0.0] * len(TAGS) for _ in TAGS]
    for (first, then), weight in info.transitions.items():
        transitions[place[first]][place[then]] = weight
    return Learnt({name: tuple(row) for name, row in weights.items()}, transitions, frequent)


def tags_of(lesson: Lesson) -> list[str]:
    """The tags that say where the annotated things are."""
    tags = [OUTSIDE] * len(lesson.reading.words)
    for entity, start, end in lesson.spans:
        if entity in TAGGED:
            inside = [
                place
                for place, word in enumerate(lesson.reading.words)
                if word.start >= start and word.end <= end
            ]
            for place in inside:
                tags[place] = f"{'B' if place == inside[0] else 'I'}-{entity}"
    return tags
