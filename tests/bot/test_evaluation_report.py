import struct

import numpy as np
import pytest

from bot.evaluation.metrics.calibration import reliability
from bot.evaluation.picture import draw_confusions, draw_reliability
from bot.evaluation.report import as_json, as_markdown, print_tables
from bot.evaluation.tables import nlu_tables, sentiment_tables

COST = {"train_seconds": 12.0, "load_seconds": 1.0, "ready_seconds": 5.0, "resident_mb": 700.0,
        "archive_mb": 1.5}  # fmt: skip


def report(**more):
    confusion = {"label": "a", "taken_for": "b", "count": 3, "example": "[bold]x | y\nz"}
    return {
        "accuracy": 0.875, "in_scope_accuracy": 0.8, "top_intent_accuracy": 0.9,
        "false_reject": 0.01, "oos_recall": 0.5, "macro_f1": 1 / 3, "ece": 0.02, "rows": 8,
        "labels": 2, "foreign_rows": 1, "latency_ms": {"p50": 4.123, "p95": 9.0, "messages": 8},
        "oos": {"scored_by": "scope.score", "auroc": 0.9, "at_false_reject": [
            {"false_reject": 0.02, "oos_recall": 0.7, "in_scope_accuracy": 0.6}]},
        "entities": None, "cost": COST, "confusions": [confusion], "notes": ["look here"],
        "per_class": [{"label": "a", "precision": 0.5, "recall": 1.0, "f1": 2 / 3, "support": 4}],
        **more,
    }  # fmt: skip


def test_the_terminal_shows_texts_as_they_are(capsys):
    print_tables(report(), nlu_tables(report(), 5))
    shown = capsys.readouterr().out
    assert "[bold]x | y z" in shown
    assert "87.5 %" in shown
    assert "4.12" in shown
    assert "note: look here" in shown


def test_a_peer_stands_beside_and_repeats_have_a_spread():
    beside = report(peer={"name": "diet", **report(accuracy=0.7)}, spread={"accuracy": 0.01})
    summary, scope, *_ = nlu_tables(beside, 5)
    assert summary.columns == ("", "Kefu", "diet", "Kefu / peer")
    assert summary.rows[0] == ("accuracy", "87.5 % ± 1.0 %", "70.0 %", "1.25")
    assert scope.rows == (("2.0 %", "70.0 %", "60.0 %", "70.0 %", "60.0 %"),)


def test_markdown_tables_survive_any_text():
    text = as_markdown(report(setup={"test": "x.csv"}), nlu_tables(report(), 5), ["p.png"])
    assert r"| a | b | 3 | \[bold\]x \| y z |" in text
    assert "- test: x.csv" in text
    assert "![p](p.png)" in text


def test_sentiment_has_tables_too():
    tone = report(valence_mae=0.2, frustrated_auroc=None)
    first = sentiment_tables(tone, 5)[0]
    assert first.title == "Sentiment: 8 messages"
    assert ("valence, mean distance", "0.2") in first.rows
    assert not any(row[0].startswith("frustrated") for row in first.rows)


def test_json_has_six_digits():
    assert '"macro_f1": 0.333333,' in as_json(report())


def size(path):
    data = path.read_bytes()
    assert data.startswith(b"\x89PNG")
    return struct.unpack(">II", data[16:24])


@pytest.mark.parametrize(("labels", "wrong"), [(1, 0), (2, 1), (3, 5), (45, 0), (150, 90)])
def test_any_number_of_labels_is_drawn(tmp_path, labels, wrong):
    generator = np.random.default_rng(7)
    golds = [f"label_{n}" for n in range(labels) for _ in range(4)]
    answers = list(golds)
    for place in generator.choice(len(golds), min(wrong, len(golds)), replace=False):
        answers[place] = f"label_{generator.integers(labels)}"
    draw_confusions(golds, answers, tmp_path / "c.png")
    width, height = size(tmp_path / "c.png")
    assert 300 < width < 6000
    assert 300 < height < 6000


def test_reliability_is_drawn_without_messages_too(tmp_path):
    draw_reliability(reliability([0.2, 0.9], [False, True]), 0.1, tmp_path / "a.png")
    draw_reliability(reliability([], []), None, tmp_path / "b.png")
    assert size(tmp_path / "a.png") == size(tmp_path / "b.png")
