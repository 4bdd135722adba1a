"""Explanations by the small trained model."""

import json
import logging
from pathlib import Path

import pytest
import rasa
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from small_assistant import DOMAIN, RULES

from bot.explain import __main__ as command
from bot.explain.loaded import Explainer, NotExplainable
from bot.explain.words import spans


def words(text, **given):
    return [span.of(text) for span in spans(text, **given)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Where is it, please??", ["Where", "is", "it", "please", "??"]),
        ("it's KF-1234567 (2nd)", ["it's", "KF-1234567", "2nd"]),
        ("late again :-( 😡😡", ["late", "again", ":-(", "😡😡"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("\t/order_status\n", ["order_status"]),
        (" . ", []),
        ("", []),
    ],
)
def test_words(text, found):
    assert words(text) == found


@pytest.mark.parametrize("count", [1, 48, 49, 100, 1_500])
def test_many_words_are_grouped_evenly_and_none_is_lost(count):
    text = " ".join(f"w{number}" for number in range(count))
    found = words(text)
    assert " ".join(found) == text
    assert len(found) == min(count, 48)
    sizes = [len(group.split()) for group in found]
    assert max(sizes) - min(sizes) <= 1


@pytest.fixture(scope="module")
def explainer(small_model):
    return Explainer.load(small_model)


@pytest.fixture
def parsed(explainer):
    """What the components say of a text in service."""

    def parse(text):
        message = Message({TEXT: text})
        explainer.intents.process([message])
        explainer.sentiment.process([message])
        return message.as_dict(only_output_properties=True)

    return parse


def test_it_is_the_reading_of_the_message(explainer, parsed):
    text = "has my parcel been sent? I am very angry"
    found, read = explainer.explain(text), parsed(text)
    assert found["text"] == text
    assert found["intent"]["name"] == read["intent"]["name"] == "order_status"
    assert found["intent"]["confidence"] == pytest.approx(read["intent"]["confidence"], abs=1e-3)
    names = [ranked["name"] for ranked in found["intent"]["ranking"]]
    assert names == [ranked["name"] for ranked in read["intent_ranking"]]
    assert found["scope"].keys() == read["scope"].keys()
    assert found["scope"]["nearest"] == read["scope"]["nearest"]
    assert found["sentiment"]["label"] == read["sentiment"]["label"]
    assert found["sentiment"]["valence"] == pytest.approx(read["sentiment"]["valence"], abs=1e-3)


def test_a_word_counts_for_what_is_lost_without_it(explainer, parsed):
    text = "where is my parcel, I am angry"
    found = explainer.explain(text)
    assert [word["text"] for word in found["words"]] == words(text)
    whole = parsed(text)
    for word in found["words"]:
        assert text[word["start"] : word["end"]] == word["text"]
        without = parsed(text[: word["start"]] + text[word["end"] :])
        confidences = {each["name"]: each["confidence"] for each in without["intent_ranking"]}
        lost = whole["intent"]["confidence"] - confidences[found["intent"]["name"]]
        assert word["intent"] == pytest.approx(lost, abs=1e-3)
        lost = whole["sentiment"]["valence"] - without["sentiment"]["valence"]
        assert word["sentiment"] == pytest.approx(lost, abs=1e-3)
    assert max(found["words"], key=lambda word: word["intent"])["text"] == "parcel"
    assert min(found["words"], key=lambda word: word["sentiment"])["text"] == "angry"


def test_the_nearest_examples_come_first(explainer):
    nearest = explainer.explain("send back my jacket")["nearest"]
    assert len(nearest) == 5
    assert nearest[0]["text"] == "send back my jacket"
    assert nearest[0]["intent"] == "return_start"
    # Training read it in a batch, which rounds an 8-bit graph differently.
    assert nearest[0]["similarity"] == pytest.approx(1.0, abs=0.02)
    similarities = [example["similarity"] for example in nearest]
    assert similarities == sorted(similarities, reverse=True)
    assert max(similarities) <= 1.0


def test_what_is_foreign_is_shown_outside(explainer):
    inside = explainer.explain("where is my order")["scope"]
    outside = explainer.explain("purple monkeys orbit the seventh moon of Jupiter")["scope"]
    assert inside["score"] > outside["score"]
    assert inside["inside"]
    assert not outside["inside"]
    assert outside["score"] < outside["threshold"]


@pytest.mark.parametrize("text", ["order", ".", "/order_status", "\x00\x1b[31m", "🙂", "我的订单"])
def test_odd_texts_are_explained(explainer, text):
    found = explainer.explain(text)
    assert json.loads(json.dumps(found)) == found
    assert [word["text"] for word in found["words"]] == [
        text[word["start"] : word["end"]] for word in found["words"]
    ]


def test_it_leaves_no_trace(explainer, caplog):
    kept = explainer.intents.encoder.message("an earlier message")
    with caplog.at_level(logging.DEBUG):
        explainer.explain(" ".join(f"secretword{number}" for number in range(100)))
    assert "secretword" not in caplog.text
    # Nor does it push the conversations' passes out of the encoder's memory.
    assert explainer.intents.encoder.message("an earlier message") is kept


def test_the_command_prints_json(small_model, capsys):
    assert command.main(["--model", str(small_model), "where is my order"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["intent"]["name"] == "order_status"
    assert found.keys() == {"text", "intent", "scope", "sentiment", "words", "nearest"}


def said(capsys, *arguments):
    assert command.main([str(argument) for argument in arguments]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    return printed.err.strip().splitlines()[-1]


def test_what_cannot_be_explained_is_one_line(small_model, tmp_path, capsys):
    assert "text is empty" in said(capsys, "--model", small_model, " ")
    absent = tmp_path / "absent.tar.gz"
    assert f"there is no model {absent}" in said(capsys, "--model", absent, "hello")
    cut = tmp_path / "cut.tar.gz"
    cut.write_bytes(small_model.read_bytes()[:-5_000])
    assert f"{cut} cannot be used" in said(capsys, "--model", cut, "hello")


def test_a_pipeline_of_others_is_named(tmp_path):
    config = 'recipe: default.v1\nassistant_id: other\nlanguage: en\npipeline: [{name: "'
    files = {
        "config": config + 'KeywordIntentClassifier"}]\npolicies: [{name: RulePolicy}]\n',
        "domain": DOMAIN,
        "rules": RULES,
        "nlu": 'version: "3.1"\nnlu:\n- intent: greet\n  examples: |\n    - hello\n    - hi\n',
    }
    for name, content in files.items():
        (tmp_path / f"{name}.yml").write_text(content)
    trained = rasa.train(
        domain=str(tmp_path / "domain.yml"),
        config=str(tmp_path / "config.yml"),
        training_files=[str(tmp_path / "nlu.yml"), str(tmp_path / "rules.yml")],
        output=str(tmp_path),
        fixed_model_name="other",
    )
    with pytest.raises(NotExplainable, match="has no TransformerIntentClassifier"):
        Explainer.load(Path(trained.model))
