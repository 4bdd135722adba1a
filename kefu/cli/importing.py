"""`kefu import`: files of customers, orders, … into the store."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from crm_store.importing.cleaning.rules import RULES
from crm_store.importing.errors import BadMapping, UnreadableFile
from crm_store.importing.mapping import BadValues, ConflictPolicy, Mapping
from crm_store.importing.mapping.propose import Proposal, propose
from crm_store.importing.mapping.yaml_file import load_mapping, write_mapping
from crm_store.importing.reading import ReadingOptions, open_source, sheets_of
from crm_store.importing.run import Importer, Report
from crm_store.importing.run.runner import sample_rows
from crm_store.importing.targets import TARGETS, target_named
from foundation.settings import Settings
from kefu.cli.context import (
    OPERATOR,
    JsonFlag,
    keep_files_private,
    open_store,
    out,
    print_json,
    settings_with_secrets,
)
from kefu.cli.mapping_dialogue import confirm_mapping

_STDIN = "-"
_GOES_ON = "stopped: what is in stays in, and the same command goes on from there"
# A file may have hundreds of columns that nobody wants; the names of some tell which they are.
_NAMED = 10


def import_file(  # noqa: PLR0917  # typer reads options from them
    file: Annotated[str, typer.Argument(help="The file; - reads stdin.", show_default=False)],
    target: Annotated[str, typer.Option("--as", help=f"What the rows are: {', '.join(TARGETS)}.")],
    map_file: Annotated[
        Path | None, typer.Option("--map", help="A mapping file (see docs/importing.md).")
    ] = None,
    propose_only: Annotated[
        bool, typer.Option("--propose", help="Print the proposed mapping as YAML and stop.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Do everything and keep nothing but the report.")
    ] = False,
    conflict: Annotated[
        ConflictPolicy | None,
        typer.Option("--on-conflict", help="Where the store says something else."),
    ] = None,
    bad_values: Annotated[
        BadValues | None,
        typer.Option(
            "--bad-values", help="A value that means nothing: reject its row, or blank it."
        ),
    ] = None,
    region: Annotated[
        str | None,
        typer.Option(help="Country (DE, US, …) of phone numbers and dates that leave it open."),
    ] = None,
    currency: Annotated[str | None, typer.Option(help="Of amounts without one.")] = None,
    sheet: Annotated[
        str | None, typer.Option(help="Sheet of a workbook, by name or number.")
    ] = None,
    delimiter: Annotated[str | None, typer.Option(help="Of a text file.")] = None,
    encoding: Annotated[str | None, typer.Option(help="Of a text file.")] = None,
    header: Annotated[
        bool | None,
        typer.Option("--header/--no-header", help="Whether the first row names columns."),
    ] = None,
    file_format: Annotated[
        str | None, typer.Option("--format", help="csv, tsv, xlsx, jsonl, json or parquet.")
    ] = None,
    json: JsonFlag = False,
) -> None:
    """Import a file: clean its rows, add what is new, change what differs, report the rest."""
    settings = settings_with_secrets()
    keep_files_private()
    reading = ReadingOptions(file_format, delimiter, encoding, header, sheet)
    kind = target_named(target)
    with _on_disk(file, settings) as path:
        if map_file is not None:
            mapping = load_mapping(map_file, target=kind.name)
        else:
            proposal = _proposal(path, kind.name, reading, region, currency)
            if propose_only:
                sys.stdout.write(write_mapping(proposal.mapping, proposal))
                return
            mapping = _agreed(proposal, ask=not json and file != _STDIN)
        mapping = _with_options(
            mapping,
            conflict=conflict,
            on_bad=bad_values,
            region=region,
            currency=currency,
            format=file_format,
            delimiter=delimiter,
            encoding=encoding,
            header=header,
            sheet=sheet,
        )
        name = "stdin" if file == _STDIN else path.name
        left_out = _left_out(path, mapping)
        try:
            report = _import(settings, path, mapping, name=name, dry_run=dry_run, quiet=json)
        except KeyboardInterrupt:
            if not dry_run:
                typer.echo(_GOES_ON, err=True)
            raise
    if json:
        print_json(report.as_dict() | {"columns_left_out": left_out})
    else:
        _print(report, left_out)


def _proposal(
    path: Path, target: str, reading: ReadingOptions, region: str | None, currency: str | None
) -> Proposal:
    source = open_source(path, reading)
    try:
        return propose(
            target_named(target),
            source.header,
            sample_rows(source),
            reading=reading,
            region=region,
            currency=currency,
            sheets=sheets_of(source) if reading.sheet is None else (),
        )
    finally:
        source.close()


def _agreed(proposal: Proposal, *, ask: bool) -> Mapping:
    """The proposal, confirmed by a person where there is one, else only when it is certain."""
    if ask and sys.stdin.isatty() and out.is_terminal:
        return confirm_mapping(proposal)
    if not proposal.is_certain:
        raise BadMapping(
            "the mapping is doubtful: " + "; ".join(proposal.doubts) + " (write one with --propose)"
        )
    return proposal.mapping


def _with_options(mapping: Mapping, **given: object) -> Mapping:
    """What was said on the command line goes before what the mapping file says."""
    values = mapping.model_dump(mode="json")
    said = {name: str(value) for name, value in given.items() if value is not None}
    return Mapping.read(values | said)


def _left_out(path: Path, mapping: Mapping) -> list[str]:
    """The columns that go nowhere: somebody may have expected them in the store."""
    source = open_source(path, mapping.reading)
    try:
        return [column for column in source.header if column not in mapping.columns]
    finally:
        source.close()


def _import(
    settings: Settings, path: Path, mapping: Mapping, *, name: str, dry_run: bool, quiet: bool
) -> Report:
    columns = (
        TextColumn("importing"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[rows]:,} rows"),
        TimeRemainingColumn(),
    )
    shown = out.is_terminal and not quiet
    with (
        open_store(settings) as database,
        Progress(*columns, console=out, disable=not shown) as bar,
    ):
        task = bar.add_task("importing", total=None, rows=0)
        return Importer(database, settings.var, OPERATOR).run(
            path,
            mapping,
            source_name=name,
            dry_run=dry_run,
            progress=lambda rows, position, total: bar.update(
                task, completed=position, total=total, rows=rows
            ),
        )


@contextmanager
def _on_disk(file: str, settings: Settings) -> Iterator[Path]:
    """The file; stdin is written down first, since columns are judged before rows are read."""
    if file != _STDIN:
        yield _readable(file)
        return
    folder = settings.var / "imports"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.NamedTemporaryFile(dir=folder, prefix="stdin-") as copy:
        shutil.copyfileobj(sys.stdin.buffer, copy)
        copy.flush()
        yield Path(copy.name)


def _readable(file: str) -> Path:
    path = Path(file)
    if path.is_dir():
        raise UnreadableFile(f"{file}: a folder, and a file is expected")
    if not path.exists():
        raise UnreadableFile(f"{file}: no such file")
    if not path.is_file():
        # It can be read once, and columns are judged before rows are read.
        raise UnreadableFile(f"{file}: a pipe or a device; read it from stdin, as -")
    return path


def _print(report: Report, left_out: list[str]) -> None:
    if report.dry_run:
        out.print("a dry run: nothing was written")
    if report.resumed:
        out.print("went on where an earlier run was cut short")
    for name in ("read", "created", "updated", "unchanged", "rejected"):
        out.print(f"{name:<12}{getattr(report, name):>12,}")
    if report.erased:
        out.print(f"{'erased':<12}{report.erased:>12,}  people who were erased; not brought back")
    if report.possible_duplicates:
        out.print(
            f"{'duplicates':<12}{report.possible_duplicates:>12,}"
            "  new customers who share an e-mail or a phone with others"
        )
    if report.rules:
        rules = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
        rules.add_column(no_wrap=True)
        rules.add_column(no_wrap=True, justify="right")
        rules.add_column()
        for rule, times in report.rules.items():
            rules.add_row(f"  {rule}", f"{times:,}", Text(RULES.get(rule, "")))
        out.print(rules)
    if left_out:
        more = f" and {len(left_out) - _NAMED:,} more" if len(left_out) > _NAMED else ""
        names = ", ".join(left_out[:_NAMED])
        out.print(f"columns left out: {names}{more}", markup=False, soft_wrap=True)
    if report.reject_file:
        # Not wrapped: a path in two lines cannot be copied.
        out.print(
            f"rejected rows, with reasons: {report.reject_file}", markup=False, soft_wrap=True
        )
