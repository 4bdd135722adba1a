"""``python -m gateway``: run the gateway until it is told to stop."""

import socket
import sys

import structlog
import uvicorn
from fastapi import FastAPI

from crm_store.crypto.registry import require_keys
from crm_store.database import Database
from crm_store.health import is_answering
from crm_store.migrate import is_current
from crm_store.opening import open_database
from foundation.errors import KefuError, Unavailable
from foundation.logging import configure_logging
from foundation.secrets import write_missing_secrets
from foundation.settings import Settings, load_settings
from gateway.app import create_app

log = structlog.get_logger(__name__)

_SOCKET_FRAME_BYTES = 16 * 1024
_STOP_SECONDS = 8


def main() -> int:
    """Returns the process's exit code."""
    try:
        settings = load_settings()
        if write_missing_secrets(settings):
            settings = load_settings()
        configure_logging(level=settings.log_level, json=settings.log_json)
        # Before anything else: who cannot listen must not take turns from who does.
        listener = _listen(settings)
        database = _open_database(settings)
    except KefuError as error:
        print(f"gateway: {error.detail}", file=sys.stderr)
        return 1
    log.info("gateway_starting", url=settings.resolved_public_url)
    server = uvicorn.Server(server_config(create_app(settings, database=database)))
    server.run(sockets=[listener])
    database.dispose()
    return 0


def server_config(app: FastAPI) -> uvicorn.Config:
    """How the app is served, here and in the tests."""
    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        # Compression would cost each of thousands of sockets more memory than all else together.
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        ws_max_size=_SOCKET_FRAME_BYTES,
        # Sockets are closed with 1012; clients come back to the next process by themselves.
        timeout_graceful_shutdown=_STOP_SECONDS,
    )


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as error:
        raise Unavailable(
            f"cannot listen on {settings.host}:{settings.port}: {error.strerror}"
        ) from None
    return listener


def _open_database(settings: Settings) -> Database:
    database = open_database(settings)
    if not is_answering(database):
        raise Unavailable("the database does not answer; check KEFU_DATABASE_URL")
    if not is_current(database):
        raise Unavailable("the database has another schema: run `kefu db upgrade`")
    require_keys(database)
    return database


if __name__ == "__main__":
    sys.exit(main())
