"""A whole installation for tests: its own data folder, its own ports, everything running."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from crm_store.database import Database
from crm_store.opening import open_database
from foundation.settings import load_settings

ROOT = Path(__file__).resolve().parents[2]
KEFU = [sys.executable, "-m", "kefu"]
START_SECONDS = 180
_COMMANDS = {
    "assistant": "bot.serve",
    "actions": "actions",
    "worker": "analytics.feed",
    "gateway": "gateway",
}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class System:
    """A running ``kefu up``."""

    var: Path
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None
    ready_seconds: float = field(default=0.0)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.environment['KEFU_PORT']}"

    def kefu(self, *arguments: str) -> str:
        """Run a `kefu` command against this installation and return what it printed."""
        done = subprocess.run(
            [*KEFU, *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert done.returncode == 0, f"kefu {' '.join(arguments)}: {done.stderr}"
        return done.stdout

    @contextmanager
    def database(self) -> Iterator[Database]:
        url = self.environment.get("KEFU_DATABASE_URL", "")
        database = open_database(load_settings(env_file=None, var=self.var, database_url=url))
        try:
            yield database
        finally:
            database.dispose()

    def start(self) -> None:
        with (self.var / "up.log").open("wb") as log:
            self.process = subprocess.Popen(
                [*KEFU, "up"], cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )
        self.ready_seconds = self.wait_until_ready()

    def wait_until_ready(self) -> float:
        begun = time.monotonic()
        state = "no answer"
        while time.monotonic() - begun < START_SECONDS:
            assert self.process is not None
            if self.process.poll() is not None:
                raise AssertionError(f"kefu up ended: {(self.var / 'up.log').read_text()}")
            try:
                answer = httpx.get(f"{self.url}/readyz", timeout=5)
                if answer.status_code == httpx.codes.OK:
                    return time.monotonic() - begun
                state = answer.text
            except httpx.HTTPError as error:
                state = repr(error)
            time.sleep(0.2)
        raise AssertionError(f"not ready after {START_SECONDS} s: {state}")

    def stop(self) -> int:
        assert self.process is not None
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=60)

    def pid_of(self, part: str) -> int:
        """The process id of one part, found among the children of ``kefu up``."""
        assert self.process is not None
        module = _COMMANDS[part]
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
                command = (entry / "cmdline").read_bytes().split(b"\0")
            except (OSError, ValueError, IndexError):
                continue  # it ended while we looked
            if parent == self.process.pid and module.encode() in command:
                return int(entry.name)
        raise AssertionError(f"{part} is not running")

    def kill(self, part: str) -> int:
        """``kill -9`` one part; returns the process id that it had."""
        pid = self.pid_of(part)
        os.kill(pid, signal.SIGKILL)
        return pid


def installed_system(var: Path, *, customers: int, **more: str) -> System:
    """A seeded installation, not yet running; ``more`` is put into its environment."""
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith("KEFU_")},
        "KEFU_VAR": str(var),
        "KEFU_PORT": str(free_port()),
        "KEFU_RASA_PORT": str(free_port()),
        "KEFU_ACTIONS_PORT": str(free_port()),
        # What is measured or timed here must not share the processors with a training.
        "KEFU_TUNE_IN_BACKGROUND": "false",
        **more,
    }
    system = System(var, environment)
    system.kefu("db", "upgrade")
    system.kefu("db", "seed", "--size", str(customers))
    system.kefu("demo")
    return system
