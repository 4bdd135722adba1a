"""Training and reading, each in a process of its own.

So that training has all processors and reading one thread, that memory is that of a model which
was loaded and not trained, and that what Rasa prints never mixes with a report.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bot.evaluation.errors import EvaluationFailed
from bot.evaluation.examples import Dataset
from bot.evaluation.pipeline import Config
from bot.evaluation.readings import Reading

ROOT = Path(__file__).resolve().parents[2]

BEGUN = "KEFU_EVAL_BEGUN"
"""In the worker's environment: when it was started, as `time.time` says."""

_QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "HF_HUB_OFFLINE": "1",
    "TF_CPP_MIN_LOG_LEVEL": "2",
    "TOKENIZERS_PARALLELISM": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "LOG_LEVEL": "WARNING",
}
_ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
}


@dataclass(frozen=True)
class Trained:
    """A model archive, and how long it took to make, where it was made."""

    model: Path
    seconds: float | None


@dataclass(frozen=True)
class Cost:
    """What it takes to have a model in memory.

    Attributes:
        load_seconds: of the model alone.
        ready_seconds: from the start of the process, with Rasa's own imports.
        resident_mb: of the process once the model is loaded, Rasa itself included.
        archive_mb: of the model on disk.
    """

    load_seconds: float
    ready_seconds: float
    resident_mb: float
    archive_mb: float


def train(
    config: Config,
    data: Dataset,
    intents: Mapping[str, str],
    folder: Path,
    *,
    seed: int | None = None,
) -> Trained:
    """Trains with Rasa on exactly these examples.

    Args:
        intents: the name that each label has as an intent.
        folder: is made; holds the data, the configuration and the model.
        seed: for every component that has one; None leaves the configuration's.

    Raises:
        EvaluationFailed: the training ended without a model.
    """
    folder.mkdir(parents=True)
    examples = [
        {
            "text": example.text,
            "intent": intents[example.label],
            "entities": list(example.entities),
        }
        for example in data.examples
    ]
    job = {"config": config, "seed": seed, "examples": examples, **asdict(data.shapes)}
    processors = str(os.cpu_count() or 1)
    told = {"RASA_CACHE_DIRECTORY": str(folder.parent / "cache"), "OMP_NUM_THREADS": processors}
    done = _run("train", job, folder, told)
    return Trained(folder / done["model"], done["seconds"])


def read(
    model: Path, texts: Sequence[str], folder: Path, *, shipped: bool
) -> tuple[list[Reading], Cost]:
    """Reads the texts one by one through the loaded model, on one thread.

    Args:
        folder: for the job's files; is made where it is missing.
        shipped: as our server reads; otherwise as Rasa's own does.

    Raises:
        EvaluationFailed: the model cannot be loaded.
    """
    folder.mkdir(parents=True, exist_ok=True)
    job = {"model": str(model), "texts": list(texts), "shipped": shipped}
    cost = Cost(**_run("read", job, folder, {**_ONE_THREAD, BEGUN: str(time.time())}))
    with (folder / "readings.jsonl").open(encoding="utf-8") as lines:
        readings = [
            Reading.parsed(row["parsed"], **row["measured"]) for row in map(json.loads, lines)
        ]
    return readings, cost


def _run(kind: str, job: Mapping[str, Any], folder: Path, told: Mapping[str, str]) -> Any:
    """Runs the worker; what it prints goes to a log, its progress bars to our stderr."""
    (folder / f"{kind}.job.json").write_text(json.dumps(job), encoding="utf-8")
    log = folder / f"{kind}.log"
    with log.open("w", encoding="utf-8") as out:
        result = subprocess.run(  # noqa: S603 - our own worker
            [sys.executable, "-m", "bot.evaluation.worker", kind, str(folder)],
            cwd=ROOT,
            env={**_QUIET, **os.environ, **told},
            stdout=out,
            check=False,
        )
    answer = folder / f"{kind}.done.json"
    done = json.loads(answer.read_text(encoding="utf-8")) if answer.is_file() else {}
    if "failed" in done:
        raise EvaluationFailed(done["failed"])
    if result.returncode or not done:
        lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        said = f": {lines[-1]}" if lines else ""
        doing = "the training" if kind == "train" else "the reading"
        raise EvaluationFailed(f"{doing} ended with exit code {result.returncode}{said}")
    return done
