"""`kefu train`: `rasa train` in its own runtime; the old model serves until it succeeds."""

import os
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from foundation.errors import KefuError
from kefu.assistant import assistant_program, run_assistant
from kefu.cli.context import out
from kefu.model_archive import is_tuned, why_unusable
from kefu.project import CONFIG, MODEL, ROOT, TRAINING_LOCK
from kefu.quick import is_quick, write_quick
from kefu.training_lock import sole_training

_CONFIG = ("--config", CONFIG.name)
_DATA = ("--domain", "bot/domain", "--data", "nlu_data", "bot/dialogue")
_UNFINISHED = ".training-"
_LOWEST_PRIORITY = 19


class TrainingFailed(KefuError):
    """There is no new model; says whether the old one stays in service."""

    code = "training_failed"
    title = "Training failed"

    def __init__(self, reason: str) -> None:
        kept = "; the old model stays in service" if MODEL.is_file() else ""
        super().__init__(f"{reason}{kept}")


def train(
    force: Annotated[bool, typer.Option(help="Train all of it, ignoring the cache.")] = False,
    quick: Annotated[
        bool, typer.Option("--quick", help="Do not tune the encoder: a tenth of the time.")
    ] = False,
    background: Annotated[
        bool,
        typer.Option(
            "--background",
            help="At the lowest priority, leaving a processor free; ends for another training.",
        ),
    ] = False,
) -> None:
    """Train the assistant from config.yml, bot/ and nlu_data/ into models/kefu.tar.gz."""
    signal.signal(signal.SIGTERM, _end)
    threads = os.cpu_count() or 1
    if background:
        os.nice(_LOWEST_PRIORITY)
        threads = max(1, threads - 1)
    assistant_program("rasa")
    with sole_training(TRAINING_LOCK, background=background, on_waiting=out.print):
        _check_what_is_trained_from()
        begun = time.monotonic()
        _train(force=force, quick=quick, threads=threads, thrifty=background)
    minutes, seconds = divmod(round(time.monotonic() - begun), 60)
    out.print(
        f"trained {MODEL.relative_to(ROOT)}{_kind()} in {minutes} min {seconds} s;"
        " a running assistant takes it within seconds",
        soft_wrap=True,
    )


def _train(*, force: bool, quick: bool, threads: int, thrifty: bool) -> None:
    MODEL.parent.mkdir(exist_ok=True)
    for left in MODEL.parent.glob(f"{_UNFINISHED}*"):
        shutil.rmtree(left, ignore_errors=True)  # of a training that was killed
    with tempfile.TemporaryDirectory(prefix=_UNFINISHED, dir=MODEL.parent) as name:
        folder = Path(name)
        config = _CONFIG
        if quick:
            write_quick(CONFIG, folder / CONFIG.name)
            config = ("--config", str(folder / CONFIG.name))
        result = run_assistant(
            *("rasa", "train", *config, *_DATA, "--out", folder),
            *("--fixed-model-name", MODEL.name.removesuffix(".tar.gz")),
            *(("--force",) if force else ()),
            threads=threads,
            scratch=folder,
            thrifty=thrifty,
        )
        made = folder / MODEL.name
        if result.returncode or not made.is_file():
            raise TrainingFailed(f"rasa train ended with exit code {result.returncode}")
        reason = why_unusable(made)
        if reason:
            raise TrainingFailed(f"the new model cannot be used: {reason}")
        made.replace(MODEL)


def _kind() -> str:
    if is_tuned(MODEL):
        return ", tuned,"
    return ", quick (`kefu train` tunes it)," if is_quick(MODEL, CONFIG) else ""


def _end(signal_number: int, _: FrameType | None) -> None:
    """Ends by an exception, so that what was begun is stopped and removed on the way out."""
    signal.signal(signal_number, signal.SIG_IGN)
    raise TrainingFailed("the training was ended before it was done")


def _check_what_is_trained_from() -> None:
    """Lets training begin only when it can succeed; it takes minutes to fail by itself.

    Raises:
        TrainingFailed: names the file and the line to mend; the other ones are printed before.
    """
    result = run_assistant("python", "-m", "bot.preflight", *_CONFIG, *_DATA, captured=True)
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
