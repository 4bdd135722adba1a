"""The `kefu` command, a file per family of subcommands."""

import sys
from importlib import import_module
from typing import Any, NoReturn

import typer
from rich.console import Console
from typer.core import TyperGroup

from foundation.errors import KefuError

_COMMANDS = {
    "up": "up:up",
    "chat": "chat:chat",
    "train": "train:train",
    "lint": "lint:lint",
    "link": "link:link",
    "explain": "explain:explain",
    "doctor": "doctor:doctor",
    "demo": "demo:demo",
    "search": "search:search",
    "import": "importing:import_file",
    "export": "exporting:export_file",
    "db": "db:app",
    "user": "users:app",
    "key": "keys:app",
    "site": "sites:app",
    "service": "service:app",
    "sales": "sales:app",
    "customer": "customers:app",
    "job": "jobs:app",
    "retention": "retention:app",
    "audit": "audit:app",
    "analyze": "analyze:app",
    "eval": "eval:app",
}
"""Each command's module here and what it has: a function, or an app of subcommands."""


class _OneAtATime(TyperGroup):
    """Loads a command when it is called: all of them together take seconds."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name].partition(":")
        found = getattr(import_module(f"{__name__}.{module}"), name)
        family = typer.Typer(add_completion=False)
        family.callback()(lambda: None)  # of a single command typer would make no group
        if isinstance(found, typer.Typer):
            family.add_typer(found, name=cmd_name)
        else:
            family.command(cmd_name)(found)
        group: Any = typer.main.get_command(family)
        return group.get_command(ctx, cmd_name)


app = typer.Typer(
    name="kefu",
    cls=_OneAtATime,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


@app.callback()
def _kefu() -> None:
    """A self-hosted customer-service assistant with a memory."""


def main() -> None:
    """Entry point: a domain error, or a file that cannot be had, is one line and exit code 1."""
    try:
        app()
    except KefuError as error:
        _fail(error.detail)
    except OSError as error:
        # One without a file's name is not about what the operator wrote: its traceback is needed.
        if error.filename is None or error.strerror is None:
            raise
        _fail(f"{error.filename}: {error.strerror}")


def _fail(why: str) -> NoReturn:
    Console(stderr=True, highlight=False, soft_wrap=True).print(f"kefu: {why}", markup=False)
    sys.exit(1)
