"""Starts the assistant: ``python -m bot.serve --model models/kefu.tar.gz``.

Does what `rasa run` does, with four differences: a model that cannot be loaded ends the process
with one line instead of a server that never answers; one that is trained anew takes its place while
conversations go on; nothing but the gateway's connector is mounted; and Rasa's command line, which
imports plotting and testing, is not loaded.
"""

import argparse
import asyncio
import os
import signal
import sys
import warnings
from pathlib import Path

import uvloop
from sanic import Sanic
from sanic.exceptions import NotFound, PayloadTooLarge, SanicException
from sanic.request import Request
from sanic.response import HTTPResponse

# Rasa's pins are old on purpose; what they warn of cannot be changed here. They warn at import.
warnings.filterwarnings("ignore", category=DeprecationWarning)
warnings.filterwarnings("ignore", message="pkg_resources is deprecated")

from rasa.core.agent import Agent  # noqa: E402
from rasa.core.brokers.broker import EventBroker  # noqa: E402
from rasa.core.channels.channel import register  # noqa: E402
from rasa.core.lock_store import LockStore  # noqa: E402
from rasa.core.tracker_store import TrackerStore  # noqa: E402
from rasa.core.utils import AvailableEndpoints  # noqa: E402
from rasa.shared.exceptions import RasaException  # noqa: E402
from rasa.shared.utils.io import read_config_file  # noqa: E402
from rasa.utils.common import configure_logging_and_warnings  # noqa: E402
from rasa.utils.log_utils import configure_structlog  # noqa: E402

from bot.action_calls import KeptConnections  # noqa: E402
from bot.action_results import prepare_result_check  # noqa: E402
from bot.agents import ModelUnusable, load_model, unusable  # noqa: E402
from bot.channel import KefuInput  # noqa: E402
from bot.problems import Problem  # noqa: E402
from bot.reload import ModelWatch  # noqa: E402
from bot.request_ids import log_request_ids  # noqa: E402
from bot.wire import BODY_BYTES  # noqa: E402

_NEEDED = ("KEFU_INTERNAL_TOKEN", "KEFU_VAR", "KEFU_ACTIONS_PORT")


class StartFailed(Exception):
    """The assistant cannot start; the message is one line for the person who started it."""


def main(arguments: list[str] | None = None) -> int:
    """Serves until SIGTERM or SIGINT; 1 when the start failed."""
    options = _parser().parse_args(arguments)
    configure_logging_and_warnings()
    configure_structlog()
    log_request_ids()
    try:
        uvloop.run(serve(options))
    except StartFailed as failed:
        print(f"kefu assistant: {failed}", file=sys.stderr)
        return 1
    return 0


async def serve(options: argparse.Namespace) -> None:
    """Loads the model, then listens, so that who can connect is answered; follows its file.

    Raises:
        StartFailed: a setting or a file is missing or wrong, or the port is taken.
    """
    missing = [name for name in _NEEDED if not os.environ.get(name)]
    if missing:
        raise StartFailed(f"{', '.join(missing)} must be set in the environment")
    for file in (options.model, options.endpoints, options.credentials):
        if not file.is_file():
            raise StartFailed(f"there is no file {file}")
    app = create_app(options.credentials)
    watch = ModelWatch(options.model, seconds=options.look_every)
    app.ctx.agent = await load_agent(options.model, options.endpoints)
    stopped = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, stopped.set)
    try:
        server = await app.create_server(
            options.host, options.port, return_asyncio_server=True, access_log=False
        )
    except OSError as error:
        raise StartFailed(f"cannot listen on {options.host}:{options.port}: {error}") from error
    await server.startup()
    await server.start_serving()
    print(f"kefu assistant: ready on {options.host}:{options.port}", file=sys.stderr, flush=True)
    following = asyncio.create_task(watch.follow(app.ctx))
    await stopped.wait()
    following.cancel()
    server.close()
    await server.wait_closed()
    broker: EventBroker | None = app.ctx.agent.tracker_store.event_broker
    if broker is not None:
        await broker.close()
    if isinstance(app.ctx.agent.action_endpoint, KeptConnections):
        await app.ctx.agent.action_endpoint.close()


def create_app(credentials: Path) -> Sanic:
    """The Sanic application with the gateway's connector and nothing else.

    Raises:
        StartFailed: the credentials cannot be used.
    """
    try:
        settings = read_config_file(credentials).get("bot.channel.KefuInput")
        channel = KefuInput.from_credentials(settings)
    except (RasaException, ValueError) as error:
        raise StartFailed(unusable(credentials, error)) from error
    app = Sanic("kefu_assistant", configure_logging=False, register=False)
    app.config.REQUEST_MAX_SIZE = BODY_BYTES
    app.config.MOTD = False
    app.exception(SanicException)(_problem)
    register([channel], app, route="/webhooks/")
    return app


async def load_agent(model: Path, endpoints: Path) -> Agent:
    """The agent with its stores and its model.

    Rasa's own function of this name logs what went wrong and returns an agent without a model.

    Raises:
        StartFailed: the archive is cut short or damaged, or a store cannot be opened.
    """
    try:
        places = AvailableEndpoints.read_endpoints(str(endpoints))
        broker = await EventBroker.create(places.event_broker, loop=asyncio.get_running_loop())
        agent = Agent(
            tracker_store=TrackerStore.create(places.tracker_store, event_broker=broker),
            lock_store=LockStore.create(places.lock_store),
            generator=places.nlg,
            action_endpoint=places.action and KeptConnections(places.action),
        )
    except (RasaException, OSError, ValueError, KeyError) as error:
        raise StartFailed(unusable(endpoints, error)) from error
    prepare_result_check()
    try:
        load_model(agent, model)
    except ModelUnusable as error:
        raise StartFailed(str(error)) from error
    return agent


async def _problem(request: Request, error: SanicException) -> HTTPResponse:
    if isinstance(error, PayloadTooLarge):
        return Problem(413, "too_large", f"The body is larger than {BODY_BYTES} bytes").response()
    if isinstance(error, NotFound):
        return Problem(404, "not_found", "There is nothing here").response()
    return Problem(error.status_code, "refused", "The request cannot be served").response()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot.serve", description=__doc__)
    parser.add_argument("--model", type=Path, default=Path("models/kefu.tar.gz"))
    parser.add_argument("--endpoints", type=Path, default=Path("bot/endpoints.yml"))
    parser.add_argument("--credentials", type=Path, default=Path("bot/credentials.yml"))
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=5005)
    parser.add_argument(
        "--look-every", type=float, default=5.0, help="seconds between two looks at the model"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
