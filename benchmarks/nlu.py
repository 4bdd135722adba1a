"""Intents and foreign messages on public data, beside stock Rasa: ``python -m benchmarks.nlu``.

Every row is `kefu eval nlu` on the data set's own split: our pipeline of config.yml and stock
Rasa's are trained by Rasa on the same rows and read the same test messages one by one, on one
thread. Nothing of a test split is used before that. All rows take hours on two cores; what was
measured is kept under ``--kept``, and a run that was stopped goes on from there.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.harness.figures import (
    BenchmarkFailed,
    add_common_options,
    begin,
    finish,
    progress,
    rounded,
)
from tests.e2e.system import KEFU, ROOT

_FIGURES = ("accuracy", "in_scope_accuracy", "oos_recall", "macro_f1", "ece")
_COSTS = ("train_seconds", "load_seconds", "resident_mb", "archive_mb")


@dataclass(frozen=True)
class Row:
    """A data set's split, and what is to be reached on it.

    Attributes:
        train, test: below the data's ``intent`` folder; no ``train`` means our own ``nlu_data`` and
            a test in the project.
    """

    name: str
    train: str | None
    test: str
    wanted: dict[str, float]
    foreign: str | None = None


ROWS = [
    Row(
        "banking77-10shot",
        "banking77/fewshot_split/train_10",
        "banking77/fewshot_split/test",
        {"accuracy": 0.875},
    ),
    Row(
        "hwu64-10shot",
        "hwu64/fewshot_split/train_10",
        "hwu64/fewshot_split/test",
        {"accuracy": 0.871},
    ),
    Row(
        "clinc150-full",
        "clinc150/data_full.json#train,oos_train",
        "clinc150/data_full.json#test,oos_test",
        {"in_scope_accuracy": 0.97, "oos_recall": 0.70},
        foreign="oos",
    ),
    Row("hwu64-full", "hwu64/fewshot_split/train", "hwu64/fewshot_split/test", {"accuracy": 0.93}),
    Row("kefu-fresh", None, "tests/holdout/nlu_fresh.yml", {}),
    Row("banking77-full", "banking77/train.csv", "banking77/test.csv", {"accuracy": 0.937}),
]


def main() -> int:
    """Measure and report; 1 with one line when something failed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.nlu", description=__doc__)
    data = os.environ.get("KEFU_BENCH_DATA", "../shared/data")
    parser.add_argument("--data", type=Path, default=Path(data), help="KEFU_BENCH_DATA")
    parser.add_argument("--rows", nargs="+", choices=[row.name for row in ROWS], default=None)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--peer-seeds", type=int, default=1, help="0 leaves the peer out")
    parser.add_argument("--quick", action="store_true", help="the frozen encoder of set-up")
    parser.add_argument("--kept", type=Path, default=Path("results/nlu"))
    add_common_options(parser)
    options = parser.parse_args()
    chosen = [row for row in ROWS if options.rows is None or row.name in options.rows]
    try:
        if not (options.data / "intent").is_dir():
            raise BenchmarkFailed(f"there is no folder {options.data / 'intent'} (--data)")
        result = begin(options) | {"rows": [_row(row, options) for row in chosen]}
    except (BenchmarkFailed, OSError) as failed:
        print(f"benchmark stopped: {failed}", file=sys.stderr)
        return 1
    finish(options, result)
    return 0


def _row(row: Row, options: argparse.Namespace) -> dict[str, Any]:
    runs = [
        _evaluated(row, seed, options, peer=seed <= options.peer_seeds)
        for seed in range(1, options.seeds + 1)
    ]
    ours = _mean(runs)
    peers = [run["peer"] for run in runs if "peer" in run]
    reached = {
        name: {
            "wanted": wanted,
            "measured": ours[name],
            "short_by": rounded(max(0.0, wanted - ours[name]), 4),
        }
        for name, wanted in row.wanted.items()
    }
    return {
        "row": row.name,
        "seeds": len(runs),
        "kefu": ours,
        "to_reach": reached,
        "peer": _mean(peers) | {"seeds": len(peers)} if peers else None,
        # Of the same run: the machine's speed drifts from one to the next.
        "latency_ratio": runs[0]["ratio"].get("latency_ms.p50") if peers else None,
    }


def _evaluated(row: Row, seed: int, options: argparse.Namespace, *, peer: bool) -> dict[str, Any]:
    kind = f"{'quick' if options.quick else 'tuned'}{'-peer' if peer else ''}"
    kept: Path = options.kept / f"{row.name}-{seed}-{kind}.json"
    if not kept.is_file():
        progress(f"{row.name}, seed {seed}{' with its peer' if peer else ''}")
        command = [
            *(*KEFU, "eval", "nlu", "--json", "--seed", str(seed)),
            *_files(row, options.data.resolve() / "intent"),
            *(("--oos-label", row.foreign) if row.foreign else ()),
            *(("--peer", "diet") if peer else ()),
            *(("--set", "TransformerIntentClassifier.tune=false") if options.quick else ()),
        ]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode:
            said = done.stderr.replace("\r", "\n").strip().splitlines() or ["no reason given"]
            raise BenchmarkFailed(f"{row.name}: {said[-1]}")
        kept.parent.mkdir(parents=True, exist_ok=True)
        beside = kept.with_suffix(".part")
        beside.write_text(done.stdout, encoding="utf-8")
        beside.replace(kept)
    found: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
    return found


def _files(row: Row, base: Path) -> list[str]:
    if row.train is None:
        return ["--test", row.test]
    return ["--train", str(base / row.train), "--test", str(base / row.test)]


def _mean(runs: list[dict[str, Any]]) -> dict[str, Any]:
    def mean(values: list[float | None]) -> float | None:
        known = [value for value in values if value is not None]
        return rounded(statistics.fmean(known), 4) if known else None

    found: dict[str, Any] = {name: mean([run.get(name) for run in runs]) for name in _FIGURES}
    found["spread"] = rounded(statistics.pstdev([run["accuracy"] for run in runs]), 4)
    entities = [run["entities"] for run in runs if run.get("entities")]
    if entities:
        found["entity_micro_f1"] = mean([part["micro"]["f1"] for part in entities])
    for share in ("p50", "p95", "busy_p50"):
        found[f"{share}_ms"] = mean([run["latency_ms"].get(share) for run in runs])
    for name in _COSTS:
        found[name] = mean([run["cost"].get(name) for run in runs])
    return found


if __name__ == "__main__":
    sys.exit(main())
