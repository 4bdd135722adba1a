"""`kefu service`: how the service desk does."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Annotated

import typer
from rich.table import Table

from crm_store.asking import AsSystem
from crm_store.tickets.report import Count, Kept, Times, service_report
from foundation.clock import utc_now
from kefu.cli.context import JsonFlag, open_store, out, print_json

app = typer.Typer(help="The service desk.", no_args_is_help=True)


@app.callback()
def service() -> None:
    """The service desk."""


@app.command("report")
def report(
    days: Annotated[int, typer.Option(min=1, max=3_660, help="Tickets opened so lately.")] = 30,
    json: JsonFlag = False,
) -> None:
    """Volume, times in business hours, promises kept, what lies around and what came back."""
    now = utc_now()
    with open_store() as database, database.reading() as session:
        found = service_report(
            session,
            since=now - timedelta(days=days),
            until=now,
            asker=AsSystem("kefu service report"),
        )
    if json:
        print_json(asdict(found))
        return
    table = Table(title=f"Tickets of the last {days} days", show_header=False)
    table.add_row("opened", f"{found.opened:,}")
    table.add_row("solved", f"{found.solved:,}")
    table.add_row("by type", _counts(found.by_type))
    table.add_row("by priority", _counts(found.by_priority))
    table.add_row("first response", _times(found.first_response))
    table.add_row("resolution", _times(found.resolution))
    table.add_row("first response in time", _kept(found.first_response_kept))
    table.add_row("solved in time", _kept(found.resolution_kept))
    table.add_row("came back", _share(found.reopened, found.ever_solved, "once solved"))
    table.add_row("open now", _counts(found.backlog))
    out.print(table)


def _counts(counts: Sequence[Count]) -> str:
    return ", ".join(f"{count.name} {count.count:,}" for count in counts) or "none"


def _times(times: Times) -> str:
    if times.median_seconds is None or times.p90_seconds is None:
        return "none yet"
    median, p90 = (_hours(seconds) for seconds in (times.median_seconds, times.p90_seconds))
    return f"median {median}, p90 {p90} business hours ({times.count:,} tickets)"


def _hours(seconds: int) -> str:
    return f"{seconds / 3600:.1f}"


def _kept(kept: Kept) -> str:
    return _share(kept.met, kept.tested, "promises")


def _share(part: int, whole: int, of: str) -> str:
    return f"{part / whole:.0%} of {whole:,} {of}" if whole else f"no {of} yet"
