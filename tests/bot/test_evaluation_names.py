"""Labels, label maps and folds."""

import json

import pytest

from bot.evaluation.errors import EvaluationFailed
from bot.evaluation.examples import Example
from bot.evaluation.folds import held_out, never_tested
from bot.evaluation.labels import IntentNames, read_label_map


def names(*labels, foreign_label="oos"):
    return IntentNames(labels, foreign_label=foreign_label, foreign_intent="out_of_scope")


def test_odd_labels_get_intents_that_rasa_takes_and_come_back():
    odd = ["a/b", "a b", "a_b", "größe?", "nlu_fallback", "  ", "注文/状況"]
    found = names(*odd)
    intents = [found.intents[label] for label in odd]
    assert len(set(intents)) == len(odd)
    assert not any("/" in intent or " " in intent for intent in intents)
    assert "nlu_fallback" not in intents
    assert found.intents["a_b"] == "a_b"
    assert [found.label(intent) for intent in intents] == odd


def test_the_foreign_label_is_the_classifiers_foreign_intent():
    found = names("track", "oos")
    assert found.intents["oos"] == "out_of_scope"
    assert found.label("out_of_scope") == "oos"


def test_an_intent_that_no_label_has_stands_for_itself():
    assert names("track").label("greet") == "greet"
    assert names("track").label(None) == ""


def test_two_names_for_foreign_messages_are_one_too_many():
    with pytest.raises(EvaluationFailed, match="'out_of_scope' is the classifier's own name"):
        names("track", "out_of_scope")
    assert names("out_of_scope", foreign_label="out_of_scope").label("out_of_scope")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("m.yml", "yes: agree\n404: missing\n"),
        ("m.json", json.dumps({"yes": "agree", "404": "missing"})),
        ("m.csv", "from,to\nyes,agree\n404,missing\n"),
        ("m.csv", "yes, agree\n404 ,missing\n"),
    ],
)
def test_label_maps(tmp_path, name, content):
    (tmp_path / name).write_text(content)
    assert read_label_map(tmp_path / name) == {"yes": "agree", "404": "missing"}


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("m.yml", "- a\n- b\n", r"m\.yml: a label map is"),
        ("m.yml", "a: {b: c}\n", r"m\.yml: a label map is"),
        ("m.yml", "a: b\n  c: d: e\n", r"m\.yml:2: not YAML"),
        ("m.json", "{", r"m\.json:1: not JSON"),
        ("m.csv", "from,to\na,b,c\n", r"m\.csv:2: two columns"),
        ("m.txt", "a: b", r"m\.txt: a label map is a"),
    ],
)
def test_a_bad_label_map_is_one_line(tmp_path, name, content, said):
    (tmp_path / name).write_text(content)
    with pytest.raises(EvaluationFailed, match=said):
        read_label_map(tmp_path / name)


def examples(**texts):
    return [Example(text, label) for label, those in texts.items() for text in those]


def test_every_example_is_held_out_once_and_labels_are_spread():
    data = examples(a=[f"a{n}" for n in range(20)], b=[f"b{n}" for n in range(10)])
    parts = held_out(data, 5, 7)
    assert sorted(index for part in parts for index in part) == list(range(30))
    for part in parts:
        assert sorted(data[index].label for index in part) == ["a"] * 4 + ["b"] * 2


def test_the_same_words_are_never_on_both_sides():
    data = examples(a=["Where is it", "where  is IT", "where is it ", "other"], b=["x", "y", "z"])
    (together,) = [part for part in held_out(data, 3, 7) if 0 in part]
    assert {0, 1, 2} <= set(together)


def test_a_label_with_one_text_is_trained_and_never_tested():
    data = examples(a=["a1", "a2"], alone=["only", "ONLY"])
    parts = held_out(data, 2, 7)
    assert sorted(index for part in parts for index in part) == [0, 1]
    assert never_tested(data, parts) == ["alone"]
    with pytest.raises(EvaluationFailed, match="nothing can be held out"):
        held_out(examples(a=["x"], b=["y"]), 2, 7)


def test_folds_follow_the_seed():
    data = examples(a=[f"a{n}" for n in range(40)])
    assert held_out(data, 4, 1) == held_out(data, 4, 1)
    assert held_out(data, 4, 1) != held_out(data, 4, 2)
