"""`kefu db rotate-keys`: bring every encrypted value under the newest data key, while serving."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from crm_store.crypto.keyring import LOOK_SECONDS
from crm_store.crypto.opening import keys_are_in_file
from crm_store.crypto.rekeying import Pace, RekeyReport, rekey
from foundation.errors import Conflict, KefuError
from foundation.secrets import add_data_key
from foundation.settings import Settings, load_settings
from kefu.cli.context import JsonFlag, open_store, out, print_json, settings_with_secrets

Told = Callable[[str, int, int], None]


def rotate_keys(
    new_key: Annotated[
        bool, typer.Option("--new-key", help="Put a new key in front of those in var/secrets.env.")
    ] = False,
    batch: Annotated[int, typer.Option(min=1, max=10_000, help="Rows a transaction.")] = 500,
    pause: Annotated[
        float, typer.Option(min=0, max=10, help="Seconds of rest after each transaction.")
    ] = 0.0,
    json: JsonFlag = False,
) -> None:
    """Re-encrypt the store under the newest data key, while it is in use.

    Run it again after it was stopped: it goes on with what is left.
    """
    settings = settings_with_secrets()
    if new_key:
        settings = _with_new_key(settings)
    with open_store(settings) as database, rewriting_progress() as told:
        report = rekey(database, pace=Pace(batch, pause), progress=told)
    if json:
        print_json(
            {
                "key": report.key_id,
                "rewritten": report.rewritten,
                "left": report.left,
                "unused_keys": report.unused_keys,
            }
        )
    else:
        _tell(report)
    if report.left:
        raise KefuError(f"{report.left:,} rows kept changing meanwhile: run it again")


@contextmanager
def rewriting_progress() -> Iterator[Told]:
    """A bar a table; a pipe sees none of it."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=out, disable=not out.is_terminal) as bars:
        tasks = {}

        def told(table: str, done: int, total: int) -> None:
            if table not in tasks:
                tasks[table] = bars.add_task(f"encrypting {table}", total=total)
            bars.update(tasks[table], completed=done, total=total)

        yield told


def _with_new_key(settings: Settings) -> Settings:
    if not keys_are_in_file(settings):
        raise Conflict(
            f"the data keys are not those of {settings.secrets_file}: put a new one in front where"
            " KEFU_DATA_KEYS is set, restart, and run this without --new-key"
        )
    add_data_key(settings.secrets_file)
    # By then every running process encrypts under the new key, so that none adds to what is left.
    time.sleep(2 * LOOK_SECONDS)
    return load_settings()


def _tell(report: RekeyReport) -> None:
    rows = sum(report.rewritten.values())
    out.print(f"{rows:,} rows were brought under the key {report.key_id}")
    if report.unused_keys:
        names = ", ".join(report.unused_keys)
        out.print(f"no value is under {names} any more: may be removed from KEFU_DATA_KEYS")
        out.print("(keep them as long as you keep backups from before)")
