"""The labelled sentences for the tone of a message, each with its file and line."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.lint.findings import Finding, error
from bot.lint.yaml_nodes import Unreadable, read_text

LABELS = ("negative", "neutral", "positive")
_YES_NO = {"yes": True, "no": False}


@dataclass(frozen=True)
class Row:
    """A sentence and how it sounds; ``frustrated`` is None where the file does not say."""

    file: Path
    line: int
    text: str
    label: str
    frustrated: bool | None = None


def read(path: Path, *, into: list[Row]) -> Iterator[Finding]:
    """Adds the rows of a file that can be used; yields a finding for each that cannot."""
    try:
        content = read_text(path)
    except Unreadable as unreadable:
        yield error(path, unreadable.line, "row-unusable", unreadable.reason)
        return
    reader = csv.reader(io.StringIO(content, newline=""), strict=True)
    begins = 1
    header: list[str] | None = None
    found = len(into)
    try:
        for cells in reader:
            line, begins = begins, reader.line_num + 1
            if not cells:
                continue
            if header is None:
                header = cells
                if not {"text", "label"} <= set(header):
                    said = "the columns 'text' and 'label' are needed"
                    yield error(path, line, "row-unusable", said)
                    return
                continue
            made = _row(path, line, header, cells)
            if isinstance(made, Row):
                into.append(made)
            else:
                yield made
    except csv.Error as broken:
        yield error(path, begins, "row-unusable", f"this row is no CSV: {broken}")
        return
    if header is None:
        yield error(path, 1, "file-empty", "the file is empty")
    elif len(into) == found:
        yield error(path, 1, "file-empty", "the file has no usable row")


def _row(path: Path, line: int, header: list[str], cells: list[str]) -> Row | Finding:
    if len(cells) != len(header):
        hint = "; a text with a comma needs quotes" if len(cells) > len(header) else ""
        said = f"{len(cells)} cells where the header has {len(header)}{hint}"
        return error(path, line, "row-unusable", said)
    named = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
    text, label = named["text"], named["label"]
    if not text:
        return error(path, line, "row-unusable", "the text is empty")
    if label not in LABELS:
        said = f"'{label}' is none of {', '.join(LABELS)}"
        return error(path, line, "row-unusable", said, text)
    frustrated = named.get("frustrated")
    if frustrated is not None and frustrated not in _YES_NO:
        said = f"frustrated is '{frustrated}', neither yes nor no"
        return error(path, line, "row-unusable", said, text)
    return Row(path, line, text, label, None if frustrated is None else _YES_NO[frustrated])
