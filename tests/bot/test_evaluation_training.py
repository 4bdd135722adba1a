"""Trainings that end without a model."""

import pytest

from bot.evaluation.errors import EvaluationFailed
from bot.evaluation.training import train


def job(**options):
    component = {"name": "bot.components.intent.TransformerIntentClassifier", **options}
    examples = [{"text": f"{word} {intent}", "intent": intent, "entities": []}
                for intent in ("greet", "bye") for word in ("say", "please")]  # fmt: skip
    config = {"recipe": "default.v1", "assistant_id": "x", "language": "en",
              "pipeline": [component]}  # fmt: skip
    return {"config": config, "seed": None, "examples": examples, "synonyms": {}, "regexes": [],
            "lookups": []}  # fmt: skip


def test_an_error_that_nobody_foresaw_is_one_line_too(tmp_path, monkeypatch):
    monkeypatch.setenv("RASA_CACHE_DIRECTORY", str(tmp_path / "cache"))
    said = r"^training failed: .*TransformerIntentClassifier.* ValueError: invalid literal"
    with pytest.raises(EvaluationFailed, match=said) as failed:
        train(job(folds="many"), tmp_path)
    assert "\n" not in str(failed.value)


def test_a_missing_encoder_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("RASA_CACHE_DIRECTORY", str(tmp_path / "cache"))
    with pytest.raises(EvaluationFailed, match=r"^training failed: .*'\./nowhere'"):
        train(job(model="./nowhere"), tmp_path)
