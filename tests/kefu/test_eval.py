"""`kefu eval` as an operator types it: from any folder, into a pipe."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kefu.project import ASSISTANT_BIN, MODEL, ROOT
from tests.fixtures.absent import absent

pytestmark = [
    pytest.mark.skipif(
        not (ASSISTANT_BIN / "python").exists() and not os.environ.get("CI"),
        reason="the assistant runtime is not installed (make setup)",
    )
]

ROWS = """sentence,label
where is my order,order_status
has my parcel been sent yet,order_status
who won the football match,nothing we do
"""


def kefu_eval(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kefu", "eval", *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "120"},
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )


def test_the_model_in_service_is_measured_from_any_folder(tmp_path: Path) -> None:
    if not MODEL.is_file():
        absent("no model is trained (kefu train)")
    (tmp_path / "rows.csv").write_text(ROWS)
    arguments = ("nlu", "--test", "rows.csv", "--model", str(MODEL), "--out", "report")
    done = kefu_eval(*arguments, "--oos-label", "nothing we do", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert {"accuracy", "in_scope_accuracy", "oos_recall", "macro_f1", "ece"} <= report.keys()
    assert report["in_scope_accuracy"] == 1.0
    assert 0 < report["latency_ms"]["p50"] <= report["latency_ms"]["p95"]
    assert (tmp_path / "report" / "report.md").is_file()


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("nlu", "--test", "nowhere.csv"), 1, "kefu eval: nowhere.csv: there is no such file"),
        (("sentiment", "--test", "rows.csv"), 1, "rows.csv:2: 'order_status' is none of"),
        (("nlu", "--folds", "x"), 2, "invalid number value: 'x'"),
    ],
)
def test_what_is_wrong_is_said_once(
    tmp_path: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    (tmp_path / "rows.csv").write_text(ROWS)
    done = kefu_eval(*arguments, cwd=tmp_path)
    assert done.returncode == code
    assert done.stdout == ""
    assert said in done.stderr
    assert code == 2 or len(done.stderr.strip().splitlines()) == 1


def test_help_names_the_options(tmp_path: Path) -> None:
    done = kefu_eval("nlu", "--help", cwd=tmp_path)
    assert done.returncode == 0
    assert "--oos-label" in done.stdout
