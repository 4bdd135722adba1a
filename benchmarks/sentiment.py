"""The tone of messages beside a lexicon, VADER: ``python -m benchmarks.sentiment``.

Reads the held-out sentences of tests/holdout, and any labelled file that is given, with the model
in service; VADER reads the same ones with the thresholds that its authors state.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.harness.figures import (
    BenchmarkFailed,
    add_common_options,
    begin,
    finish,
    progress,
)
from tests.e2e.system import KEFU, ROOT

_OWN = ("tests/holdout/sentiment_fresh.csv", "tests/holdout/sentiment.csv")
_FIGURES = ("accuracy", "macro_f1", "ece", "frustrated_auroc", "frustrated_ece")


def main() -> int:
    """Measure and report; 1 with one line when something failed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sentiment", description=__doc__)
    parser.add_argument("--test", type=Path, nargs="*", default=[], help="CSV with text and label")
    parser.add_argument("--model", type=Path, default=Path("models/kefu.tar.gz"))
    add_common_options(parser)
    options = parser.parse_args()
    try:
        files = [*map(Path, _OWN), *(path.resolve() for path in options.test)]
        result = begin(options) | {"files": [_measured(path, options.model) for path in files]}
    except (BenchmarkFailed, OSError) as failed:
        print(f"benchmark stopped: {failed}", file=sys.stderr)
        return 1
    finish(options, result)
    return 0


def _measured(test: Path, model: Path) -> dict[str, Any]:
    progress(f"reading {test.name}")
    command = [*KEFU, "eval", "sentiment", "--json", "--peer", "vader"]
    command += ["--test", str(test), "--model", str(model)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        said = done.stderr.replace("\r", "\n").strip().splitlines() or ["no reason given"]
        raise BenchmarkFailed(f"{test}: {said[-1]}")
    report = json.loads(done.stdout)
    return {
        "file": test.name,
        "kefu": {name: report.get(name) for name in _FIGURES},
        "vader": {name: report["peer"].get(name) for name in ("accuracy", "macro_f1")},
    }


if __name__ == "__main__":
    sys.exit(main())
