"""`kefu explain` as an operator types it."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from rich.console import Console

from gateway.explanation import Explanation
from kefu.cli.explain_view import drawn
from kefu.model_archive import why_unusable
from kefu.project import ASSISTANT_BIN, MODEL, ROOT
from tests.fixtures.absent import absent
from tests.gateway.support.double import AssistantDouble, explained

TEXT = "where is my parcel"


@pytest.fixture
def assistant() -> Iterator[AssistantDouble]:
    with AssistantDouble() as double:
        yield double


def kefu_explain(assistant: AssistantDouble, *arguments: str) -> subprocess.CompletedProcess[str]:
    mine = {key: value for key, value in os.environ.items() if not key.startswith("KEFU_")}
    settings = {
        "KEFU_RASA_PORT": assistant.url.rpartition(":")[2],
        "KEFU_INTERNAL_TOKEN": "internal-token-of-the-tests",
        "COLUMNS": "120",
    }
    return subprocess.run(
        [sys.executable, "-m", "kefu", "explain", *arguments],
        cwd=ROOT,
        env={**mine, **settings},
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )


def test_the_running_assistant_is_asked(assistant: AssistantDouble) -> None:
    done = kefu_explain(assistant, TEXT, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == explained(TEXT)
    assert done.stderr == ""
    assert assistant.tokens == ["internal-token-of-the-tests"]


def test_people_get_a_picture(assistant: AssistantDouble) -> None:
    done = kefu_explain(assistant, TEXT)
    assert done.returncode == 0, done.stderr
    for part in (TEXT, "order_status  81.0 % sure", "inside what was taught", "valence −0.05"):
        assert part in done.stdout
    assert "\x1b" not in done.stdout, "no colours into a pipe"


@pytest.mark.parametrize(
    ("text", "said"), [(" \n", "text: it is empty"), ("x" * 8_001, "text: at most 8,000")]
)
def test_what_cannot_be_explained_is_one_line(
    assistant: AssistantDouble, text: str, said: str
) -> None:
    done = kefu_explain(assistant, text)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"kefu: {said}")
    assert len(done.stderr.strip().splitlines()) == 1


def test_an_assistant_that_refuses_is_not_passed_over(assistant: AssistantDouble) -> None:
    assistant.status = 401
    done = kefu_explain(assistant, TEXT)
    assert done.returncode == 1
    assert done.stderr.strip() == "kefu: the running assistant could not explain this: HTTP 401"


@pytest.mark.skipif(
    not (ASSISTANT_BIN / "python").exists() and not os.environ.get("CI"),
    reason="the assistant runtime is not installed (make setup)",
)
def test_without_one_the_model_is_loaded(assistant: AssistantDouble) -> None:
    if not MODEL.is_file() or why_unusable(MODEL):
        absent("no model is trained (kefu train)")
    assistant.stop()
    done = kefu_explain(assistant, "--json", "--", f"-{TEXT}")
    assert "loading the model takes some seconds" in done.stderr
    assert done.returncode == 0, done.stderr
    found = Explanation.model_validate_json(done.stdout)
    assert [word.text for word in found.words] == TEXT.split()


def view(**changed: object) -> str:
    """The picture, 80 columns wide."""
    explanation = Explanation.model_validate(explained(TEXT) | changed)
    console = Console(file=io.StringIO(), width=80, highlight=False)
    for part in drawn(explanation):
        console.print(part)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def weights(intent: float, sentiment: float, frustrated: float) -> list[dict[str, object]]:
    word = {"text": "late\nagain", "start": 0, "end": 5}
    return [{**word, "intent": intent, "sentiment": sentiment, "frustrated": frustrated}]


def test_every_bar_has_its_sign() -> None:
    row = next(
        line for line in view(words=weights(0.84, -0.41, 0.004)).splitlines() if "+84" in line
    )
    assert "late again" in row
    assert "+84      │█████" in row
    assert "−0.41 █████│" in row
    assert row.rstrip().endswith("0      │")


def test_small_weights_have_small_bars() -> None:
    row = next(line for line in view(words=weights(0.04, 0, 0)).splitlines() if "+4" in line)
    assert "│█ " in row
    assert "│██" not in row


@pytest.mark.parametrize("score", [-40.0, -1.7, -1.6, 40.0])
def test_the_meter_holds_any_score(score: float) -> None:
    inside = score >= -1.6
    scope = explained(TEXT)["scope"] | {"score": score, "inside": inside}
    lines = view(scope=scope).splitlines()
    meter = next(line for line in lines if line.startswith("  outside "))
    marks = meter.removeprefix("  outside ").removesuffix(" inside")
    assert len(marks) == 41
    assert (marks.index("●") >= 20) is inside


def test_a_text_without_words_is_said() -> None:
    assert "there are none" in view(words=[])
