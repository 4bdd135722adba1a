"""A message as the tagger sees it: words, and what the rules and the catalogue say of each."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.components.entities.catalogue import Catalogue, Mention
from bot.components.entities.found import Found
from bot.components.entities.words import Word, words_of

SHAPED, NAMED, MAYBE_NAMED = "S", "P", "E"
NOUN, LONG_NOUN = "N", "M"
BEGINS, GOES_ON = "b", "i"


@dataclass(frozen=True, slots=True)
class Reading:
    """``marks`` has one mark a word: "" for nothing, else a kind, nouns with where they begin."""

    text: str
    words: Sequence[Word]
    stems: Sequence[str]
    marks: Sequence[str]
    mentions: Sequence[Mention]


def read(text: str, folded: str, shapes: Sequence[Found], catalogue: Catalogue) -> Reading:
    """Read a message; words inside of ``shapes`` are no words for the catalogue."""
    words = words_of(folded)
    covered = [any(s.start < w.end and w.start < s.end for s in shapes) for w in words]
    stems = catalogue.stems(words)
    open_stems = ["" if taken else stem for stem, taken in zip(stems, covered, strict=True)]
    marks = [SHAPED if taken else "" for taken in covered]
    for noun in catalogue.nouns(open_stems):
        kind = NOUN if noun.last - noun.first == 1 else LONG_NOUN
        for place in range(noun.first, noun.last):
            marks[place] = kind + (BEGINS if place == noun.first else GOES_ON)
    for place, stem in enumerate(open_stems):
        if stem and not marks[place] and catalogue.may_be_name(stem):
            marks[place] = MAYBE_NAMED
    mentions = catalogue.mentions(open_stems)
    for mention in mentions:
        for place in range(mention.first, mention.last):
            marks[place] = NAMED
    return Reading(text, words, stems, marks, mentions)
