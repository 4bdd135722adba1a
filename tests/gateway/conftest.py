"""A gateway on a real port, with a test double where the assistant would be."""

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn

from crm_store.database import Database
from foundation.settings import Settings, load_settings
from gateway.app import create_app
from gateway.assistant import HttpAssistant
from gateway.serving import server_config
from tests.gateway.support.double import AssistantDouble
from tests.gateway.support.running import Gateway, seed_access


@pytest.fixture
def settings(tmp_path: Path, request: pytest.FixtureRequest) -> Settings:
    """A test may give some of its own: ``parametrize("settings", [{…}], indirect=True)``."""
    return load_settings(
        env_file=None,
        var=tmp_path / "var",
        internal_token="internal-token-of-the-tests",
        secret_keys="secret-key-of-the-tests-0123456789ab",
        **{"turn_timeout_seconds": 2.0} | getattr(request, "param", {}),
    )


@pytest.fixture
def assistant() -> Iterator[AssistantDouble]:
    """A local HTTP server that speaks the connector's protocol; Rasa is tested elsewhere."""
    with AssistantDouble() as double:
        yield double


@pytest.fixture
def gateway(
    database: Database, settings: Settings, assistant: AssistantDouble
) -> Iterator[Gateway]:
    """The gateway on each kind of database in turn."""
    yield from _run(database, settings, assistant)


@pytest.fixture
def sqlite_gateway(
    sqlite_database: Database, settings: Settings, assistant: AssistantDouble
) -> Iterator[Gateway]:
    """The gateway where the kind of database cannot matter."""
    yield from _run(sqlite_database, settings, assistant)


def _run(database: Database, settings: Settings, assistant: AssistantDouble) -> Iterator[Gateway]:
    access = seed_access(database)
    app = create_app(
        settings,
        database=database,
        assistant=HttpAssistant(settings, base_url=assistant.url),
    )
    server = uvicorn.Server(server_config(app))
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            _wait_until_started(server)
            url = f"http://127.0.0.1:{port}"
            with httpx.Client(base_url=url, timeout=10, trust_env=False) as client:
                yield Gateway(url=url, client=client, app=app, database=database, access=access)
        finally:
            server.should_exit = True
            thread.join(timeout=20)
    assert not thread.is_alive()


def _wait_until_started(server: uvicorn.Server) -> None:
    deadline = time.monotonic() + 10
    while not server.started:
        assert time.monotonic() < deadline, "the gateway did not start"
        time.sleep(0.01)
