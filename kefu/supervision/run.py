"""Run every process under supervisor, in this process, until Ctrl-C or a failure for good."""

import os
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from supervisor.medusa.asyncore_25 import ExitNow
from supervisor.options import ServerOptions
from supervisor.process import Subprocess
from supervisor.states import ProcessStates
from supervisor.supervisord import Supervisor

from foundation.settings import Settings
from kefu.supervision.processes import ManagedProcess
from kefu.supervision.readiness import wait_until_ready
from kefu.supervision.supervisor_config import write_config

_POLL_SECONDS = 0.5
_OVER = (ProcessStates.EXITED, ProcessStates.FATAL)


@dataclass(frozen=True)
class Ended:
    """How a process that runs once has ended, and what it said last."""

    name: str
    succeeded: bool
    last_line: str
    log: Path


class Run:
    """One run of the whole system. Supervisor needs the main thread for its signals."""

    def __init__(self, settings: Settings, processes: list[ManagedProcess]) -> None:
        self._settings = settings
        self._processes = processes
        self._supervisor: Supervisor | None = None
        self._ended = threading.Event()
        self.failed: str | None = None
        """Why it stopped by itself, in one line."""

    def until_stopped(
        self,
        *,
        on_waiting: Callable[[list[str]], None],
        on_ready: Callable[[float], None],
        on_ended: Callable[[Ended], None],
    ) -> None:
        """Start everything and block until all of it has stopped.

        Args:
            on_waiting: called with the parts that are not ready yet.
            on_ready: called once, with the seconds that it took; what runs once begins then.
            on_ended: called when a process that runs once has ended by itself.
        """
        path = write_config(self._settings, self._processes)
        told = (on_waiting, on_ready, on_ended)
        watch = threading.Thread(target=self._watch, args=told, daemon=True)
        self._supervisor = _make_supervisor(path)
        watch.start()
        try:
            with suppress(ExitNow):  # how supervisor's loop says that all children have ended
                self._supervisor.main()
        finally:
            self._ended.set()
            watch.join(timeout=5)

    def _watch(
        self,
        on_waiting: Callable[[list[str]], None],
        on_ready: Callable[[float], None],
        on_ended: Callable[[Ended], None],
    ) -> None:
        seconds = wait_until_ready(
            self._settings, on_waiting=on_waiting, stop=lambda: self._ended.is_set() or self._dead()
        )
        running = [process.name for process in self._processes if process.once]
        if seconds is not None:
            on_ready(seconds)
            for name in running:
                # Supervisor's own thread starts what is to be started and has not been yet.
                self._children(name)[0].config.autostart = True
        while not self._ended.wait(_POLL_SECONDS):
            if self._dead():
                return
            for name in [name for name in running if self._children(name)[0].state in _OVER]:
                running.remove(name)
                on_ended(self._how_it_ended(name))

    def _dead(self) -> bool:
        """Stop everything when one process was given up; true once that happened."""
        kept = [process.name for process in self._processes if not process.once]
        for name in kept:
            if self.failed is None and any(
                child.state == ProcessStates.FATAL for child in self._children(name)
            ):
                log = self._log(name)
                self.failed = f"{name} does not stay up: {_last_line(log)} (log: {log})"
                os.kill(os.getpid(), signal.SIGTERM)
        return self.failed is not None

    def _how_it_ended(self, name: str) -> Ended:
        child = self._children(name)[0]
        succeeded = child.state == ProcessStates.EXITED and child.exitstatus == 0
        return Ended(name, succeeded, _last_line(self._log(name)), self._log(name))

    def _children(self, name: str) -> list[Subprocess]:
        """Supervisor's processes of that name: one, or none before it has begun."""
        if self._supervisor is None:
            return []
        group = self._supervisor.process_groups.get(name)
        return list(group.processes.values()) if group else []

    def _log(self, name: str) -> Path:
        return self._settings.var / "logs" / f"{name}.log"


def _make_supervisor(config: Path) -> Supervisor:
    options = ServerOptions()
    options.realize(args=["-c", str(config)], doc=__doc__)
    # What supervisor's own main() sets: the first run of the loop, and not a profiling one.
    options.first, options.test = True, False
    return Supervisor(options)


def _last_line(log: Path) -> str:
    if not log.is_file():
        return "it wrote no log"
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines()]
    return next((line[:300] for line in reversed(lines) if line), "it wrote no log")
