"""A gateway's app on a real port of its own."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import uvicorn
from fastapi import FastAPI

from crm_store.database import Database
from gateway.serving import server_config
from tests.gateway.support.running import Access, Gateway


@contextmanager
def served(
    app: FastAPI, database: Database, access: Access, *, seconds: float = 10
) -> Iterator[Gateway]:
    """The app in a thread; it has to start within so many seconds."""
    server = uvicorn.Server(server_config(app))
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            _wait_until_started(server, seconds)
            with httpx.Client(base_url=url, timeout=10, trust_env=False) as client:
                yield Gateway(url=url, client=client, app=app, database=database, access=access)
        finally:
            server.should_exit = True
            thread.join(timeout=20)
    assert not thread.is_alive()


def _wait_until_started(server: uvicorn.Server, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not server.started:
        assert time.monotonic() < deadline, "the gateway did not start"
        time.sleep(0.01)
