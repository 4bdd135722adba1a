"""The authored chats: readable, enough of them, and about things that the assistant knows."""

from collections import Counter

import pytest

from crm_store.seeding.library import load_articles
from crm_store.seeding.scripts import Script, fill, load_scripts
from crm_store.seeding.telling import DRAWS

SCRIPTS = load_scripts().scripts


def test_there_are_many_for_every_occasion() -> None:
    closed = Counter(script.when for script in SCRIPTS if script.left_open is None)
    assert sum(closed.values()) >= 60
    assert min(closed.values()) >= 2
    assert Counter(script.left_open for script in SCRIPTS) == {
        None: sum(closed.values()),
        "queue": 3,
        "bot": 3,
    }
    assert len({script.name for script in SCRIPTS}) == len(SCRIPTS)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_a_script_is_a_talk(script: Script) -> None:
    book, speakers = load_scripts(), [line.speaker for line in script.lines]
    assert speakers[0] == "customer"
    assert 1 <= sum(speaker in {"customer", "button"} for speaker in speakers) <= 6
    slugs = {article.slug for article in load_articles()}
    for at, line in enumerate(script.lines):
        if line.intent and line.speaker in {"customer", "button"}:
            # What the assistant understood, it answered; then it is silent for a person.
            assert line.intent in book.rivals or line.intent == "nlu_fallback"
            assert script.lines[at + 1].speaker == "bot"
            assert script.lines[at + 1].actions
            assert "handoff" not in speakers[:at]
            assert -1 <= line.valence <= 1
        if line.article is not None:
            assert line.article in slugs
    assert script.has_person == ("handoff" in speakers and script.left_open is None)
    assert (script.left_open == "queue") == ("handoff" in speakers and not script.has_person)
    assert all(1 <= score <= 5 for score in script.csat)
    assert 3 * len(script.lines) + 8 <= DRAWS


def test_without_staff_there_is_a_script_for_every_occasion_and_reason() -> None:
    for when in {script.when for script in SCRIPTS}:
        alone = [
            script
            for script in SCRIPTS
            if script.when == when and not script.left_open and not script.has_person
        ]
        assert alone, when


def test_facts_and_marked_words_become_entities() -> None:
    (line,) = [
        line for script in SCRIPTS if script.name == "transit-short" for line in script.lines[:1]
    ]
    text, entities = fill(line.pieces, {"number": "KF-1234567"})
    assert text == "where is KF-1234567"
    assert entities == [{"entity": "order_number", "value": "KF-1234567", "start": 9, "end": 19}]
    assert text[entities[0]["start"] : entities[0]["end"]] == "KF-1234567"
    marked = (("show me ", False, None), ("tents", False, "category"))
    assert fill(marked, {})[1][0]["start"] == len("show me ")
    with pytest.raises(KeyError):
        fill(line.pieces, {})
