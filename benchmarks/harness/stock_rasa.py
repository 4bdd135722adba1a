"""The peer: stock Rasa on its starter bot, as `rasa init` makes it, in the assistant runtime."""

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from benchmarks.harness.figures import BenchmarkFailed, progress
from benchmarks.harness.talks import RestTalk
from kefu.project import ASSISTANT_BIN
from tests.e2e.system import free_port

_TRAIN_SECONDS = 1_800
_START_SECONDS = 300
_STOP_SECONDS = 30
_PAUSE_SECONDS = 0.1
_SQL_TRACKER = "tracker_store:\n  type: SQL\n  dialect: sqlite\n  db: {path}\n"


def starter_bot(cache: Path) -> Path:
    """The starter project with its trained model under ``cache``; made when it is not there."""
    project = cache / "starter-bot"
    if not any((project / "models").glob("*.tar.gz")):
        progress(f"making and training Rasa's starter bot in {project} (minutes, once)")
        shutil.rmtree(project, ignore_errors=True)
        project.mkdir(parents=True)
        with (cache / "train.log").open("wb") as log:
            code = subprocess.run(
                [str(ASSISTANT_BIN / "rasa"), "init", "--no-prompt", "--init-dir", str(project)],
                cwd=cache,
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                timeout=_TRAIN_SECONDS,
                check=False,
            ).returncode
        if code or not any((project / "models").glob("*.tar.gz")):
            raise BenchmarkFailed(f"the peer was not trained; see {cache / 'train.log'}")
    return project


class StockRasa:
    """`rasa run` on the starter bot, with Rasa's own settings."""

    def __init__(self, project: Path, folder: Path, *, sql_tracker: bool) -> None:
        """Args:
        project: the trained starter bot.
        folder: for the log and, with ``sql_tracker``, the SQLite file; else the starter bot's
            own endpoints are used, which keep conversations in memory.
        """
        self._project, self._folder, self._sql = project, folder, sql_tracker
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; the caller waits for its first answer."""
        endpoints = self._project / "endpoints.yml"
        if self._sql:
            endpoints = self._folder / "endpoints.yml"
            endpoints.write_text(_SQL_TRACKER.format(path=self._folder / "rasa.db"))
        command = [
            *(str(ASSISTANT_BIN / "rasa"), "run", "--model", "models"),
            *("--endpoints", str(endpoints), "--credentials", "credentials.yml"),
            *("-i", "127.0.0.1", "-p", str(self.port)),
        ]
        with (self._folder / "rasa.log").open("wb") as log:
            self.process = subprocess.Popen(
                command,
                cwd=self._project,
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def wait_for_answer(self, text: str) -> str:
        """Ask until it answers."""
        deadline = time.monotonic() + _START_SECONDS
        while True:
            talk = RestTalk(self.port)
            try:
                return talk.ask(text)
            except (OSError, BenchmarkFailed) as error:
                if self._has_ended() or time.monotonic() > deadline:
                    raise BenchmarkFailed("the peer does not start") from error
            finally:
                talk.close()
            time.sleep(_PAUSE_SECONDS)

    def _has_ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def stop(self) -> None:
        """Stop it, kindly first."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(timeout=_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def peer_cache(given: Path | None) -> Path:
    """Where the trained peer is kept between runs."""
    cache = given or Path(tempfile.gettempdir()) / "kefu-benchmark-peer"
    cache.mkdir(parents=True, exist_ok=True)
    return cache.resolve()


def _environment() -> dict[str, str]:
    """Rasa as it comes; only its telemetry is off, since nothing may leave the machine."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("KEFU_")}
    return {**kept, "RASA_TELEMETRY_ENABLED": "false", "SQLALCHEMY_SILENCE_UBER_WARNING": "1"}
