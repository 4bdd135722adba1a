"""`kefu db`: the schema and the demo shop's data."""

from datetime import date
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from crm_store.crypto.opening import keyring_from
from crm_store.database import Database
from crm_store.migrate import upgrade as upgrade_schema
from crm_store.seeding import SeedReport
from crm_store.seeding import seed as seed_store
from kefu.cli.backups import backup, check, recovered, restore
from kefu.cli.context import JsonFlag, open_store, out, print_json, settings_with_secrets
from kefu.cli.rotation import rewriting_progress, rotate_keys
from kefu.cli.search import reindex

app = typer.Typer(help="The store.", no_args_is_help=True)
MAX_CUSTOMERS = 1_000_000


@app.command("upgrade")
def upgrade() -> None:
    """Bring the schema to this version, and encrypt what an older one left in plain text."""
    settings = settings_with_secrets()
    with open_store(settings, migrated=False), rewriting_progress() as told:
        upgrade_schema(
            settings.resolved_database_url, keyring=keyring_from(settings), progress=told
        )
    out.print("the schema is up to date")


app.command("rotate-keys")(rotate_keys)
app.command("backup")(backup)
app.command("restore")(restore)
app.command("recovered")(recovered)
app.command("check")(check)
app.command("reindex")(reindex)


@app.command("seed")
def seed(
    size: Annotated[
        int, typer.Option(min=20, max=MAX_CUSTOMERS, help="How many customers.")
    ] = 2_000,
    seed: Annotated[int, typer.Option(help="The same number makes the same shop.")] = 7,
    until: Annotated[
        str | None, typer.Option(help="Last day of the shop's history, YYYY-MM-DD.")
    ] = None,
    replace: Annotated[bool, typer.Option(help="Delete what the store holds first.")] = False,
    json: JsonFlag = False,
) -> None:
    """Fill the store with a believable demo shop."""
    today = _day(until)
    with open_store() as database:
        report = seed_with_progress(
            database, customers=size, seed=seed, today=today, replace=replace
        )
    if json:
        print_json(report.as_dict())
        return
    counts = ", ".join(f"{count:,} {name}" for name, count in report.as_dict().items())
    out.print(f"seeded {counts}")


def seed_with_progress(
    database: Database, *, customers: int, seed: int, today: date | None, replace: bool
) -> SeedReport:
    """Seed the store behind a progress bar; a pipe sees none of it."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=out, disable=not out.is_terminal) as bar:
        task = bar.add_task("seeding", total=customers)
        index = bar.add_task("indexing", total=None, start=False)

        def indexed(done: int, total: int) -> None:
            bar.start_task(index)
            bar.update(index, completed=done, total=total)

        return seed_store(
            database,
            customers=customers,
            seed=seed,
            today=today,
            replace=replace,
            progress=lambda done: bar.update(task, completed=done),
            indexing=indexed,
        )


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a day like 2026-01-31") from None
