"""One writer a format. Each takes rows as they come and holds few of them."""

import csv
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.parquet as pq
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from crm_store.exporting.errors import TooManyRows
from crm_store.exporting.tables import Column, Shape
from crm_store.importing.guarding import guard

Values = Sequence[Any]
_SHEET_ROWS = 1_048_576
_CELL_CHARS = 32_767
_PARQUET_ROWS = 5_000


class Writer(Protocol):
    """Writes all rows to a file."""

    def __call__(self, path: Path, columns: Sequence[Column], rows: Iterable[Values]) -> None:
        """Write a header and the rows."""
        ...


def write_csv(path: Path, columns: Sequence[Column], rows: Iterable[Values]) -> None:
    """UTF-8 with a mark, so that Excel reads it as such; texts cannot be formulas."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([column.name for column in columns])
        for row in rows:
            writer.writerow([_csv_cell(value) for value in row])


def write_xlsx(path: Path, columns: Sequence[Column], rows: Iterable[Values]) -> None:
    """A workbook of one sheet; texts cannot be formulas, numbers and times are what they are.

    Raises:
        TooManyRows: a sheet cannot hold them.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet("export")
    sheet.append([column.name for column in columns])
    for number, row in enumerate(rows, start=2):
        if number > _SHEET_ROWS:
            book.close()
            raise TooManyRows("more than 1,048,575 rows: export to CSV or Parquet instead")
        sheet.append([_sheet_cell(value) for value in row])
    book.save(path)


def write_jsonl(path: Path, columns: Sequence[Column], rows: Iterable[Values]) -> None:
    """An object a line; nothing runs JSON, so texts are as they are."""
    names = [column.name for column in columns]
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            values = {name: _json_value(value) for name, value in zip(names, row, strict=True)}
            file.write(json.dumps(values, ensure_ascii=False) + "\n")


def write_parquet(path: Path, columns: Sequence[Column], rows: Iterable[Values]) -> None:
    """Typed columns; amounts are floating-point numbers beside their currency."""
    schema = pa.schema([(column.name, _PARQUET[column.shape]) for column in columns])
    with pq.ParquetWriter(path, schema) as writer:
        waiting: list[Values] = []
        for row in rows:
            waiting.append([_parquet_value(value) for value in row])
            if len(waiting) == _PARQUET_ROWS:
                writer.write_table(_table(schema, waiting))
                waiting = []
        writer.write_table(_table(schema, waiting))


WRITERS: dict[str, Writer] = {
    "csv": write_csv,
    "xlsx": write_xlsx,
    "jsonl": write_jsonl,
    "parquet": write_parquet,
}
_PARQUET = {
    Shape.TEXT: pa.string(),
    Shape.INTEGER: pa.int64(),
    Shape.NUMBER: pa.float64(),
    Shape.BOOLEAN: pa.bool_(),
    Shape.TIME: pa.timestamp("us", "UTC"),
}


def _table(schema: pa.Schema, rows: list[Values]) -> pa.Table:
    columns = zip(*rows, strict=True) if rows else ([] for _ in schema)
    arrays = [pa.array(values, field.type) for values, field in zip(columns, schema, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)


def _csv_cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | Decimal):
        return str(value)
    return guard(str(_plain(value)))


def _sheet_cell(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None)  # a sheet knows no time zones
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, Decimal):
        return float(value)
    return guard(ILLEGAL_CHARACTERS_RE.sub("", str(_plain(value))))[:_CELL_CHARS]


def _json_value(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return float(value) if isinstance(value, Decimal) else _plain(value)


def _parquet_value(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else _plain(value)


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value
