"""`kefu link`: look for customers who are one person."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from kefu.cli.context import JsonFlag, open_store, out, print_json, settings_with_secrets

# Splink and DuckDB take a second to import; the other commands must not wait for them.
if TYPE_CHECKING:
    from crm_store.linkage.run import LinkReport
    from crm_store.linkage.run import Progress as Told


class Engine(StrEnum):
    """Where pairs are compared."""

    LOCAL = "local"
    SPARK = "spark"


def link(
    engine: Annotated[
        Engine | None, typer.Option(help="Where it runs; by default as KEFU_LINK_ENGINE says.")
    ] = None,
    merge_certain: Annotated[
        bool,
        typer.Option(
            "--merge-certain",
            help="Merge pairs that are proven, by contacts verified on both sides.",
        ),
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count only; write nothing.")] = False,
    json: JsonFlag = False,
) -> None:
    """Score pairs of customers; queue what is doubtful for a person to decide."""
    from crm_store.linkage.backends import open_backend
    from crm_store.linkage.run import LinkOptions, link_all

    settings = settings_with_secrets()
    options = replace(LinkOptions.of(settings), merge_certain=merge_certain, dry_run=dry_run)
    with (
        open_store(settings) as database,
        closing(open_backend(engine or settings.link_engine)) as backend,
        _bar() as told,
    ):
        report = link_all(database, backend, options, progress=told)
    if json:
        print_json(report.as_dict())
    else:
        _print(report)


@contextmanager
def _bar() -> Iterator["Told"]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=out, disable=not out.is_terminal, transient=True) as bar:
        task = bar.add_task("reading customers", total=None)

        def told(what: str, done: int, total: int | None) -> None:
            bar.update(task, description=what, completed=done, total=total)

        yield told


def _print(report: "LinkReport") -> None:
    out.print(
        f"{report.customers:,} customers compared in {report.seconds:,.1f} s ({report.engine}):"
        f" {report.certain:,} certain and {report.doubtful:,} doubtful pairs"
    )
    if report.dry_run:
        out.print("nothing was written")
        return
    out.print(
        f"{report.new:,} new in the queue, {report.seen:,} waiting already,"
        f" {report.decided:,} decided before, {report.withdrawn:,} withdrawn;"
        f" {report.merged:,} merged"
    )
