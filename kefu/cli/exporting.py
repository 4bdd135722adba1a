"""`kefu export`: rows of the store into a file."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from crm_store.exporting import ExportFilter, export
from crm_store.exporting.tables import EXPORTS
from kefu.cli.context import OPERATOR, JsonFlag, open_store, out, print_json


def export_file(  # noqa: PLR0917  # typer reads options from them
    kind: Annotated[str, typer.Argument(help=f"What: {', '.join(EXPORTS)}.")],
    to: Annotated[Path, typer.Option(help="FILE.csv, .xlsx, .jsonl or .parquet.")],
    since: Annotated[str | None, typer.Option(help="From this day on (UTC), YYYY-MM-DD.")] = None,
    until: Annotated[str | None, typer.Option(help="Before this day (UTC), YYYY-MM-DD.")] = None,
    where: Annotated[
        list[str] | None, typer.Option(help="COLUMN=VALUE, like country=DE; may be repeated.")
    ] = None,
    json: JsonFlag = False,
) -> None:
    """Write rows into a file; its texts cannot run as formulas, and it can be imported again."""
    wanted = ExportFilter(_day("since", since), _day("until", until), _equal(where or []))
    columns = (TextColumn("exporting"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    shown = out.is_terminal and not json
    with open_store() as database, Progress(*columns, console=out, disable=not shown) as bar:
        task = bar.add_task("exporting", total=None)
        done = export(
            database,
            kind,
            to,
            OPERATOR,
            wanted=wanted,
            progress=lambda rows, total: bar.update(task, completed=rows, total=total),
        )
    if json:
        print_json({"kind": done.kind, "rows": done.rows, "file": str(done.path)})
    else:
        out.print(f"{done.rows:,} {done.kind} written to {done.path}", markup=False)


def _day(name: str, text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"--{name}: {text!r} is not a day like 2026-01-31") from None
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _equal(conditions: list[str]) -> dict[str, str]:
    found = {}
    for condition in conditions:
        name, mark, value = condition.partition("=")
        if not mark:
            raise typer.BadParameter(f"--where {condition!r}: COLUMN=VALUE is expected")
        found[name.strip()] = value.strip()
    return found
