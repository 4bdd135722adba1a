"""`kefu train`: `rasa train` in its own runtime; the old model serves until it succeeds."""

import os
import subprocess
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from foundation.errors import KefuError, Unavailable
from kefu.cli.context import out
from kefu.project import ASSISTANT_BIN, MODEL, ROOT, assistant_environment


class TrainingFailed(KefuError):
    """`rasa train` ended without a model."""

    code = "training_failed"
    title = "Training failed"


def train(
    force: Annotated[bool, typer.Option(help="Train all of it, ignoring the cache.")] = False,
) -> None:
    """Train the assistant from config.yml, bot/ and nlu_data/ into models/kefu.tar.gz."""
    rasa = ASSISTANT_BIN / "rasa"
    if not rasa.exists():
        raise Unavailable("the assistant runtime is not installed: run `make setup`")
    MODEL.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=MODEL.parent) as folder:
        command = [
            *(str(rasa), "train", "--config", "config.yml", "--domain", "bot/domain"),
            *("--data", "nlu_data", "bot/dialogue", "--out", folder),
            *("--fixed-model-name", MODEL.name.removesuffix(".tar.gz")),
        ]
        if force:
            command.append("--force")
        result = subprocess.run(
            command,
            cwd=ROOT,
            env={**assistant_environment(), "OMP_NUM_THREADS": str(os.cpu_count() or 1)},
            check=False,
        )
        made = Path(folder) / MODEL.name
        if result.returncode or not made.is_file():
            kept = "; the old model stays in service" if MODEL.is_file() else ""
            raise TrainingFailed(f"rasa train ended with exit code {result.returncode}{kept}")
        made.replace(MODEL)
    out.print(f"trained {MODEL.relative_to(ROOT)}; a running assistant takes it at its next start")
