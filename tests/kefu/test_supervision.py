"""Supervision with real processes: a crash is mended, a failure for good stops everything."""

import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from foundation.errors import Unavailable
from foundation.settings import Settings, load_settings
from kefu.supervision import processes
from kefu.supervision.ports import require_free_ports
from kefu.supervision.processes import ManagedProcess, managed_processes
from kefu.supervision.supervisor_config import write_config

SCRIPT = """
import sys
from foundation.settings import load_settings
from kefu.supervision import supervisor_config
from kefu.supervision.processes import ManagedProcess
from kefu.supervision.run import Run

supervisor_config.START_SECONDS, supervisor_config.START_RETRIES = 3, 1
processes = [
    ManagedProcess(name, (sys.executable, "-c", program), once=name.startswith("once"))
    for name, program in zip(sys.argv[1::2], sys.argv[2::2])
]
run = Run(load_settings(env_file=None), processes)
run.until_stopped(
    on_waiting=lambda parts: None,
    on_ready=lambda seconds: print("ready", flush=True),
    on_ended=lambda ended: print(ended.name, ended.succeeded, ended.last_line, flush=True),
)
print(run.failed or "stopped")
"""
STEADY = "import os, time; print(os.getpid(), flush=True); time.sleep(600)"
BROKEN = "raise SystemExit('no such model')"

# Ready as soon as there is a file `readyz`.
GATEWAY = (
    "import functools, os; from http.server import HTTPServer, SimpleHTTPRequestHandler as Files; "
    "HTTPServer(('127.0.0.1', int(os.environ['KEFU_PORT'])), "
    "functools.partial(Files, directory=os.environ['KEFU_VAR'])).serve_forever()"
)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("KEFU_VAR", str(tmp_path))
    return load_settings(env_file=None)


Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start(settings: Settings) -> Iterator[Start]:
    running: list[subprocess.Popen[str]] = []

    def begin(*processes: str) -> subprocess.Popen[str]:
        running.append(_run(settings, processes))
        return running[-1]

    yield begin
    for process in running:
        process.terminate()
        process.communicate(timeout=30)


def _run(settings: Settings, processes: tuple[str, ...]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(SCRIPT), *processes],
        env={**os.environ, "KEFU_VAR": str(settings.var), "KEFU_PORT": str(free_port())},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def pids(settings: Settings, name: str, count: int) -> list[int]:
    """The process ids that a steady process printed at each start, once there are ``count``."""
    log = settings.var / "logs" / f"{name}.log"
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        found = [int(line) for line in log.read_text().split()] if log.is_file() else []
        if len(found) >= count:
            return found
        time.sleep(0.1)
    raise AssertionError(f"{name} did not start {count} times")


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_killed_process_is_started_again_and_ctrl_c_stops_all(
    settings: Settings, start: Start
) -> None:
    running = start("one", STEADY, "two", STEADY)
    [first] = pids(settings, "one", 1)
    [other] = pids(settings, "two", 1)
    time.sleep(3.5)  # past START_SECONDS: it counts as started
    os.kill(first, signal.SIGKILL)
    second = pids(settings, "one", 2)[1]
    assert is_alive(second)
    running.send_signal(signal.SIGINT)
    printed, errors = running.communicate(timeout=30)
    assert printed.strip() == "stopped", errors
    assert not is_alive(second)
    assert not is_alive(other)


def test_one_that_dies_for_good_stops_everything_with_its_reason(
    settings: Settings, start: Start
) -> None:
    running = start("steady", STEADY, "broken", BROKEN)
    [steady] = pids(settings, "steady", 1)
    printed, errors = running.communicate(timeout=60)
    assert "broken does not stay up: no such model" in printed, errors
    assert not is_alive(steady)


def test_what_runs_once_begins_when_all_is_ready_and_its_end_is_told(
    settings: Settings, start: Start
) -> None:
    done = "print('was done'); open(__import__('os').environ['KEFU_VAR'] + '/began', 'w').close()"
    running = start("gateway", GATEWAY, "once", done, "once-more", "raise SystemExit('no disk')")
    time.sleep(2.5)
    assert not (settings.var / "began").exists()
    (settings.var / "readyz").write_text("{}")
    assert running.stdout is not None
    assert running.stdout.readline() == "ready\n"
    told = {running.stdout.readline(), running.stdout.readline()}
    assert told == {"once True was done\n", "once-more False no disk\n"}
    # Neither is started again, and the end of neither is the end of the others.
    time.sleep(2)
    assert running.poll() is None
    assert (settings.var / "logs" / "once.log").read_text() == "was done\n"
    running.send_signal(signal.SIGINT)
    printed, errors = running.communicate(timeout=30)
    assert printed == "stopped\n", errors


def test_stopping_ends_what_runs_once(settings: Settings, start: Start) -> None:
    (settings.var / "readyz").write_text("{}")
    running = start("gateway", GATEWAY, "once", STEADY)
    [pid] = pids(settings, "once", 1)
    running.send_signal(signal.SIGTERM)
    printed, errors = running.communicate(timeout=30)
    assert printed == "ready\nstopped\n", errors
    assert not is_alive(pid)


def test_only_a_quick_model_is_tuned_and_only_where_that_is_wanted(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for quick, wanted in ((True, "true"), (True, "false"), (False, "true")):
        monkeypatch.setattr(processes, "is_quick", lambda *_, quick=quick: quick)
        monkeypatch.setenv("KEFU_TUNE_IN_BACKGROUND", wanted)
        managed = managed_processes(load_settings(env_file=None))
        tuning = [process.command[1:] for process in managed if process.once]
        expected = [("-m", "kefu", "train", "--background")] if quick and wanted == "true" else []
        assert tuning == expected


def test_the_configuration_holds_no_secret(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEFU_INTERNAL_TOKEN", "do-not-write-me")
    full = load_settings(env_file=None)
    text = write_config(full, managed_processes(full)).read_text()
    assert "do-not-write-me" not in text
    for name in ("assistant", "actions", "worker", "gateway"):
        assert f"[program:{name}]" in text


def test_percent_signs_in_paths_survive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEFU_VAR", str(tmp_path / "100%"))
    settings = load_settings(env_file=None)
    text = write_config(settings, [ManagedProcess("one", ("true",))]).read_text()
    assert "100%%" in text


def test_a_busy_port_is_named_with_its_setting(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setenv("KEFU_RASA_PORT", str(port))
        with pytest.raises(Unavailable, match=f"port {port} is busy.*KEFU_RASA_PORT"):
            require_free_ports(load_settings(env_file=None))
