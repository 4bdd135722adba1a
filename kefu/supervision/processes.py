"""The processes of a running installation."""

import sys
from dataclasses import dataclass

from foundation.settings import Settings
from kefu.project import ASSISTANT_BIN, MODEL


@dataclass(frozen=True)
class ManagedProcess:
    """A child of ``kefu up``: what to run and how long it may take to stop."""

    name: str
    command: tuple[str, ...]
    stop_seconds: int = 10


def managed_processes(settings: Settings) -> list[ManagedProcess]:
    """Everything that ``kefu up`` keeps running; all start side by side."""
    return [
        ManagedProcess("assistant", _assistant_command(settings)),
        ManagedProcess("actions", (sys.executable, "-m", "actions")),
        ManagedProcess("worker", (sys.executable, "-m", "analytics.feed")),
        ManagedProcess("gateway", (sys.executable, "-m", "gateway")),
    ]


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
