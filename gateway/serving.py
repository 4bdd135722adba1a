"""How the app is served: alone, or by several processes that share one listening socket."""

import multiprocessing
import os
import signal
import socket
import threading
from multiprocessing.connection import wait

import uvicorn
from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess

from foundation.logging import configure_logging
from foundation.settings import Settings, load_settings
from gateway.app import create_app

_SOCKET_FRAME_BYTES = 16 * 1024
PING_SECONDS = 20.0
"""A silent socket is asked so often whether somebody is there; so long it may take to say yes."""
_STOP_SECONDS = 8
_HUNG_SECONDS = 30


def server_config(app: FastAPI | str, *, workers: int = 1) -> uvicorn.Config:
    """How the app is served, here and in the tests."""
    return uvicorn.Config(
        app,
        factory=isinstance(app, str),
        workers=workers,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # the app itself believes the proxies of the settings
        # Compression would cost each of thousands of sockets more memory than all else together.
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        ws_max_size=_SOCKET_FRAME_BYTES,
        ws_ping_interval=PING_SECONDS,
        ws_ping_timeout=PING_SECONDS,
        # Sockets are closed with 1012; clients come back to the next process by themselves.
        timeout_graceful_shutdown=_STOP_SECONDS,
        timeout_worker_healthcheck=_HUNG_SECONDS,
    )


def serve_several(settings: Settings, listener: socket.socket) -> None:
    """Keep so many processes running until told to stop; one that dies is replaced."""
    config = server_config("gateway.serving:worker_app", workers=settings.gateway_workers)
    listener.set_inheritable(True)
    Multiprocess(config, sockets=[listener]).run()


def worker_app() -> FastAPI:
    """The app of one of several processes, made in that process."""
    settings = load_settings()
    configure_logging(level=settings.log_level, json=settings.log_json)
    _end_with_parent()
    return create_app(settings)


def _end_with_parent() -> None:
    """Stop when the parent was killed: nobody would stop us, and we would hold its port."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        wait([parent.sentinel])
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()
