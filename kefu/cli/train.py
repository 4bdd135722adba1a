"""`kefu train`: `rasa train` in its own runtime; the old model serves until it succeeds."""

import os
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from foundation.errors import KefuError
from kefu.assistant import assistant_program, run_assistant
from kefu.cli.context import out
from kefu.model_archive import why_unusable
from kefu.project import MODEL, ROOT

_TRAINED_FROM = (
    *("--config", "config.yml", "--domain", "bot/domain"),
    *("--data", "nlu_data", "bot/dialogue"),
)


class TrainingFailed(KefuError):
    """There is no new model; says whether the old one stays in service."""

    code = "training_failed"
    title = "Training failed"

    def __init__(self, reason: str) -> None:
        kept = "; the old model stays in service" if MODEL.is_file() else ""
        super().__init__(f"{reason}{kept}")


def train(
    force: Annotated[bool, typer.Option(help="Train all of it, ignoring the cache.")] = False,
) -> None:
    """Train the assistant from config.yml, bot/ and nlu_data/ into models/kefu.tar.gz."""
    rasa = assistant_program("rasa").name
    _check_what_is_trained_from()
    MODEL.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=MODEL.parent) as folder:
        result = run_assistant(
            *(rasa, "train", *_TRAINED_FROM, "--out", folder),
            *("--fixed-model-name", MODEL.name.removesuffix(".tar.gz")),
            *(("--force",) if force else ()),
            threads=os.cpu_count() or 1,
        )
        made = Path(folder) / MODEL.name
        if result.returncode or not made.is_file():
            raise TrainingFailed(f"rasa train ended with exit code {result.returncode}")
        reason = why_unusable(made)
        if reason:
            raise TrainingFailed(f"the new model cannot be used: {reason}")
        made.replace(MODEL)
    out.print(f"trained {MODEL.relative_to(ROOT)}; a running assistant takes it at its next start")


def _check_what_is_trained_from() -> None:
    """Lets training begin only when it can succeed; it takes minutes to fail by itself.

    Raises:
        TrainingFailed: names the file and the line to mend; the other ones are printed before.
    """
    result = run_assistant("python", "-m", "bot.preflight", *_TRAINED_FROM, captured=True)
    if result.returncode == 0:
        return
    problems = result.stdout.splitlines()
    if not problems:
        said = result.stderr.strip().splitlines() or ["it printed nothing"]
        raise TrainingFailed(f"the check of the training data broke off: {said[-1]}")
    for problem in problems[1:]:
        print(problem, file=sys.stderr)
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    raise TrainingFailed(f"{problems[0]}{more}")
