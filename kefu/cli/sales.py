"""`kefu sales`: the sales report, and scoring every lead anew."""

from typing import Annotated, Any

import typer
from rich.table import Table

from crm_store.asking import AsSystem
from crm_store.leads.rules import load_rules
from crm_store.leads.service import LeadService
from crm_store.pipelines.service import PipelineService
from crm_store.sales.plain import plain_report
from crm_store.sales.service import MAX_DAYS, Period, SalesReportService
from foundation.clock import utc_now
from foundation.errors import NotFound
from foundation.money import format_money
from foundation.settings import load_settings
from kefu.cli.context import JsonFlag, open_store, out, print_json

app = typer.Typer(help="Leads and opportunities.", no_args_is_help=True)

_OPERATOR = AsSystem("an operator at the terminal")


@app.command("report")
def report(
    days: Annotated[int, typer.Option(min=1, max=MAX_DAYS, help="How far to look back.")] = 90,
    pipeline: Annotated[str | None, typer.Option(help="Its name; else the default one.")] = None,
    json: JsonFlag = False,
) -> None:
    """What was won and lost, how fast, and what to expect."""
    with open_store() as database, database.reading() as session:
        found = None
        if pipeline is not None:
            named = PipelineService(session).list(asker=_OPERATOR, archived=True)
            found = next((one for one in named if one.name.lower() == pipeline.lower()), None)
            if found is None:
                raise NotFound("no pipeline has that name")
        plain = plain_report(
            SalesReportService(session).report(
                asker=_OPERATOR,
                period=Period.last_days(days, utc_now()),
                pipeline_id=found.id if found else None,
            )
        )
    if json:
        print_json(plain)
    else:
        _print_report(plain, days)


@app.command("score")
def score(json: JsonFlag = False) -> None:
    """Score every lead anew, with the rules as they are now."""
    settings = load_settings()
    rules = load_rules(settings.lead_scoring)
    with (
        open_store(settings) as database,
        out.status("scoring leads"),
        database.transaction() as session,
    ):
        count = LeadService(session, rules=rules).rescore_all(asker=_OPERATOR)
    if json:
        print_json({"leads": count})
    else:
        out.print(f"{count:,} leads scored by {len(rules)} rules")


def _print_report(plain: dict[str, Any], days: int) -> None:
    currency = plain["currency"]

    def money(amount_minor: int) -> str:
        return format_money(amount_minor, currency)

    won, lost, ahead = plain["won"], plain["lost"], plain["forecast"]
    closed = won["count"] + lost["count"]
    out.print(f"{plain['pipeline']['name']}, the last {days} days", style="bold", markup=False)
    out.print(
        f"  won       {won['count']:,} for {money(won['amount_minor'])}"
        f" ({_share(plain['win_rate'])} of {closed:,} closed)"
    )
    out.print(f"  lost      {lost['count']:,} for {money(lost['amount_minor'])}")
    for line in plain["lost_reasons"]:
        out.print(f"            {line['count']:,} {line['reason'].replace('_', ' ')}", style="dim")
    out.print(f"  to a win  {_days(plain['days_to_win'])} in the median")
    out.print(
        f"  open      {ahead['open']['count']:,} for {money(ahead['open']['amount_minor'])}:"
        f" {money(ahead['by_probability_minor'])} by probability,"
        f" {money(ahead['by_history_minor'])} by history"
    )
    if plain["in_other_currencies"]:
        out.print(f"  left out  {plain['in_other_currencies']:,} in other currencies", style="dim")
    stages = Table("stage", "entered", "went on", "days", "open now", "by probability")
    for one in plain["stages"]:
        stages.add_row(
            one["name"],
            f"{one['entered']:,}",
            _share(one["conversion"]),
            _days(one["median_days"]),
            money(one["forecast"]["open"]["amount_minor"]),
            money(one["forecast"]["by_probability_minor"]),
        )
    out.print(stages)
    _print_parts("owner", [(one["name"] or "nobody", one) for one in plain["by_owner"]], currency)
    _print_parts("source", [(one["source"], one) for one in plain["by_source"]], currency)
    _print_parts(
        "month", [(one["month"] or "past or none", one) for one in plain["by_month"]], currency
    )


def _print_parts(head: str, parts: list[tuple[str, dict[str, Any]]], currency: str) -> None:
    table = Table(head, "won", "lost", "win rate", "open", "by probability")
    for name, one in parts:
        table.add_row(
            name,
            format_money(one["won"]["amount_minor"], currency),
            format_money(one["lost"]["amount_minor"], currency),
            _share(one["win_rate"]),
            format_money(one["forecast"]["open"]["amount_minor"], currency),
            format_money(one["forecast"]["by_probability_minor"], currency),
        )
    out.print(table)


def _share(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"


def _days(days: float | None) -> str:
    return "–" if days is None else f"{days:.1f} days"
