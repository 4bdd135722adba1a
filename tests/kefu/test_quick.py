"""The quick configuration, and what is said of archives by what they were trained with."""

import io
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from kefu.model_archive import is_tuned
from kefu.quick import is_quick, write_quick

CONFIG = """# What we train.
recipe: default.v1
language: no  # Norwegian
pipeline:
  - name: WhitespaceTokenizer
  - name: bot.components.intent.TransformerIntentClassifier
    model: "./encoders/ours"
    tune: true
    tuning: {epochs: 2}
  - name: bot.components.sentiment.TransformerSentimentAnalyzer
    tune: true
    data: nlu_data/sentiment
policies:
  - name: RulePolicy
    core_fallback_threshold: 0.30
"""


def archive(path: Path, *configurations: dict[str, Any]) -> Path:
    """An archive whose components were trained with these options."""
    nodes = {str(place): {"config": config} for place, config in enumerate(configurations)}
    content = json.dumps({"predict_schema": {"nodes": nodes}}).encode()
    with tarfile.open(path, "w:gz") as tar:
        member = tarfile.TarInfo("metadata.json")
        member.size = len(content)
        tar.addfile(member, io.BytesIO(content))
    return path


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.yml"
    path.write_text(CONFIG, encoding="utf-8")
    return path


def test_the_copy_differs_in_nothing_but_tuning(config: Path, tmp_path: Path) -> None:
    copy = tmp_path / "quick.yml"
    write_quick(config, copy)
    yaml = YAML(typ="safe", pure=True)
    written = yaml.load(copy)
    assert written == yaml.load(CONFIG.replace("tune: true", "tune: false"))
    assert written["language"] == "no"
    assert config.read_text(encoding="utf-8") == CONFIG


def test_the_shipped_configuration_asks_for_tuning(tmp_path: Path) -> None:
    shipped = Path(__file__).resolve().parents[2] / "config.yml"
    write_quick(shipped, tmp_path / "quick.yml")
    frozen = archive(tmp_path / "frozen.tar.gz", {"tune": False})
    assert is_quick(frozen, shipped)
    assert not is_quick(frozen, tmp_path / "quick.yml")


@pytest.mark.parametrize(
    ("trained", "tuned"),
    [
        ([{}, {"tune": True}], True),
        ([{"tune": False}, {"data": "nlu_data/sentiment"}], False),
        ([], False),
    ],
)
def test_an_archive_tells_whether_it_was_tuned(
    config: Path, tmp_path: Path, trained: list[dict[str, Any]], tuned: bool
) -> None:
    made = archive(tmp_path / "model.tar.gz", *trained)
    assert is_tuned(made) is tuned
    assert is_quick(made, config) is not tuned


def test_damaged_archives_are_not_tuned(tmp_path: Path) -> None:
    whole = archive(tmp_path / "model.tar.gz", {"tune": True}).read_bytes()
    for content in (b"", b"not an archive", whole[: len(whole) // 2]):
        path = tmp_path / "damaged.tar.gz"
        path.write_bytes(content)
        assert is_tuned(path) is False
    assert is_tuned(tmp_path / "absent.tar.gz") is False


@pytest.mark.parametrize("content", ["", "pipeline:", "pipeline: [x, 1]", "- a", "a: [b", "\0"])
def test_nothing_is_quicker_than_a_configuration_that_asks_for_nothing(
    tmp_path: Path, content: str
) -> None:
    config = tmp_path / "config.yml"
    config.write_text(content, encoding="utf-8")
    assert is_quick(archive(tmp_path / "model.tar.gz"), config) is False
    assert is_quick(tmp_path / "model.tar.gz", tmp_path / "absent.yml") is False
