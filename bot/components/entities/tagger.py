"""A conditional random field over the words: is a noun a thing somebody has, or a kind of thing.

Scores are sums of learnt weights, and the best sequence of tags is found by Viterbi's algorithm
(Lafferty, McCallum & Pereira, 2001). Training is python-crfsuite's; here is only arithmetic on the
stored numbers, so that a model archive holds no binary that a parser written in C would trust.
"""

from collections.abc import Mapping, Sequence

from bot.components.entities.features import features
from bot.components.entities.reading import Reading

TAGGED = ("product", "category")
OUTSIDE = "O"
TAGS = (OUTSIDE, *(f"{place}-{entity}" for entity in TAGGED for place in "BI"))
_NEVER = -1e9
_ALL = range(len(TAGS))

Row = Sequence[float]


class Tagger:
    """Learnt weights, ready to read messages."""

    def __init__(
        self,
        weights: Mapping[str, Row],
        transitions: Sequence[Row],
        frequent: frozenset[str],
    ) -> None:
        """Take over what was learnt.

        Args:
            weights: for each attribute a weight a tag, in the order of ``TAGS``.
            transitions: the weight of each tag behind each other, ``[from][to]``.
            frequent: the words that stand for themselves in the attributes.
        """
        self._weights = weights
        self._frequent = frequent
        self._transitions = [
            [
                weight if _may_follow(first, then) else _NEVER
                for then, weight in zip(TAGS, row, strict=True)
            ]
            for first, row in zip(TAGS, transitions, strict=True)
        ]

    def spans(self, reading: Reading) -> list[tuple[str, int, int]]:
        """Entities as ``(entity, first word, word behind the last)``, in the order of the text."""
        found: list[tuple[str, int, int]] = []
        entity, first = "", 0
        tags = self.tags(reading)
        for place, tag in enumerate([*tags, OUTSIDE]):
            if entity and not tag.startswith("I-"):
                found.append((entity, first, place))
                entity = ""
            if tag.startswith("B-"):
                entity, first = tag[2:], place
        return found

    def tags(self, reading: Reading) -> list[str]:
        """The likeliest tag of each word."""
        rows = features(reading, self._frequent)
        if not rows:
            return []
        scores = [self._scores(row) for row in rows]
        best = [
            score if _may_follow(OUTSIDE, tag) else _NEVER
            for tag, score in zip(TAGS, scores[0], strict=True)
        ]
        came_from: list[list[int]] = []
        for score in scores[1:]:
            paths = [
                max((best[first] + self._transitions[first][then], -first) for first in _ALL)
                for then in _ALL
            ]
            came_from.append([-first for _, first in paths])
            best = [path + own for (path, _), own in zip(paths, score, strict=True)]
        tag = max(_ALL, key=best.__getitem__)
        path = [tag]
        for row in reversed(came_from):
            tag = row[tag]
            path.append(tag)
        return [TAGS[tag] for tag in reversed(path)]

    def _scores(self, attributes: Sequence[str]) -> list[float]:
        known = [row for name in attributes if (row := self._weights.get(name)) is not None]
        return [sum(column) for column in zip(*known, strict=True)] if known else [0.0] * len(TAGS)


def _may_follow(first: str, then: str) -> bool:
    return not then.startswith("I-") or first[2:] == then[2:]
