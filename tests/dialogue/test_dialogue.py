"""The rules lead every main flow where it should go: Rasa's test stories, in its runtime."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.fixtures.absent import absent

ROOT = Path(__file__).resolve().parents[2]
ASSISTANT = ROOT / ".venv-assistant" / "bin" / "rasa"
STORIES = Path(__file__).parent

Rasa = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def rasa() -> Rasa:
    """Runs Rasa's command line; without the assistant runtime there is nothing to test."""
    if not ASSISTANT.is_file():
        absent("the assistant runtime is not installed; `make setup` installs it")
    environment = os.environ | {
        "RASA_TELEMETRY_ENABLED": "false",
        "HF_HUB_OFFLINE": "1",
        "TF_CPP_MIN_LOG_LEVEL": "2",
        "OMP_NUM_THREADS": "1",
    }

    def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(ASSISTANT), *map(str, arguments)],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=280,
            check=False,
        )

    return run


@pytest.mark.slow
def test_every_story_goes_as_it_should(rasa: Rasa, tmp_path: Path) -> None:
    trained = rasa(
        *("train", "core", "--config", "config.yml", "--domain", "bot/domain"),
        *("--stories", "bot/dialogue", "--out", tmp_path, "--fixed-model-name", "core"),
    )
    assert trained.returncode == 0, trained.stderr[-3000:]
    stories = tmp_path / "stories"
    stories.mkdir()
    for file in STORIES.glob("test_*.yml"):
        shutil.copy(file, stories)

    tested = rasa(
        *("test", "core", "--model", tmp_path / "core.tar.gz", "--stories", stories),
        *("--out", tmp_path / "results", "--fail-on-prediction-errors", "--no-plot"),
    )

    assert tested.returncode == 0, tested.stderr[-3000:]
    failed = (tmp_path / "results" / "failed_test_stories.yml").read_text(encoding="utf-8")
    assert "story:" not in failed, failed


@pytest.mark.slow
def test_domain_and_training_data_are_valid(rasa: Rasa) -> None:
    checked = rasa(
        *("data", "validate", "--config", "config.yml", "--domain", "bot/domain"),
        *("--data", "nlu_data", "bot/dialogue", "--fail-on-warnings"),
    )

    assert checked.returncode == 0, checked.stderr[-3000:]


def test_stories_cover_every_intent_and_action() -> None:
    domain = ROOT / "bot" / "domain"
    intents = {next(iter(row)) for row in _yaml(domain / "intents.yml")["intents"]}
    actions = set(_yaml(domain / "actions.yml")["actions"])
    steps = [
        step
        for file in STORIES.glob("test_*.yml")
        for story in _yaml(file)["stories"]
        for step in story["steps"]
    ]
    told = {step["intent"] for step in steps if "intent" in step}
    done = {step["action"] for step in steps if "action" in step}

    assert intents - told == set()
    # The forms' own actions run inside of the forms; the last resort is for what no rule covers.
    inside = {name for name in actions if name.startswith("validate_")}
    assert actions - done - inside == {"action_default_fallback"}


def _yaml(path: Path) -> dict:  # type: ignore[type-arg]
    loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded
