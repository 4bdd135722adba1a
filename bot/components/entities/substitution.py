"""More examples from those that there are: other things in their places.

The examples speak of tents and boots; what should be learnt is "my …" and "do you sell …". So each
example comes a second time with another noun of the shop where the thing was, or with a word that
no example has, which teaches that a thing need not be known.
"""

import random
from collections.abc import Sequence

from bot.components.entities.tagger import TAGGED
from bot.components.entities.words import plural, stem

Spans = Sequence[tuple[str, int, int]]
_WORD_LENGTHS = range(4, 11)
_NO_NOUN = ("s", "ed", "ing", "ly")


class Substitution:
    """Deals out nouns and unknown words, the same ones for the same seed."""

    def __init__(
        self, nouns: Sequence[tuple[str, ...]], words: Sequence[str], *, unknown: float, seed: int
    ) -> None:
        """Take what may be put into the examples.

        Args:
            nouns: the shop's, each as its stems.
            words: everyday words; those that look like nouns are used.
            unknown: how often, from 0 to 1, a word takes the place rather than a noun.
            seed: of the lots that are drawn.
        """
        self._nouns = sorted(nouns)
        self._words = sorted(word for word in words if _may_be_noun(word))
        self._unknown = unknown
        self._random = random.Random(seed)  # noqa: S311 - lots, not secrets

    def apply(self, text: str, spans: Spans) -> tuple[str, Spans]:
        """The example with other things; spans of other entities move along."""
        done, last = "", 0
        moved: list[tuple[str, int, int]] = []
        for entity, start, end in sorted(spans, key=lambda span: span[1]):
            done += text[last:start]
            said, last = text[start:end], end
            new = self._instead_of(said) if entity in TAGGED else said
            moved.append((entity, len(done), len(done) + len(new)))
            done += new
        return done + text[last:], moved

    def _instead_of(self, said: str) -> str:
        if self._words and (not self._nouns or self._random.random() < self._unknown):
            words = self._random.sample(
                self._words, k=min(len(self._words), self._random.choice((1, 1, 2)))
            )
        elif self._nouns:
            words = list(self._random.choice(self._nouns))
        else:
            return said
        head = said.rsplit(maxsplit=1)[-1].lower()
        if stem(head) != head:
            words[-1] = plural(words[-1])
        new = " ".join(words)
        if said.isupper():
            return new.upper()
        return new.title() if said[0].isupper() else new


def _may_be_noun(word: str) -> bool:
    return (
        word.isascii()
        and word.isalpha()
        and len(word) in _WORD_LENGTHS
        and not word.endswith(_NO_NOUN)
    )
