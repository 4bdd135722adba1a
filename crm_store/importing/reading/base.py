"""What every reader gives: a header, and rows in batches with the number that people see."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Protocol

from crm_store.importing.errors import UnreadableFile
from crm_store.texts import storable

MAX_COLUMNS = 4_096
MAX_CELL = 1_000_000
"""Characters; nothing that the store keeps comes near it. Longer cells cost their row."""
_MAX_HEADER = 200


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """What a person may know better than the file tells.

    Attributes:
        format: csv, tsv, xlsx, jsonl, json or parquet; None: by the file's name and bytes.
        delimiter, encoding: of text files; None: found out.
        header: whether the first row names the columns; None: found out.
        sheet: the name or number (from 1) of a workbook's sheet; None: the first with rows.
    """

    format: str | None = None
    delimiter: str | None = None
    encoding: str | None = None
    header: bool | None = None
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A row that could not be read as one; ``text`` is what stands there, shortened."""

    number: int
    reason: str
    text: str


@dataclass(slots=True)
class RawBatch:
    """Some rows as the file has them, each with as many cells as the header.

    Attributes:
        numbers: the row's number: the line of a record among records, the header being 1.
        rows: texts, or whatever types the format has.
        problems: rows that are none.
        repairs: what reading repaired, by rule.
    """

    numbers: list[int] = field(default_factory=list)
    rows: list[list[Any]] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    repairs: dict[str, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.rows) + len(self.problems)

    def repaired(self, rule: str, times: int = 1) -> None:
        """Count a repair."""
        self.repairs[rule] = self.repairs.get(rule, 0) + times


class Source(Protocol):
    """An open file."""

    header: list[str]
    format: str

    def batches(self, size: int) -> Iterator[RawBatch]:
        """The rows from the start, so many at a time; the same batches each time."""
        ...

    def position(self) -> tuple[int, int]:
        """How far reading has come, and where the end is; in whatever unit the format has."""
        ...

    def close(self) -> None:
        """Let go of the file."""
        ...


def sheets_of(source: Source) -> list[str]:
    """The names of a workbook's sheets, that which is read first; none for other files."""
    return list(getattr(source, "sheets", ()))


def unique_header(cells: Iterable[Any]) -> list[str]:
    """Names for the columns: trimmed, never empty, each once.

    Raises:
        UnreadableFile: more columns than any table has.
    """
    names: list[str] = []
    seen: set[str] = set()
    for position, cell in enumerate(cells, start=1):
        text = " ".join(storable(str("" if cell is None else cell)).split())
        base = text.strip("\ufeff ")[:_MAX_HEADER] or f"column {position}"
        name = base
        for number in count(2):
            if name not in seen:
                break
            name = f"{base} ({number})"
        seen.add(name)
        names.append(name)
        if position > MAX_COLUMNS:
            raise UnreadableFile(f"more than {MAX_COLUMNS:,} columns")
    return names


def add_row(batch: RawBatch, number: int, cells: list[Any], width: int) -> None:
    """Put a row into the batch, brought to the header's width; one that is too wide is a problem.

    Args:
        batch: where it goes.
        number: as people count.
        cells: what the file has.
        width: how many columns there are.
    """
    if len(cells) != width:
        if len(cells) < width:
            cells = cells + [None] * (width - len(cells))
            batch.repaired("short_row")
        elif any(cell not in (None, "") for cell in cells[width:]):
            reason = f"{len(cells)} cells where the header has {width}"
            batch.problems.append(RowProblem(number, reason, preview(cells)))
            return
        else:
            cells = cells[:width]
            batch.repaired("long_row")
    batch.numbers.append(number)
    batch.rows.append(cells)


def preview(cells: Iterable[Any]) -> str:
    """A row's cells as one text, for the reject file."""
    return "\t".join("" if cell is None else str(cell) for cell in cells)[:10_000]
