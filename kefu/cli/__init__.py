"""The `kefu` command, a file per family of subcommands."""

import sys
from typing import NoReturn

import typer
from rich.console import Console

from foundation.errors import KefuError
from kefu.cli import (
    analyze,
    audit,
    chat,
    customers,
    db,
    demo,
    doctor,
    explain,
    exporting,
    importing,
    jobs,
    keys,
    link,
    lint,
    retention,
    sales,
    search,
    service,
    sites,
    train,
    up,
    users,
)
from kefu.cli import eval as evaluation

app = typer.Typer(
    name="kefu",
    help="A self-hosted customer-service assistant with a memory.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.command("up")(up.up)
app.command("chat")(chat.chat)
app.command("train")(train.train)
app.command("lint")(lint.lint)
app.command("link")(link.link)
app.command("explain")(explain.explain)
app.command("doctor")(doctor.doctor)
app.command("demo")(demo.demo)
app.command("search")(search.search)
app.command("import")(importing.import_file)
app.command("export")(exporting.export_file)
app.add_typer(db.app, name="db")
app.add_typer(users.app, name="user")
app.add_typer(keys.app, name="key")
app.add_typer(sites.app, name="site")
app.add_typer(service.app, name="service")
app.add_typer(sales.app, name="sales")
app.add_typer(customers.app, name="customer")
app.add_typer(jobs.app, name="job")
app.add_typer(retention.app, name="retention")
app.add_typer(audit.app, name="audit")
app.add_typer(analyze.app, name="analyze")
app.add_typer(evaluation.app, name="eval")


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
