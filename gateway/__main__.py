"""``python -m gateway``: run the gateway until it is told to stop."""

import errno
import socket
import sys
import time

import structlog
import uvicorn

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
from gateway.metrics import share_counts
from gateway.serving import serve_several, server_config

log = structlog.get_logger(__name__)

_ORPHANS_SECONDS = 10.0


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
    workers = settings.gateway_workers
    log.info("gateway_starting", url=settings.resolved_public_url, workers=workers)
    if workers > 1:
        database.dispose()  # each process opens its own
        share_counts(settings.var / "run" / f"metrics-{settings.port}")
        serve_several(settings, listener)
        return 0
    server = uvicorn.Server(server_config(create_app(settings, database=database)))
    server.run(sockets=[listener])
    database.dispose()
    return 0


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # The processes of a gateway whose parent was killed need a moment to let go of the port.
    deadline = time.monotonic() + (_ORPHANS_SECONDS if settings.gateway_workers > 1 else 0)
    while True:
        listener = socket.socket(family)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((settings.host, settings.port))
        except OSError as error:
            listener.close()
            if error.errno == errno.EADDRINUSE and time.monotonic() < deadline:
                time.sleep(0.2)
                continue
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
