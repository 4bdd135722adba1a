"""``python -m gateway`` as a process: killed, restarted, refused."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from crm_store.crypto.opening import keyring_from
from crm_store.migrate import upgrade
from crm_store.opening import open_database
from foundation.secrets import write_missing_secrets
from foundation.settings import load_settings
from tests.e2e.system import free_port
from tests.gateway.support.double import AssistantDouble
from tests.gateway.support.running import Visitor, seed_access, wait_until

ROOT = Path(__file__).resolve().parents[2]


class Process:
    """A gateway of its own, with the test double as its assistant."""

    def __init__(self, var: Path, assistant_port: int) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.client = httpx.Client(base_url=self.url, timeout=10, trust_env=False)
        self.environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("KEFU_")},
            "KEFU_VAR": str(var),
            "KEFU_PORT": str(self.port),
            "KEFU_RASA_PORT": str(assistant_port),
        }
        self.process: subprocess.Popen[bytes] | None = None

    def spawn(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "gateway"],
            cwd=ROOT,
            env=self.environment,
            stderr=subprocess.PIPE,
        )

    def start(self) -> None:
        self.process = self.spawn()
        wait_until(self._answers, seconds=20)

    def end(self, how: signal.Signals) -> None:
        assert self.process is not None
        self.process.send_signal(how)
        self.process.wait(timeout=20)
        assert self.process.stderr is not None
        self.process.stderr.close()
        self.process = None

    def _answers(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None
        try:
            return self.client.get("/healthz").status_code == 200
        except httpx.HTTPError:
            return False


@pytest.fixture
def var(tmp_path: Path) -> Path:
    folder = tmp_path / "var"
    folder.mkdir()
    return folder


@pytest.fixture
def installed(var: Path) -> Path:
    write_missing_secrets(load_settings(env_file=None, var=var))
    settings = load_settings(env_file=None, var=var)
    upgrade(settings.resolved_database_url, keyring=keyring_from(settings))
    database = open_database(settings)
    seed_access(database)
    database.dispose()
    return var


@contextmanager
def running(var: Path, assistant: AssistantDouble) -> Iterator[Process]:
    gateway = Process(var, int(assistant.url.rsplit(":", 1)[1]))
    gateway.start()
    try:
        yield gateway
    finally:
        if gateway.process is not None:
            gateway.end(signal.SIGTERM)
        gateway.client.close()


def visitor_of(gateway: Process) -> Visitor:
    started = gateway.client.post("/api/v1/widget/sessions", json={"site_key": "demo-shop"}).json()
    return Visitor(gateway, started["session_token"], started["conversation_id"])  # type: ignore[arg-type]


def test_killed_in_the_middle_of_a_turn_it_answers_once_after_the_restart(
    installed: Path, assistant: AssistantDouble
) -> None:
    with running(installed, assistant) as gateway:
        visitor = visitor_of(gateway)
        visitor.say("first")
        visitor.wait_for(1)
        assistant.delay = 1.5
        second = visitor.say("second", client_id="second")
        assert visitor.say("third").status_code == 201
        wait_until(lambda: len(assistant.requests) == 2)
        gateway.end(signal.SIGKILL)
        assistant.delay = 0.0
        began = time.monotonic()
        gateway.start()
        messages = visitor.wait_for(3, seconds=15)
        # At once, not when the dead process's lease runs out.
        assert time.monotonic() - began < 10
        assert visitor.say("second", client_id="second").json() == second.json()
        time.sleep(1.0)
        messages = visitor.messages()
    said = [message["text"] for message in messages]
    assert sorted(said) == sorted(
        word for text in ("first", "second", "third") for word in (text, f"You said: {text}")
    )
    assert [message["seq"] for message in messages] == [1, 2, 3, 4, 5, 6]


def test_told_to_stop_it_finishes_what_it_has_in_hand(
    installed: Path, assistant: AssistantDouble
) -> None:
    with running(installed, assistant) as gateway:
        visitor = visitor_of(gateway)
        with visitor.socket() as socket:
            socket.next("owner")
            assistant.delay = 0.7
            visitor.say("hello")
            wait_until(lambda: assistant.requests)
            gateway.end(signal.SIGTERM)
        gateway.start()
        assert visitor.wait_for(1)[1]["text"] == "You said: hello"
        assert len(assistant.requests) <= 2


def test_a_busy_port_is_named_and_takes_nothing_from_who_listens(
    installed: Path, assistant: AssistantDouble
) -> None:
    with running(installed, assistant) as gateway:
        second = gateway.spawn()
        _, said = second.communicate(timeout=20)
        assert second.returncode == 1
        assert str(gateway.port).encode() in said
        assert b"Traceback" not in said
        assert gateway.client.get("/healthz").status_code == 200


def test_a_database_without_the_schema_is_refused_in_one_line(
    var: Path, assistant: AssistantDouble
) -> None:
    gateway = Process(var, 1)
    refused = gateway.spawn()
    _, said = refused.communicate(timeout=20)
    gateway.client.close()
    assert refused.returncode == 1
    assert said.decode().strip().splitlines()[-1].endswith("run `kefu db upgrade`")
