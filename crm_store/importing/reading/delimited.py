"""CSV and TSV."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from crm_store.importing.errors import UnreadableFile
from crm_store.importing.reading.base import (
    RawBatch,
    ReadingOptions,
    RowProblem,
    add_row,
    unique_header,
)
from crm_store.importing.reading.encoding import Lines, detect_encoding, named_encoding
from crm_store.importing.reading.records import BrokenRecord, read_records
from crm_store.importing.reading.streams import open_bytes, size_of

_SAMPLE = 1 << 18
_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_RECORDS = 200
_VALUE = re.compile(
    r"[^@\s]+@[^@\s]+\.\w+|[+-]?[\d.,]{2,}|\d{4}-\d\d-\d\d.*|\d{1,2}[./]\d{1,2}[./]\d{2,4}"
    r"|\+?[\d ()/-]{7,}"
)


class DelimitedSource:
    """A text file with cells between delimiters."""

    def __init__(self, path: Path, options: ReadingOptions, format_name: str = "csv") -> None:
        self._path = path
        self.format = format_name
        with open_bytes(path) as stream:
            sample = stream.read(_SAMPLE)
        if not sample.strip(b"\x00\r\n\t "):
            raise UnreadableFile("the file is empty")
        encoding, self._mark, self._fallback = detect_encoding(sample)
        self._encoding = named_encoding(options.encoding) if options.encoding else encoding
        text = sample[self._mark :].decode(self._encoding, "replace")
        default = "\t" if format_name == "tsv" else None
        self._skip_first = text.startswith("sep=")  # a hint for Excel, not a row
        if self._skip_first and len(text) > 4 and not options.delimiter:
            default = text[4]
        self._delimiter = options.delimiter or default or detect_delimiter(text)
        if len(self._delimiter) != 1:
            raise UnreadableFile("the delimiter must be a single character")
        self._lines: Lines | None = None
        self._stream: IO[bytes] | None = None
        self._size = size_of(path)
        first = self._first_record()
        self.has_header = looks_like_header(first) if options.header is None else options.header
        names = first if self.has_header else [""] * len(first)
        self.header = unique_header(names)

    def batches(self, size: int) -> Iterator[RawBatch]:
        records = enumerate(self._records(), start=1)
        if self.has_header:
            next(records, None)
        repaired = 0
        width = len(self.header)
        batch, left = RawBatch(), size
        for number, record in records:
            if isinstance(record, BrokenRecord):
                batch.problems.append(RowProblem(number, record.reason, record.text))
            elif len(record) == width:
                batch.numbers.append(number)
                batch.rows.append(record)
            else:
                add_row(batch, number, record, width)
            left -= 1
            if not left:
                repaired = self._count_repairs(batch, repaired)
                yield batch
                batch, left = RawBatch(), size
        self._count_repairs(batch, repaired)
        if len(batch):
            yield batch

    def position(self) -> tuple[int, int]:
        if self._stream is None:
            return 0, self._size
        return self._stream_position(), self._size

    def close(self) -> None:
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    def _stream_position(self) -> int:
        raw = getattr(self._stream, "raw_position", None)
        return int(raw()) if raw else (self._lines.read if self._lines else 0)

    def _records(self) -> Iterator[list[str] | BrokenRecord]:
        self.close()
        self._stream = open_bytes(self._path)
        self._stream.read(self._mark)
        self._lines = Lines(self._stream, self._encoding, self._fallback)
        lines = iter(self._lines)
        if self._skip_first:
            next(lines, None)
        return read_records(lines, self._delimiter)

    def _first_record(self) -> list[str]:
        try:
            record = next(self._records(), None)
        finally:
            self.close()
        if record is None:
            raise UnreadableFile("the file is empty")
        if isinstance(record, BrokenRecord):
            raise UnreadableFile(f"the first row cannot be read: {record.reason}")
        return record

    def _count_repairs(self, batch: RawBatch, before: int) -> int:
        now = self._lines.repaired if self._lines else 0
        if now > before:
            batch.repaired("encoding", now - before)
        return now


def detect_delimiter(text: str) -> str:
    """The delimiter that cuts most rows of the sample into the same number of cells, above one."""
    lines = text.splitlines(keepends=True)
    if len(lines) > 1:
        lines = lines[:-1]  # the sample may end within a line
    best, best_score = ",", 0.0
    for delimiter in _DELIMITERS:
        widths: list[int] = []
        for record in read_records(iter(lines), delimiter):
            if not isinstance(record, BrokenRecord):
                widths.append(len(record))
            if len(widths) >= _SAMPLE_RECORDS:
                break
        if not widths:
            continue
        usual = max(set(widths), key=widths.count)
        score = widths.count(usual) / len(widths) * min(usual - 1, 3) + usual / 10_000
        if usual > 1 and score > best_score:
            best, best_score = delimiter, score
    return best


def looks_like_header(cells: list[str]) -> bool:
    """Whether a first row names columns: none of its cells is an address, a number or a date."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    return not any(_VALUE.fullmatch(cell) for cell in filled)
