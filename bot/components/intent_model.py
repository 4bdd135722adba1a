"""A classifier of intents together with a guard that knows how far its knowledge reaches."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.components import classifier_training, scope
from bot.components.classifier import Looked, Prototypes, TextClassifier
from bot.components.classifier_training import ClassifierSettings, HeldOut, Report, Task
from bot.components.encoder import SentenceEncoder, Vectors
from bot.components.errors import ModelDamaged
from bot.components.prototypes import mean_vectors
from bot.components.sentences import pieces

_DOUBT = 0.4
"""Below this probability the sentences are read one by one. Always, it did more harm than good."""

_SAY = 0.4
"""How much the clearest sentence counts then."""

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|[\W_]+")


@dataclass(frozen=True)
class Memory:
    """The training examples, to show which were nearest.

    Attributes:
        vectors: in the space that decides, (examples, dimensions), half precision.
    """

    texts: tuple[str, ...]
    targets: NDArray[np.int64]
    vectors: NDArray[np.float16]

    def nearest(self, vector: Vectors, count: int) -> list[tuple[int, float]]:
        """Numbers and cosines of the nearest examples, nearest first."""
        similarities = self.vectors.astype(np.float32) @ vector
        best = np.argsort(-similarities, kind="stable")[:count]
        return [(int(index), float(similarities[index])) for index in best]


@dataclass(frozen=True)
class IntentReading:
    """What one message was understood to be.

    Attributes:
        ranking: labels with their probability times the trust in the scope, likeliest first.
    """

    ranking: list[tuple[str, float]]
    scope: scope.Scope


@dataclass(frozen=True)
class IntentModel:
    """Trained parts over a shared encoder.

    Attributes:
        foreign: number of the out-of-scope label, if it was taught.
        prototypes: of the encoder's last layer, a unit row per label.
    """

    classifier: TextClassifier
    foreign: int | None
    prototypes: Vectors
    guard: scope.ScopeGuard
    memory: Memory

    def read(self, encoder: SentenceEncoder, text: str) -> IntentReading:
        """The intent of a message.

        In a message of several sentences one often carries the wish and the others tell what
        happened; where the whole leaves doubt, the clearest sentence has a say beside it.
        """
        looked = self.classifier.look([encoder.message(text)])
        judged = self.judge(looked)
        probabilities = self.classifier.probabilities(looked)[0]
        parts = pieces(text) if probabilities.max() < _DOUBT else []
        if parts:
            clearest = self._clearest(encoder, parts)
            probabilities = (1 - _SAY) * probabilities + _SAY * clearest
        weighed = probabilities * judged.trust
        if self.foreign is not None:
            weighed[self.foreign] = probabilities[self.foreign]
        order = np.argsort(-weighed, kind="stable")
        labels = self.classifier.labels
        return IntentReading([(labels[index], float(weighed[index])) for index in order], judged)

    def judge(self, looked: Looked) -> scope.Scope:
        """Whether the first of the texts is about anything that was taught."""
        score = float(self.guard.scores(self._distances(looked))[0])
        tuned = self.classifier.prototypes
        own = tuned.vectors if tuned is not None else self.prototypes
        cosines = _known(looked.deciding[:1] @ own.T, self.foreign)[0]
        nearest = int(cosines.argmax())
        return scope.Scope(
            self.classifier.labels[nearest],
            float(cosines[nearest]),
            score,
            self.guard.threshold,
            float(self.guard.trust(np.array([score]))[0]),
        )

    def _clearest(self, encoder: SentenceEncoder, parts: list[str]) -> NDArray[np.float64]:
        looked = self.classifier.look(encoder.everything(parts))
        probabilities = self.classifier.probabilities(looked)
        trust = self.guard.trust(self.guard.scores(self._distances(looked)))
        clearest: NDArray[np.float64] = probabilities[int((probabilities.max(1) * trust).argmax())]
        return clearest

    def _distances(self, looked: Looked) -> scope.Distances:
        return _distances(looked, self.prototypes, self.classifier.prototypes, self.foreign)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What goes into the archive as numbers."""
        return {
            **self.classifier.arrays(),
            "prototypes": self.prototypes,
            "memory_vectors": self.memory.vectors,
            "memory_targets": self.memory.targets,
        }

    def description(self) -> dict[str, Any]:
        """What goes into the archive as JSON."""
        return {
            **self.classifier.description(),
            "foreign": self.foreign,
            "guard": scope.described(self.guard),
            "memory_texts": list(self.memory.texts),
        }

    @classmethod
    def restored(
        cls,
        arrays: Mapping[str, NDArray[Any]],
        meta: Mapping[str, Any],
        *,
        dimensions: int,
        threads: int,
        of: str,
    ) -> "IntentModel":
        """A model from the archive.

        Raises:
            ModelDamaged: parts do not fit each other or the encoder.
        """
        classifier = TextClassifier.restored(
            arrays, meta, dimensions=dimensions, threads=threads, of=of
        )
        prototypes = arrays["prototypes"]
        memory = Memory(
            tuple(meta["memory_texts"]), arrays["memory_targets"], arrays["memory_vectors"]
        )
        fits = prototypes.shape == (len(classifier.labels), dimensions)
        if not fits or len(memory.texts) != len(memory.vectors):
            raise ModelDamaged(f"The trained part '{of}' does not fit together; train again")
        return cls(classifier, meta["foreign"], prototypes, scope.restored(meta["guard"]), memory)


def train(
    encoder: SentenceEncoder,
    texts: Sequence[str],
    labels: Sequence[str],
    settings: ClassifierSettings,
    *,
    foreign: str,
    false_reject: float,
) -> tuple[IntentModel, Report]:
    """Learns the labels of the texts; a label's own words count as one more example of it.

    Args:
        foreign: the label of examples that belong to no other; it may be absent.
        false_reject: the share of known messages that the guard may refuse.
    """
    names = tuple(sorted(set(labels)))
    numbers = {name: number for number, name in enumerate(names)}
    outside = numbers.get(foreign)
    described = [
        (words, numbers[name]) for name in names if (words := _words(name)) and name != foreign
    ]
    every = [*texts, *(words for words, _ in described)]
    targets = np.array(
        [*(numbers[label] for label in labels), *(target for _, target in described)]
    )
    anchors = np.arange(len(every)) >= len(texts)
    encoded = encoder.everything(every, progress="Reading intent examples")
    task = Task("intents", names, encoded, targets, anchors, outside)
    classifier, held_out, report = classifier_training.train(task, settings)
    last = np.stack([one.pooled[-1] for one in encoded])
    guard = _guard(task, held_out, last, false_reject)
    deciding = classifier.look(encoded[: len(texts)]).deciding
    model = IntentModel(
        classifier,
        outside,
        mean_vectors(last, targets, len(names)),
        guard,
        Memory(tuple(texts), targets[: len(texts)], deciding.astype(np.float16)),
    )
    return model, report


def _guard(task: Task, held_out: HeldOut, last: Vectors, false_reject: float) -> scope.ScopeGuard:
    """Fits the guard on distances from prototypes that had not seen the examples."""
    rows: list[scope.Distances] = []
    numbers: list[NDArray[np.int64]] = []
    for fold in np.unique(held_out.folds):
        inside = held_out.folds == fold
        chosen = held_out.numbers[inside]
        others = np.setdiff1d(np.arange(len(task.targets)), chosen)
        own = mean_vectors(last[others], task.targets[others], len(task.labels))
        looked = held_out.looked
        part = Looked(
            tuple(logs[inside] for logs in looked.opinions),
            looked.frozen[inside],
            None if looked.tuned is None else looked.tuned[inside],
        )
        rows.append(_distances(part, own, held_out.prototypes, task.foreign))
        numbers.append(chosen)
    if not rows:
        # A single example of each intent: there is nothing to set a threshold by.
        looked = Looked((), last)
        own = mean_vectors(last, task.targets, len(task.labels))
        rows, numbers = [_distances(looked, own, None, task.foreign)], [np.arange(len(last))]
    distances = np.concatenate(rows)
    targets = task.targets[np.concatenate(numbers)]
    known = targets != task.foreign if task.foreign is not None else np.ones(len(targets), bool)
    return scope.fit(distances[known], distances[~known], false_reject=false_reject)


def _distances(
    looked: Looked, prototypes: Vectors, tuned: Prototypes | None, foreign: int | None
) -> scope.Distances:
    columns = [_known(looked.frozen @ prototypes.T, foreign).max(1)]
    if looked.tuned is not None and tuned is not None:
        columns.append(_known(looked.tuned @ tuned.vectors.T, foreign).max(1))
        columns.append(scope.energy(_known(tuned.logits(looked.tuned), foreign)))
    found: scope.Distances = np.stack(columns, axis=1).astype(np.float64)
    return found


def _known(table: NDArray[Any], foreign: int | None) -> NDArray[Any]:
    """The table with the out-of-scope label's column out of the running."""
    if foreign is None:
        return table
    known = table.copy()
    known[:, foreign] = -np.inf
    return known


def _words(label: str) -> str:
    """ "order_status" as a customer would read it: "order status"."""
    return " ".join(_CAMEL.sub(" ", label).lower().split())
