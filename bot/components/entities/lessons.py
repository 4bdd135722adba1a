"""From annotated examples to what the tagger has learnt and what words are known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.components.entities.catalogue import Catalogue, ProductName
from bot.components.entities.everyday import everyday_words
from bot.components.entities.folding import fold
from bot.components.entities.reading import read
from bot.components.entities.recogniser import Customs, shapes
from bot.components.entities.stored import Words
from bot.components.entities.substitution import Spans, Substitution
from bot.components.entities.tagger import TAGGED
from bot.components.entities.tagger_training import Learnt, Lesson, learn
from bot.components.entities.words import words_of


@dataclass(frozen=True, slots=True)
class Example:
    """A text and its entities: ``(entity, start, end)``."""

    text: str
    spans: Spans


def learn_from(
    examples: Sequence[Example],
    *,
    products: Sequence[str],
    kinds: Sequence[str],
    things: Sequence[str],
    customs: Customs,
    today: date,
    options: Mapping[str, Any],
) -> tuple[Learnt, Words]:
    """Learn the tagger.

    Args:
        examples: all of the training data, also those without entities.
        products: names from the look-up table.
        kinds: words for categories, from theirs.
        things: other goods.
        customs: as they hold later, for the shapes in the examples.
        today: dates are found whatever the day; it is only needed to read them.
        options: ``model``, ``l1``, ``l2``, ``iterations``, ``unknown`` and ``seed``, as in
            `EntityExtractor.get_default_config`.
    """
    everyday = everyday_words(str(options["model"]), map(_without_things, examples))
    catalogue = Catalogue([ProductName(name) for name in products], [*kinds, *things], everyday)
    used = {word.low for example in examples for word in words_of(fold(example.text))}
    substitution = Substitution(
        catalogue.noun_stems,
        sorted(everyday - used),
        unknown=float(options["unknown"]),
        seed=int(options["seed"]),
    )
    further = [
        Example(*substitution.apply(example.text, example.spans))
        for example in examples
        if any(entity in TAGGED for entity, *_ in example.spans)
    ]

    def lesson(example: Example) -> Lesson:
        folded = fold(example.text)
        found = shapes(folded, customs, today)
        return Lesson(read(example.text, folded, found, catalogue), example.spans)

    learnt = learn(
        [lesson(example) for example in (*examples, *further)],
        l1=float(options["l1"]),
        l2=float(options["l2"]),
        iterations=int(options["iterations"]),
    )
    return learnt, Words(everyday, products, kinds, things)


def _without_things(example: Example) -> str:
    """The text without its products: a name in there is no everyday word."""
    text = example.text
    for entity, start, end in example.spans:
        if entity in TAGGED:
            text = text[:start] + " " * (end - start) + text[end:]
    return text
