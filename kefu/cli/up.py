"""`kefu up`: start everything, say when it is ready, stop it on Ctrl-C."""

import json
import os

import typer

from crm_store.catalog.export import CATALOGUE_FILE, write_catalogue
from crm_store.crypto.opening import keyring_from
from crm_store.migrate import upgrade
from foundation.errors import NotFound, Unavailable
from foundation.settings import PREFIX, Settings
from kefu.cli.context import keep_files_private, open_store, out, settings_with_secrets
from kefu.cli.rotation import rewriting_progress
from kefu.project import MODEL, assistant_environment
from kefu.supervision.ports import require_free_ports
from kefu.supervision.processes import TUNING, managed_processes
from kefu.supervision.run import Ended, Run


def up() -> None:
    """Start the assistant, the action server, the worker and the gateway, and keep them running."""
    keep_files_private()
    settings = settings_with_secrets()
    if not MODEL.is_file():
        raise NotFound(f"no trained assistant at {MODEL}: run `kefu train`")
    require_free_ports(settings)
    with rewriting_progress() as told:
        upgrade(settings.resolved_database_url, keyring=keyring_from(settings), progress=told)
    with open_store(settings) as database:
        write_catalogue(database, settings.var / CATALOGUE_FILE)
    os.environ.update(assistant_environment())
    os.environ.update(_for_children(settings))
    processes = managed_processes(settings)
    tunes = any(process.name == TUNING for process in processes)
    run = Run(settings, processes)
    out.print("Starting Kefu; Ctrl-C stops it.")
    run.until_stopped(
        on_waiting=lambda parts: out.print(f"  waiting for {', '.join(parts)}"),
        on_ready=lambda seconds: _announce(settings, seconds, tunes=tunes),
        on_ended=_tell_end,
    )
    if run.failed:
        raise Unavailable(run.failed)
    raise typer.Exit(0)


def _for_children(settings: Settings) -> dict[str, str]:
    """Settings for the children, the assistant among them: it reads no `.env` of ours."""
    return {
        f"{PREFIX}INTERNAL_TOKEN": settings.internal_token.get_secret_value(),
        f"{PREFIX}VAR": str(settings.var),
        f"{PREFIX}RASA_PORT": str(settings.rasa_port),
        f"{PREFIX}ACTIONS_PORT": str(settings.actions_port),
    }


def _announce(settings: Settings, seconds: float, *, tunes: bool) -> None:
    url = settings.resolved_public_url
    out.print(f"\n[bold]Kefu is ready[/bold] ({seconds:.0f} s)\n", markup=True)
    out.print(f"  shop      {url}/shop")
    out.print(f"  console   {url}/console")
    out.print(f"  API       {url}/api/v1/openapi.json")
    logins = settings.var / "demo-logins.json"
    if logins.is_file():
        out.print("\n  demo log-ins for the console")
        for login in json.loads(logins.read_text(encoding="utf-8")):
            out.print(f"    {login['role']:<8}{login['email']}  {login['password']}", markup=False)
    out.print(f"\n  logs in {settings.var / 'logs'}", markup=False)
    if tunes:
        out.print("\n  The quick model answers. A tuned one is trained in the background,")
        out.print("  for some minutes, and then takes its place.")


def _tell_end(ended: Ended) -> None:
    line = ended.last_line
    if not ended.succeeded:
        line = f"{ended.name} ended without a new model: {line} (log: {ended.log})"
    out.print(f"\n  {line}", markup=False, soft_wrap=True)
