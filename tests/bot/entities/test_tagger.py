"""The tagger: what it learns, what it can be trusted with, and that it is what was trained."""

import itertools
from datetime import date

import pycrfsuite
import pytest

from bot.components.entities.catalogue import Catalogue, ProductName
from bot.components.entities.features import features
from bot.components.entities.folding import fold
from bot.components.entities.reading import read
from bot.components.entities.recogniser import Customs, recognise, shapes
from bot.components.entities.tagger import TAGS, Tagger
from bot.components.entities.tagger_training import Lesson, learn, tags_of

TODAY = date(2024, 5, 15)
CUSTOMS = Customs()
KNOWN = (
    "my your the do you sell have show me is broken where any i ordered a want to return kind of"
    " tent lamp stove rope boot canoe are great please cricket match watch"
)
WORDS = frozenset(KNOWN.split())
CATALOGUE = Catalogue(
    [
        ProductName("Mosspath 18 backpack", "BPK-1"),
        ProductName("Mosspath 25 backpack", "BPK-2"),
        ProductName("Cricket FM camping radio", "LMP-1"),
        ProductName("Cricket crank camping radio", "LMP-2"),
    ],
    ["tent", "lamp", "stove", "rope", "boots", "backpack"],
    WORDS,
)
OWNED = ("my {}s are broken", "where is the {}", "i ordered a {}", "i want to return my {}")
KINDS = ("do you sell {}s", "show me your {}s", "do you have any {}s please", "what kind of {}s")
NOUNS = ("tent", "lamp", "stove", "rope")


def reading(text, catalogue=CATALOGUE):
    folded = fold(text)
    return read(text, folded, shapes(folded, CUSTOMS, TODAY), catalogue)


def lesson(pattern, noun, entity):
    text = pattern.format(noun)
    start = text.index(noun)
    end = start + len(noun) + (text[start + len(noun) :][:1] == "s")
    return Lesson(reading(text), [(entity, start, end)])


LESSONS = [
    *(lesson(p, noun, "product") for p, noun in itertools.product(OWNED, NOUNS)),
    *(lesson(p, noun, "category") for p, noun in itertools.product(KINDS, NOUNS)),
    *(
        Lesson(reading(text), [])
        for text in ("hello", "where is my order", "do you have any news", "thank you", "a match")
    ),
]


@pytest.fixture(scope="module")
def learnt():
    return learn(LESSONS, l1=0.0, l2=0.1, iterations=50)


@pytest.fixture(scope="module")
def tagger(learnt):
    return Tagger(learnt.weights, learnt.transitions, learnt.frequent)


def found(tagger, text, catalogue=CATALOGUE):
    entities = recognise(text, catalogue, tagger, CUSTOMS, TODAY)
    return [(one.entity, text[one.start : one.end], one.value) for one in entities]


def test_the_words_around_say_whether_it_is_a_thing_or_a_kind(tagger):
    assert found(tagger, "my stoves are broken") == [("product", "stoves", "stoves")]
    assert found(tagger, "do you sell stoves") == [("category", "stoves", "stoves")]
    assert found(tagger, "where is my order") == []


def test_it_holds_for_nouns_that_the_shop_took_in_later(tagger):
    later = Catalogue([], ["canoe", "tent"], WORDS)
    assert found(tagger, "i ordered a canoe", later) == [("product", "canoe", "canoe")]
    assert found(tagger, "do you sell canoes", later) == [("category", "canoes", "canoes")]


def test_a_typing_error_is_put_right_in_the_value(tagger):
    assert found(tagger, "my bakpacks are broken") == [("product", "bakpacks", "backpack")]


def test_names_and_shapes_are_certain(tagger):
    text = "i want to return my Mosspath 18 from KF-1234567, i ordered a stove yesterday"
    assert found(tagger, text) == [
        ("product", "Mosspath 18", "Mosspath 18 backpack"),
        ("order_number", "KF-1234567", "KF-1234567"),
        ("product", "stove", "stove"),
        ("date", "yesterday", "yesterday"),
    ]


def test_nothing_overlaps(tagger):
    for text in ("my tent T 4435549", "my Mosspath 18 backpack 25 stove", "tent 100 € stove 12/03"):
        entities = recognise(text, CATALOGUE, tagger, CUSTOMS, TODAY)
        assert all(a.end <= b.start for a, b in itertools.pairwise(entities))


def test_learning_is_the_same_every_time(learnt):
    assert learn(LESSONS, l1=0.0, l2=0.1, iterations=50) == learnt


def test_ours_reads_as_the_library_that_trained(learnt, tagger, tmp_path):
    trainer = pycrfsuite.Trainer(verbose=False)
    trainer.set_params(
        {"c1": 0.0, "c2": 0.1, "max_iterations": 50, "feature.possible_transitions": True}
    )
    for one in LESSONS:
        trainer.append(features(one.reading, learnt.frequent), tags_of(one))
    trainer.train(str(tmp_path / "model"))
    theirs = pycrfsuite.Tagger()
    theirs.open(str(tmp_path / "model"))
    for one in LESSONS:
        assert tagger.tags(one.reading) == theirs.tag(features(one.reading, learnt.frequent))


def test_a_piece_never_comes_before_its_beginning(learnt):
    # Weights that want an I everywhere.
    inside = TAGS.index("I-category")
    row = tuple(9.0 if place == inside else 0.0 for place in range(len(TAGS)))
    eager = Tagger({"bias": row}, learnt.transitions, learnt.frequent)
    tags = eager.tags(reading("one two three"))
    assert tags == ["B-category", "I-category", "I-category"]


def test_no_words_and_no_lessons():
    nothing = learn([Lesson(reading("hello"), [])], l1=0.02, l2=0.2, iterations=5)
    tagger = Tagger(nothing.weights, nothing.transitions, nothing.frequent)
    assert tagger.spans(reading("")) == []
    assert tagger.spans(reading("my tent")) == []
