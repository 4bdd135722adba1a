"""The processes of a running installation."""

import sys
from dataclasses import dataclass

from foundation.settings import Settings
from kefu.project import ASSISTANT_BIN, CONFIG, MODEL
from kefu.quick import is_quick

TUNING = "tuning"


@dataclass(frozen=True)
class ManagedProcess:
    """A child of ``kefu up``.

    Attributes:
        stop_seconds: how long it may take to stop.
        once: begins when everything is ready, and its end is told instead of mended.
    """

    name: str
    command: tuple[str, ...]
    stop_seconds: int = 10
    once: bool = False


def managed_processes(settings: Settings) -> list[ManagedProcess]:
    """Everything that ``kefu up`` runs; what it keeps running starts side by side."""
    processes = [
        ManagedProcess("assistant", _assistant_command(settings)),
        ManagedProcess("actions", (sys.executable, "-m", "actions")),
        ManagedProcess("worker", (sys.executable, "-m", "analytics.feed")),
        # Longer than its sockets take to close and its running turns to end.
        ManagedProcess("gateway", (sys.executable, "-m", "gateway"), stop_seconds=20),
    ]
    if settings.tune_in_background and is_quick(MODEL, CONFIG):
        train = (sys.executable, "-m", "kefu", "train", "--background")
        processes.append(ManagedProcess(TUNING, train, once=True))
    return processes


def _assistant_command(settings: Settings) -> tuple[str, ...]:
    return (
        str(ASSISTANT_BIN / "python"),
        "-m",
        "bot.serve",
        "--model",
        str(MODEL),
        "--port",
        str(settings.rasa_port),
    )
