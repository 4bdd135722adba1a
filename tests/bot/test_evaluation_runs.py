"""Whole evaluations of small pipelines: trained by Rasa, read as the server reads."""

import csv
import json
import re

import pytest
from small_assistant import INTENTS, SENTIMENT, write

from bot.evaluation import training
from bot.evaluation.__main__ import main
from bot.evaluation.datasets import Source, read
from bot.evaluation.errors import EvaluationFailed
from bot.evaluation.examples import Dataset, Example, Shapes
from bot.evaluation.jobs import train
from bot.evaluation.pipeline import Override, overridden, shipped

CONTRACT = ("accuracy", "in_scope_accuracy", "oos_recall", "macro_f1", "ece")


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return write(tmp_path_factory.mktemp("project"))


def table(path, rows, header=("text", "label")):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return str(path)


def evaluated(capfd, *arguments):
    """The JSON report; nothing else may be on stdout."""
    code = main([*map(str, arguments), "--json"])
    out, err = capfd.readouterr()
    assert code == 0, err
    return json.loads(out)


def refused(capfd, *arguments):
    assert main([*map(str, arguments)]) == 1
    out, err = capfd.readouterr()
    assert out == ""
    (line,) = err.strip().splitlines()
    return line


def test_a_model_is_measured_as_it_is(capfd, small_model, files):
    report = evaluated(capfd, "nlu", "--model", small_model, "--test", files["nlu"])
    assert report["rows"] == sum(map(len, INTENTS.values()))
    assert report["foreign_rows"] == len(INTENTS["out_of_scope"])
    # It was trained on these very messages.
    assert min(report[key] for key in CONTRACT[:4]) > 0.7
    assert 0 <= report["ece"] < 0.5
    assert 0 < report["latency_ms"]["p50"] <= report["latency_ms"]["p95"]
    assert report["entities"]["per_entity"] == [
        {"entity": "order_number", "precision": 1.0, "recall": 1.0, "f1": 1.0, "support": 2}
    ]
    assert report["oos"]["scored_by"].startswith("scope.")
    assert report["cost"]["train_seconds"] is None
    assert report["cost"]["resident_mb"] > 100
    assert report["cost"]["ready_seconds"] > report["cost"]["load_seconds"] > 0


def test_folds_never_test_what_they_trained(capfd, files, tmp_path):
    # Labels without a meaning can be learnt by heart, and guessed with luck only.
    texts = [text for one in INTENTS.values() for text in one if "[" not in text]
    rows = [(text, ("odd", "even")[number % 2]) for number, text in enumerate(texts)]
    arguments = ("--train", table(tmp_path / "t.csv", rows), "--config", files["config"])
    report = evaluated(capfd, "nlu", *arguments, "--folds", 2, "--seed", 3)
    assert report["rows"] == len(rows)
    assert sum(row["support"] for row in report["per_class"]) == report["rows"]
    assert report["accuracy"] < 0.8
    assert report["setup"]["seeds"] == [3]


ODD = {
    "order / status": ["where is [my](x) order", "- has it | been sent?", "track\nmy package"],
    "größe?": ["does it run small", "what size: am I", "is 42 my size"],
}


def test_ours_beside_stock_rasa_on_the_same_rows(capfd, files, tmp_path):
    rows = [(text, label) for label, texts in ODD.items() for text in texts]
    foreign = [(text, "none of it") for text in INTENTS["out_of_scope"]]
    told = tmp_path / "map.yml"
    told.write_text("none of it: oos\n")
    report = evaluated(
        capfd, "nlu", "--peer", "diet", "--out", tmp_path / "out", "--label-map", told,
        "--train", table(tmp_path / "train.csv", [*rows, *foreign[:4]]),
        "--test", table(tmp_path / "test.csv", [*rows, *foreign[4:]], ("sentence", "label")),
        "--oos-label", "oos", "--config", files["config"],
        "--set", "DIETClassifier.epochs=2", "--set", "FallbackClassifier.threshold=0.01",
    )  # fmt: skip
    assert report["foreign_rows"] == 2
    assert {row["label"] for row in report["per_class"]} == {*ODD, "oos"}
    assert report["notes"][0] == "6 of 8 test messages are in the training data too"
    peer = report["peer"]
    assert peer["name"] == "diet"
    assert peer["rows"] == report["rows"] == 8
    assert peer["oos"]["scored_by"] == "confidence"
    assert peer["cost"]["train_seconds"] > 0
    assert report["ratio"]["latency_ms.p50"] == pytest.approx(
        report["latency_ms"]["p50"] / peer["latency_ms"]["p50"], abs=1e-3
    )
    made = {path.name for path in (tmp_path / "out").iterdir()}
    assert made == {"report.json", "report.md", "confusions.png", "reliability.png"}
    assert json.loads((tmp_path / "out" / "report.json").read_text()) == report


def test_texts_reach_rasa_as_they_are(files, tmp_path):
    texts = [" two  spaces ", "- [a](b) | c", 'say "hi"\nthen \\n', "\u2028 größe 🙂", "/greet"]
    examples = [Example(text, "a/b" if number % 2 else "c d") for number, text in enumerate(texts)]
    examples.append(Example("my KF 12", "c d", ({"start": 3, "end": 8, "entity": "order_number",
                                                  "value": "KF-12"},)))  # fmt: skip
    shapes = Shapes(({"name": "order_number", "pattern": r"KF \d+"},), (), {"marquee": "tent"})
    intents = {"a/b": "a_b", "c d": "c_d"}
    data = Dataset("", tuple(examples), shapes)
    made = train(shipped(files["config"]), data, intents, tmp_path / "job")
    assert made.model.stat().st_size > 1000
    found = read(Source.parse("nlu.json", relative_to=tmp_path / "job"))
    assert [(e.text, e.label) for e in found.examples] == [
        (e.text, intents[e.label]) for e in examples
    ]
    assert found.examples[-1].entities == examples[-1].entities
    assert found.shapes.regexes == shapes.regexes
    assert found.shapes.synonyms["marquee"] == "tent"


TONES = [(text, label) for label, texts in SENTIMENT.items() for text in texts]


def test_the_tone_that_a_model_reads_beside_a_lexicon(capfd, small_model, tmp_path):
    rows = [(text, label.upper(), 0.0, "no") for text, label in TONES]
    test = table(tmp_path / "t.csv", rows, ("text", "label", "valence", "frustrated"))
    arguments = ("--model", small_model, "--test", test, "--peer", "vader")
    report = evaluated(capfd, "sentiment", *arguments)
    assert report["rows"] == len(TONES)
    assert report["accuracy"] > 0.8
    assert report["macro_f1"] > 0.8
    assert 0 < report["valence_mae"] <= 1
    assert 0 < report["peer"]["accuracy"] < 1
    assert report["peer"]["latency_ms"]["p50"] < report["latency_ms"]["p50"]


ONLY_TONE = """
recipe: default.v1
pipeline:
  - name: bot.components.sentiment.TransformerSentimentAnalyzer
    data: {data}
    folds: 2
    strengths: [3]
"""


def test_folds_over_the_components_own_sentences(capfd, files, tmp_path):
    config = tmp_path / "config.yml"
    config.write_text(ONLY_TONE.format(data=files["nlu"].parent / "sentiment"))
    report = evaluated(capfd, "sentiment", "--config", config, "--folds", 2)
    assert report["rows"] == len(TONES)
    assert 0.2 < report["accuracy"] < 1.0
    assert report["cost"]["train_seconds"] > 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nlu", "--test", "{test}", "--oos-label", "oss"), "no row has the label 'oss'"),
        (("nlu", "--test", "{test}", "--set", "Nobody.x=1"), "no pipeline has .* 'Nobody'"),
        (("nlu", "--test", "{test}", "--config", "{test}"), r"t\.csv:?\d*: "),
        (("nlu", "--test", "{test}", "--label-map", "{folder}/no.yml"), "No such file"),
        (("nlu", "--test", "{test}", "--model", "{test}"), r"t\.csv cannot be used"),
        (("sentiment", "--test", "{test}"), r"t\.csv:2: 'greet' is none of negative"),
        (("sentiment", "--train", "{folder}/empty"), "no CSV file"),
    ],
)
def test_what_cannot_be_measured_is_one_line(capfd, tmp_path, arguments, said):
    (tmp_path / "empty").mkdir()
    test = table(tmp_path / "t.csv", [("hi", "greet")])
    filled = [argument.format(test=test, folder=tmp_path) for argument in arguments]
    line = refused(capfd, *filled)
    assert line.startswith("kefu eval: ")
    assert re.search(said, line), line


def job(files, *overrides, intents=("greet", "bye")):
    (config,) = overridden([shipped(files["config"])], overrides)
    examples = [{"text": f"text of {intent}", "intent": intent, "entities": []}
                for intent in intents]  # fmt: skip
    return {"config": config, "seed": 7, "examples": examples, "synonyms": {}, "regexes": [],
            "lookups": []}  # fmt: skip


@pytest.mark.parametrize(
    ("override", "said"),
    [
        ("TransformerIntentClassifier.fals_reject=0.1", "has no option 'fals_reject'"),
        ("EntityExtractor.name=bot.components.entities.Nobody", "there is no component"),
    ],
)
def test_what_would_change_nothing_is_refused(files, tmp_path, override, said):
    with pytest.raises(EvaluationFailed, match=said):
        training.train(job(files, Override.parse(override)), tmp_path)


def test_training_that_fails_says_why(files, tmp_path, monkeypatch):
    monkeypatch.setenv("RASA_CACHE_DIRECTORY", str(tmp_path / "cache"))
    with pytest.raises(EvaluationFailed, match=r"^training failed: .* 1 intents") as failed:
        training.train(job(files, intents=("greet",)), tmp_path)
    assert "\n" not in str(failed.value)


@pytest.mark.parametrize(
    "arguments",
    [
        ("tone",),
        ("nlu", "--folds", "1"),
        ("nlu", "--folds", "many"),
        ("nlu", "--set", "threshold=1"),
        ("nlu", "--model", "x"),
        ("nlu", "--model", "x", "--test", "y", "--train", "z"),
        ("nlu", "--model", "x", "--test", "y", "--repeat", "2"),
        ("sentiment", "--peer", "diet"),
    ],
)
def test_wrong_usage_is_exit_code_2(capfd, arguments):
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    assert ended.value.code == 2
    assert "error:" in capfd.readouterr().err
