import re
from pathlib import Path

import pytest
from rasa.shared.nlu.training_data.loading import load_data

from bot.components.entities import EntityNormalizer

REGEXES = Path(__file__).parents[2] / "nlu_data" / "regexes.yml"


@pytest.fixture(scope="module")
def extract():
    """What the rules and the normaliser make of a text: {(entity, value), ...}."""
    rules = [
        (regex["name"], re.compile(regex["pattern"], re.IGNORECASE))
        for regex in load_data(str(REGEXES)).regex_features
    ]
    normalizer = EntityNormalizer(EntityNormalizer.get_default_config())

    def run(text):
        found = [
            {"entity": name, "start": m.start(), "end": m.end(), "value": m.group()}
            for name, rule in rules
            for m in rule.finditer(text)
        ]
        kept = normalizer.normalise(text, found)
        for entity in kept:
            assert (
                text[entity["start"] : entity["end"]].strip()
                == text[entity["start"] : entity["end"]]
            )
        return {(entity["entity"], entity["value"]) for entity in kept}

    return run


@pytest.mark.parametrize(
    "text",
    [
        "KF-1234567", "where is kf 1234567?", "order #KF1234567.", "KF–1234567 please",
        "it is 1234567", "my number: 1234567!", "#1234567", "kf_1234567", "(1234567)",
    ],
)  # fmt: skip
def test_order_numbers_in_any_spelling(extract, text):
    assert extract(text) == {("order_number", "KF-1234567")}


def test_a_wrong_order_number_is_still_seen(extract):
    assert extract("kf-12345") == {("order_number", "KF-12345")}


@pytest.mark.parametrize("text", ["T-1234567", "ticket 1234567", "ticket no. 1234567", "#T1234567"])
def test_ticket_numbers(extract, text):
    assert extract(text) == {("ticket_number", "T-1234567")}


@pytest.mark.parametrize(
    ("text", "entity", "value"),
    [
        ("I am Anna.Berg@Example.com.", "email", "anna.berg@example.com"),
        ("call +49 30 1234 5678", "phone", "+493012345678"),
        ("0049 (30) 12345678", "phone", "+493012345678"),
        ("it's 030 / 1234567", "phone", "0301234567"),
        ("under 100 euros", "amount", "100 euros"),
        ("you took €1,299.00", "amount", "€1,299.00"),
        ("19,99 € twice", "amount", "19,99 €"),
        ("since last Tuesday", "date", "last tuesday"),
        ("on 03.05.2024", "date", "03.05.2024"),
        ("May 3rd", "date", "may 3rd"),
        ("two weeks ago", "date", "two weeks ago"),
    ],
)
def test_other_shapes(extract, text, entity, value):
    assert extract(text) == {(entity, value)}


@pytest.mark.parametrize("text", ["R-1234567", "12345678", "0x1234567", "1234567.50 is a lot", ""])
def test_what_only_looks_like_an_order_number(extract, text):
    assert "order_number" not in {entity for entity, _ in extract(text)}


def entity(name, start, end, extractor="RegexEntityExtractor"):
    return {"entity": name, "start": start, "end": end, "value": "x", "extractor": extractor}


def kept(text, *entities):
    normalizer = EntityNormalizer(EntityNormalizer.get_default_config())
    return [e["entity"] for e in normalizer.normalise(text, list(entities))]


def test_the_longest_wins():
    text = "the Dunes tent"
    assert kept(text, entity("category", 10, 14), entity("product", 4, 14)) == ["product"]


def test_between_equals_the_context_wins_but_never_over_a_shape():
    text = "my tent T 4435549"
    tagger = "CRFEntityExtractor"
    assert kept(text, entity("category", 3, 7), entity("product", 3, 7, tagger)) == ["product"]
    assert kept(text, entity("ticket_number", 8, 17), entity("product", 8, 17, tagger)) == [
        "ticket_number"
    ]


def test_a_tagger_is_not_asked_about_shapes():
    assert kept("my tent", entity("order_number", 0, 7, "CRFEntityExtractor")) == []
