"""An example beside its reading: what was right, what was refused."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.evaluation.examples import Example
from bot.evaluation.labels import FALLBACK, IntentNames
from bot.evaluation.readings import Reading


@dataclass(frozen=True)
class Judged:
    """One message of the test.

    Attributes:
        gold: its label.
        top: the label of the likeliest intent, the fallback undone, as `rasa test nlu` counts.
        decision: the label that the assistant acts on: ``nlu_fallback`` when it gave up, the
            foreign label when it took the message for a foreign one.
        foreign: the message belongs nowhere.
        refused: the assistant acts on no intent of its own.
        score: how much in scope it found the message, higher is more.
    """

    example: Example
    reading: Reading
    gold: str
    top: str
    decision: str
    foreign: bool
    refused: bool
    score: float

    @property
    def right(self) -> bool:
        """Whether the assistant did what it should: recall what is foreign, answer the rest."""
        return self.refused if self.foreign else not self.refused and self.decision == self.gold


@dataclass(frozen=True)
class Judgement:
    """All messages of a test.

    Attributes:
        scored_by: the number of the parse result that says how much a message is in scope.
        foreign_label: the label of messages that belong nowhere.
    """

    rows: tuple[Judged, ...]
    scored_by: str
    foreign_label: str

    @property
    def is_open(self) -> bool:
        """Whether the test has foreign messages: then refusing is a part of the task."""
        return any(row.foreign for row in self.rows)

    def answer(self, row: Judged) -> str:
        """What counts as the answer: in a closed test the top intent, in an open one the act."""
        if not self.is_open:
            return row.top
        return self.foreign_label if row.refused else row.decision

    def joined(self, other: "Judgement") -> "Judgement":
        """The messages of both."""
        return Judgement(self.rows + other.rows, self.scored_by, self.foreign_label)


def judge(
    examples: Sequence[Example], readings: Sequence[Reading], names: IntentNames
) -> Judgement:
    """Puts each example beside its reading."""
    rows: list[Judged] = []
    sources: list[str] = []
    for example, reading in zip(examples, readings, strict=True):
        outside = reading.intent == names.foreign_intent or reading.outside
        fallback = reading.intent in (None, FALLBACK)
        decision = names.label(reading.intent)
        if outside:
            decision = names.foreign_label
        elif fallback:
            decision = FALLBACK
        source, score = reading.scope_score(names.foreign_intent)
        sources.append(source)
        rows.append(
            Judged(
                example,
                reading,
                example.label,
                names.label(reading.top),
                decision,
                example.label == names.foreign_label,
                outside or fallback,
                score,
            )
        )
    # Scores of different kinds cannot be compared; a message without words has no scope at all.
    kinds = sorted(set(sources), key=sources.count, reverse=True)
    if len(kinds) > 1:
        lowest = min(row.score for row, kind in zip(rows, sources, strict=True) if kind == kinds[0])
        rows = [
            row if kind == kinds[0] else _with_score(row, lowest)
            for row, kind in zip(rows, sources, strict=True)
        ]
    return Judgement(tuple(rows), kinds[0], names.foreign_label)


def _with_score(row: Judged, score: float) -> Judged:
    return Judged(
        row.example, row.reading, row.gold, row.top, row.decision, row.foreign, row.refused, score
    )
