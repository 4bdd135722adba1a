"""A report for people, for pipes, and as files."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from bot.evaluation.figures import Figures
from bot.evaluation.tables import Table

_DIGITS = 6


def print_json(report: Figures) -> None:
    """Writes the report to stdout."""
    sys.stdout.write(as_json(report))


def print_tables(report: Figures, tables: Sequence[Table]) -> None:
    """Writes the tables and notes to stdout, as wide as the terminal."""
    console = Console(highlight=False)
    for table in tables:
        drawn = RichTable(title=Text(table.title, style="bold"), title_justify="left")
        for place, name in enumerate(table.columns):
            text = place in table.text_columns
            drawn.add_column(name, justify="left" if text else "right", overflow="fold")
        for row in table.rows:
            # As text: a message may hold what rich takes for markup.
            drawn.add_row(*(Text(_flat(cell)) for cell in row))
        console.print(drawn)
        console.print()
    for note in report["notes"]:
        console.print(Text(f"note: {note}"))


def write(report: Figures, tables: Sequence[Table], folder: Path, pictures: Sequence[str]) -> None:
    """Writes report.json and report.md; pictures are already beside them."""
    (folder / "report.json").write_text(as_json(report), encoding="utf-8")
    (folder / "report.md").write_text(as_markdown(report, tables, pictures), encoding="utf-8")


def as_json(report: Figures) -> str:
    """Numbers with six digits after the point: more says nothing."""
    return json.dumps(_rounded(report), indent=2, ensure_ascii=False) + "\n"


def as_markdown(report: Figures, tables: Sequence[Table], pictures: Sequence[str]) -> str:
    """The tables, the notes and links to the pictures."""
    lines = ["# Evaluation", ""]
    for key, value in report.get("setup", {}).items():
        said = ", ".join(map(str, value)) if isinstance(value, list) else value
        if said:
            lines.append(f"- {key}: {_flat(_escaped(str(said)))}")
    lines += [f"- note: {_escaped(note)}" for note in report["notes"]]
    for table in tables:
        marks = [
            ":--" if place in table.text_columns else "--:" for place in range(len(table.columns))
        ]
        lines += ["", f"## {table.title}", ""]
        lines += [_row(table.columns), _row(marks)]
        lines += [_row([_escaped(cell) for cell in row]) for row in table.rows]
    for picture in pictures:
        lines += ["", f"![{Path(picture).stem}]({picture})"]
    return "\n".join(lines) + "\n"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(_flat(cell) for cell in cells)} |"


def _escaped(text: str) -> str:
    for mark in "\\|`*_<>[]":
        text = text.replace(mark, f"\\{mark}")
    return text


def _flat(text: str) -> str:
    return " ".join(text.split())


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, _DIGITS)
    if isinstance(value, dict):
        return {key: _rounded(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(one) for one in value]
    return value
