"""A gateway in a process of its own, and customers who write down what it has confirmed."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import httpx

from crm_store.migrate import upgrade
from crm_store.opening import open_database
from foundation.secrets import write_missing_secrets
from foundation.settings import load_settings
from tests.e2e.system import free_port
from tests.gateway.support.running import Access, seed_access, wait_until

ROOT = Path(__file__).resolve().parents[3]


@dataclass
class RunningGateway:
    url: str
    client: httpx.Client
    process: subprocess.Popen[bytes]


def prepare(var: Path, database_url: str) -> Access:
    """An installation's secrets, the schema, a site and staff."""
    var.mkdir(parents=True, exist_ok=True)
    write_missing_secrets(load_settings(env_file=None, var=var))
    upgrade(database_url)
    database = open_database(load_settings(env_file=None, var=var, database_url=database_url))
    try:
        return seed_access(database)
    finally:
        database.dispose()


@contextmanager
def running_gateway(
    var: Path, *, assistant_url: str, database_url: str | None = None, **more: str
) -> Iterator[RunningGateway]:
    """A gateway that answers; ``more`` is put into its environment."""
    port = free_port()
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith("KEFU_")},
        "KEFU_VAR": str(var),
        "KEFU_PORT": str(port),
        "KEFU_RASA_PORT": assistant_url.rsplit(":", 1)[1],
        "KEFU_MESSAGES_PER_MINUTE": "100000",
        "KEFU_MESSAGE_BURST": "1000",
        **({"KEFU_DATABASE_URL": database_url} if database_url else {}),
        **more,
    }
    with (var.parent / f"gateway-{port}.log").open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "gateway"], cwd=ROOT, env=environment, stdout=said, stderr=said
        )
    url = f"http://127.0.0.1:{port}"
    with httpx.Client(base_url=url, timeout=30, trust_env=False) as client:
        try:
            wait_until(lambda: _answers(client, process), seconds=60)
            yield RunningGateway(url, client, process)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=30)


@dataclass
class Writer:
    """A customer who sends each message until it is confirmed, and counts what was said to them."""

    client: httpx.Client
    headers: Mapping[str, str]
    padding: str = ""
    confirmed: list[str] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, client: httpx.Client, *, padding: str = "") -> "Writer":
        started = client.post("/api/v1/widget/sessions", json={"site_key": "demo-shop"})
        assert started.status_code == 201, started.text
        token = started.json()["session_token"]
        return cls(client, {"Authorization": f"Bearer {token}"}, padding)

    def send(self, client_id: str) -> int:
        """Send one message once."""
        answer = self.client.post(
            "/api/v1/widget/messages",
            json={"client_id": client_id, "text": client_id + self.padding},
            headers=self.headers,
        )
        self.statuses.append(answer.status_code)
        if answer.status_code in {200, 201}:
            self.confirmed.append(client_id)
        else:
            self.codes.append(answer.json()["code"])
        return answer.status_code

    def send_until_confirmed(self, *, seconds: float = 60) -> None:
        """Send one message as a widget does: again, under the same name, until it is there."""
        client_id = uuid4().hex
        deadline = time.monotonic() + seconds
        while self.send(client_id) not in {200, 201}:
            assert time.monotonic() < deadline, "the gateway did not recover"
            time.sleep(0.2)

    def go_on(self, stop: threading.Event) -> None:
        while not stop.is_set():
            self.send_until_confirmed()

    def stored(self) -> list[dict[str, object]]:
        """All of the conversation, as it is told to the customer."""
        found: list[dict[str, object]] = []
        while True:
            answer = self.client.get(
                "/api/v1/widget/messages",
                params={"after": found[-1]["seq"] if found else 0},
                headers=self.headers,
            )
            assert answer.status_code == 200, answer.text
            items = answer.json()["items"]
            if not items:
                return found
            found += items

    def check(self) -> None:
        """Everything that was confirmed is there once, and the numbers have no gap."""
        messages = self.stored()
        mine = [m["client_id"] for m in messages if m["author"] == "customer"]
        assert sorted(map(str, mine)) == sorted(self.confirmed)
        assert [m["seq"] for m in messages] == list(range(1, len(messages) + 1))


def _answers(client: httpx.Client, process: subprocess.Popen[bytes]) -> bool:
    assert process.poll() is None, "the gateway has ended; its log lies beside its folder"
    try:
        return client.get("/healthz").status_code == 200
    except httpx.HTTPError:
        return False
