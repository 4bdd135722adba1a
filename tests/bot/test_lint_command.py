"""`python -m bot.lint` as it is run: its lines, its JSON, its exit code, what is accepted."""

import json
import subprocess
import sys
from pathlib import Path

import lint_project

ROOT = Path(__file__).resolve().parents[2]

BAD = """
nlu:
- intent: greet
  examples: |
    - hello
    - where is my order
- intent: order_status
  examples: |
    - where is my order?
    - any news
"""


def _lint(paths, *flags, accepted=None):
    given = lint_project.arguments(paths)
    if accepted is not None:
        file = paths["nlu"].with_name("lint-accepted.yml")
        file.write_text(accepted, encoding="utf-8")
        given.append(str(file))
    return subprocess.run(
        [sys.executable, "-m", "bot.lint", *given, *flags],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=120,
        env={"PYTHONPATH": str(ROOT), "PATH": "", "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"},
    )  # fmt: skip


def test_a_line_for_each_finding_and_exit_code_1_for_an_error(tmp_path):
    paths = lint_project.write(tmp_path, nlu=BAD)
    done = _lint(paths, "--fast")
    lines = done.stdout.splitlines()
    assert lines[0].startswith(f"{paths['nlu']}:4: warning intent-few: ")
    assert lines[1].startswith(f"{paths['nlu']}:8: error duplicate: 'where is my order?' under ")
    assert done.stderr.strip() == "training data: 1 errors, 2 warnings"
    assert done.returncode == 1


def test_json(tmp_path):
    paths = lint_project.write(tmp_path, nlu=BAD)
    done = _lint(paths, "--fast", "--json")
    found = json.loads(done.stdout)
    assert (found["errors"], found["warnings"], done.returncode) == (1, 2, 1)
    (error,) = [item for item in found["items"] if item["severity"] == "error"]
    assert error == {
        "file": str(paths["nlu"]),
        "line": 8,
        "severity": "error",
        "code": "duplicate",
        "text": error["text"],
        "subject": "where is my order?",
    }


def test_warnings_alone_are_exit_code_0_with_the_model_too(tmp_path):
    paths = lint_project.write(tmp_path)
    done = _lint(paths)
    assert done.returncode == 0, done.stderr
    assert "intent-few" in done.stdout


def test_an_accepted_finding_is_not_told_and_an_idle_entry_is(tmp_path):
    accepted = """
accepted:
  - code: duplicate
    text: where is my order?
    reason: a test
  - {code: duplicate, text: any news, reason: it was one once}
  - {code: label-noise, text: any news, reason: another model may doubt it}
  - {code: label-noise, text: gone from the data, reason: none}
"""
    done = _lint(lint_project.write(tmp_path, nlu=BAD), "--fast", accepted=accepted)
    assert done.returncode == 0, done.stdout
    told = [line.split(": ")[0:2] for line in done.stdout.splitlines()]
    stale = [where.rsplit(":", 1)[1] for where, what in told if what == "warning accepted-stale"]
    assert stale == ["6", "8"]


def test_an_entry_needs_a_reason(tmp_path):
    accepted = "accepted:\n  - code: duplicate\n    text: where is my order?\n"
    done = _lint(lint_project.write(tmp_path, nlu=BAD), "--fast", accepted=accepted)
    assert done.returncode == 1
    assert "lint-accepted.yml:2: error accepted-invalid: an accepted finding needs reason" in (
        done.stdout
    )
    assert "error duplicate" in done.stdout
