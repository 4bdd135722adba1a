"""`kefu analyze`: segments and recommendations, onto the customers' records."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from crm_store.outreach.rules import load_outreach_rules
from kefu.cli.context import JsonFlag, open_store, out, print_json, settings_with_secrets

# scikit-learn and scipy take seconds to import; the other commands must not wait for them.
if TYPE_CHECKING:
    from analytics.recommendation.run import RecommendReport
    from analytics.segmentation.run import SegmentReport

app = typer.Typer(help="Learn from orders and conversations.", no_args_is_help=True)


class Engine(StrEnum):
    """Where an analysis runs."""

    LOCAL = "local"


EngineOption = Annotated[Engine, typer.Option(help="Where it runs.")]


@app.command("segments")
def segments(engine: EngineOption = Engine.LOCAL, json: JsonFlag = False) -> None:
    """Group customers by their orders and conversations (RFM and k-means)."""
    from analytics.segmentation.local import LocalSegmenter
    from analytics.segmentation.run import run_segments

    settings = settings_with_secrets()
    rules = load_outreach_rules(settings.outreach_rules)  # a wrong file stops it before the work
    with open_store(settings) as database, out.status("grouping customers"):
        report = run_segments(database, LocalSegmenter(engine=engine.value), rules=rules)
    if json:
        print_json(report.as_dict())
    else:
        _print_segments(report)


@app.command("recommend")
def recommend(engine: EngineOption = Engine.LOCAL, json: JsonFlag = False) -> None:
    """Recommend products to every customer (item-item, and what they said in chats)."""
    from analytics.recommendation.run import run_recommend

    with open_store() as database, out.status("learning from orders"):
        report = run_recommend(database)
    if json:
        print_json(report.as_dict() | {"engine": engine.value})
    else:
        _print_recommend(report)


@app.command("all")
def everything(engine: EngineOption = Engine.LOCAL) -> None:
    """Every analysis, one after the other."""
    segments(engine=engine)
    recommend(engine=engine)


def _print_segments(report: "SegmentReport") -> None:
    table = Table("segment", "customers", "orders", "spent", "days quiet", "contacts", "valence")
    for segment in sorted(report.segments, key=lambda one: -one.size):
        means = segment.means
        table.add_row(
            segment.name,
            f"{segment.size:,}",
            f"{means['orders']:.1f}",
            f"{means['spend_minor'] / 100:,.0f}",
            f"{means['recency_days']:.0f}",
            f"{means['contacts']:.2f}",
            f"{means['valence']:+.2f}",
        )
    out.print(table)
    for segment in report.segments:
        out.print(f"  {segment.name}: {segment.description}", style="dim", markup=False)
    out.print(f"{report.customers:,} customers; silhouette {report.silhouette:.2f}")
    if report.asked:
        out.print(f"{report.asked:,} of those who moved are written to when they are in the chat")


def _print_recommend(report: "RecommendReport") -> None:
    out.print(
        f"{report.recommendations:,} recommendations for {report.customers:,} customers,"
        f" {report.with_interests:,} of whom said what they like"
    )
    if report.hit_rates:
        rates = report.hit_rates
        out.print(
            f"hit rate at {rates.at}, one purchase held out of {rates.customers:,} customers:"
            f" {rates.recommender:.1%} (popularity alone: {rates.popularity:.1%})"
        )
