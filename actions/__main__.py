"""``python -m actions --port 5055``: the action server, on loopback."""

import argparse
import sys

import uvicorn

from actions.base import Parts
from actions.embedding import Embedder, new_client
from actions.registry import build_executor
from actions.server import create_app
from crm_store.opening import open_database
from foundation.clock import utc_now
from foundation.errors import BadSettings
from foundation.logging import configure_logging
from foundation.settings import Settings, load_settings

_KEEP_SECONDS = 60
"""Longer than the assistant keeps an idle connection: it must not find one closed."""


def main(arguments: list[str] | None = None) -> int:
    """Serve until stopped; 1 with one line on stderr when the settings are not usable."""
    try:
        settings = load_settings()
        token = settings.internal_token.get_secret_value()
        if not token:
            raise BadSettings("KEFU_INTERNAL_TOKEN: not set, and `kefu up` has not made one yet")
    except BadSettings as error:
        print(error.detail, file=sys.stderr)
        return 1
    parser = argparse.ArgumentParser(prog="python -m actions")
    parser.add_argument("--port", type=int, default=settings.actions_port)
    port: int = parser.parse_args(arguments).port
    configure_logging(level=settings.log_level, json=settings.log_json)
    serve(settings, token=token, port=port)
    return 0


def serve(settings: Settings, *, token: str, port: int) -> None:
    """Run the server with this process's database and encoder client."""
    database = open_database(settings)
    client = new_client()
    parts = Parts(
        database=database,
        embedder=Embedder(client, rasa_url=settings.rasa_url, token=token),
        refund_limit_minor=settings.refund_limit_minor,
        today=lambda: utc_now().date(),
    )
    app = create_app(build_executor(parts), token=token)
    try:
        uvicorn.run(
            app,
            host="127.0.0.1",
            port=port,
            log_config=None,
            access_log=False,
            timeout_keep_alive=_KEEP_SECONDS,
        )
    finally:
        database.dispose()


if __name__ == "__main__":
    sys.exit(main())
