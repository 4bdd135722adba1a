"""`kefu retention`: how long data is kept, and ending what is due."""

from typing import Annotated, Any

import typer
from rich.table import Table

from crm_store.jobs import JobService
from crm_store.privacy.retention.defaults import rules_of
from crm_store.privacy.retention.job import RETENTION, due
from crm_store.privacy.retention.rules import Rule
from foundation.settings import load_settings
from kefu.cli.context import JsonFlag, open_store, out, print_json
from kefu.cli.jobs import run_in_front

app = typer.Typer(help="How long data is kept.", no_args_is_help=True)


@app.command("show")
def show(json: JsonFlag = False) -> None:
    """Print the rules in force, and how much of each is due."""
    settings = load_settings()
    rules = rules_of(settings)
    with open_store(settings) as database, out.status("counting"):
        counts = due(database, settings)
    if json:
        print_json({"items": [_as_dict(rule, counts[rule.name]) for rule in rules.values()]})
        return
    table = Table("rule", "what", "kept", "due now", box=None, pad_edge=False)
    for rule in rules.values():
        kept = "for ever" if rule.keep is None else f"{rule.keep.days:,} days"
        table.add_row(rule.name, rule.what, kept, f"{counts[rule.name]:,}")
    out.print(table)
    out.print("KEFU_RETENTION changes them: chats=365d,audit=never", style="dim")


@app.command("run")
def run(
    dry_run: Annotated[bool, typer.Option(help="Count what is due, and end nothing.")] = False,
    json: JsonFlag = False,
) -> None:
    """End what is due now; the worker does so every night."""
    settings = load_settings()
    rules_of(settings)
    with open_store(settings) as database:
        if dry_run:
            with out.status("counting"):
                ended = {name: number for name, number in due(database, settings).items() if number}
        else:
            with database.transaction() as session:
                job = JobService(session).enqueue(
                    RETENTION, {"by_hand": True}, unique_key=f"{RETENTION}:by_hand"
                )
            ended = run_in_front(database, settings, job).result or {}
    if json:
        print_json({"dry_run": dry_run, "ended": ended})
        return
    verb = "due" if dry_run else "ended"
    for name, number in ended.items():
        out.print(f"  {name}: {number:,}", markup=False)
    out.print(f"{verb}: {sum(ended.values()):,}")


def _as_dict(rule: Rule, number: int) -> dict[str, Any]:
    return {
        "rule": rule.name,
        "data": rule.data.value,
        "what": rule.what,
        "keep_days": None if rule.keep is None else rule.keep.days,
        "due": number,
    }
