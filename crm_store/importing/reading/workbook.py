"""Excel workbooks, a row at a time.

``openpyxl`` in its read-only mode holds one row; ``python-calamine`` is ten times as fast but holds
the whole sheet, up to the last cell that anybody ever touched (docs/adr/0015).
"""

import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from crm_store.importing.errors import FileTooLarge, UnreadableFile
from crm_store.importing.reading.base import (
    RawBatch,
    ReadingOptions,
    add_row,
    unique_header,
)
from crm_store.importing.reading.delimited import looks_like_header

_MAX_UNPACKED = 2 << 30
_MAX_SHARED = 256 << 20
_MAX_RATIO = 400
_SMALL = 32 << 20
_BROKEN = (
    zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, TypeError, OSError, EOFError,
    SyntaxError, AttributeError, IndexError,
)  # fmt: skip


class WorkbookSource:
    """One sheet of an .xlsx file."""

    format = "xlsx"

    def __init__(self, path: Path, options: ReadingOptions) -> None:
        refuse_bombs(path)
        self._path = path
        self._rows_read = self._stated_rows = 0
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of styles and extensions that nobody reads here
                self._book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
        except _BROKEN:
            raise UnreadableFile("not an Excel workbook, or a damaged one") from None
        try:
            self._sheet = self._choose(options.sheet)
            first = next(self._rows(), None)
        except UnreadableFile:
            self._book.close()
            raise
        if first is None:
            self._book.close()
            raise UnreadableFile("the sheet is empty")
        _, cells = first
        texts = ["" if cell is None else str(cell) for cell in cells]
        self.has_header = looks_like_header(texts) if options.header is None else options.header
        self.header = unique_header(texts if self.has_header else [""] * len(texts))

    def batches(self, size: int) -> Iterator[RawBatch]:
        batch = RawBatch()
        rows = self._rows()
        if self.has_header:
            next(rows, None)
        for number, cells in rows:
            self._rows_read = number
            add_row(batch, number, cells, len(self.header))
            if len(batch) >= size:
                yield batch
                batch = RawBatch()
        if len(batch):
            yield batch

    def position(self) -> tuple[int, int]:
        return self._rows_read, max(self._stated_rows, self._rows_read)

    def close(self) -> None:
        self._book.close()

    @property
    def sheets(self) -> list[str]:
        """The names of all sheets, that which is read first."""
        names = [sheet.title for sheet in self._book.worksheets]
        return sorted(names, key=lambda name: name != self._sheet.title)

    def _choose(self, wanted: str | None) -> Any:
        sheets = {sheet.title: sheet for sheet in self._book.worksheets}
        if wanted is None:
            for sheet in sheets.values():
                rows = sheet.max_row
                if next(_filled(sheet), None) is not None:
                    self._stated_rows = rows or 0
                    return sheet
            raise UnreadableFile("the workbook has no rows")
        if wanted in sheets:
            return sheets[wanted]
        if wanted.isdigit() and 1 <= int(wanted) <= len(sheets):
            return list(sheets.values())[int(wanted) - 1]
        raise UnreadableFile(f"no sheet of that name; there are {', '.join(sheets)}"[:500])

    def _rows(self) -> Iterator[tuple[int, list[Any]]]:
        yield from _filled(self._sheet)


def _filled(sheet: Any) -> Iterator[tuple[int, list[Any]]]:
    """The rows that have a cell with something in it, trailing blanks cut off."""
    try:
        # Without its stated size a sheet is read as far as its cells go: a lone one at the far end
        # would widen every row.
        sheet.reset_dimensions()
        for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
            width = len(row)
            while width and row[width - 1] in (None, ""):
                width -= 1
            if width:
                yield number, list(row[:width])
    except _BROKEN as error:
        raise UnreadableFile("the workbook is damaged") from error


def refuse_bombs(path: Path) -> None:
    """Refuse archives without a workbook, and that would unpack into far more than a sheet needs.

    Raises:
        FileTooLarge: they would.
        UnreadableFile: not an archive at all, or one of something else.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError):
        raise UnreadableFile("not an Excel workbook, or a damaged one") from None
    names = {member.filename for member in members}
    if not any(name.startswith("xl/") for name in names):
        kind = "an OpenDocument file" if "content.xml" in names else "a ZIP archive"
        raise UnreadableFile(f"{kind}, not an Excel workbook; give the table in it, .xlsx or CSV")
    for member in members:
        ratio = member.file_size / max(member.compress_size, 1)
        if member.file_size > _SMALL and ratio > _MAX_RATIO:
            raise FileTooLarge("the workbook unpacks into something enormous; save it as CSV")
        if member.filename.endswith("sharedStrings.xml") and member.file_size > _MAX_SHARED:
            raise FileTooLarge("the workbook has too many texts; save it as CSV")
    if sum(member.file_size for member in members) > _MAX_UNPACKED:
        raise FileTooLarge("the workbook is too large; save it as CSV")
