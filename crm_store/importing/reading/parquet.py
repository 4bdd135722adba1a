"""Parquet, a batch at a time."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from crm_store.importing.errors import UnreadableFile
from crm_store.importing.reading.base import MAX_COLUMNS, RawBatch, unique_header
from crm_store.importing.reading.json_rows import flatten


class ParquetSource:
    """A Parquet file; nested columns become ``outer.inner``."""

    format = "parquet"

    def __init__(self, path: Path) -> None:
        try:
            self._file = pq.ParquetFile(path)
        except (pa.ArrowException, OSError):
            raise UnreadableFile("not a Parquet file, or a damaged one") from None
        self._names = _leaf_names(self._file.schema_arrow)
        if len(self._names) > MAX_COLUMNS:
            raise UnreadableFile(f"more than {MAX_COLUMNS:,} columns")
        self.header = unique_header(self._names)
        self._read = 0

    def batches(self, size: int) -> Iterator[RawBatch]:
        self._read = 0
        try:
            for table in self._file.iter_batches(batch_size=size):
                yield self._batch(table)
        except (pa.ArrowException, OSError):
            raise UnreadableFile("the Parquet file is damaged") from None

    def position(self) -> tuple[int, int]:
        return self._read, self._file.metadata.num_rows

    def close(self) -> None:
        self._file.close()

    def _batch(self, table: pa.RecordBatch) -> RawBatch:
        first = self._read + 1
        self._read += table.num_rows
        if any(pa.types.is_nested(field.type) for field in table.schema):
            flat = [flatten(row) for row in table.to_pylist()]
            rows = [[row.get(name) for name in self._names] for row in flat]
        else:
            columns = [_values(column) for column in table.columns]
            rows = [list(row) for row in zip(*columns, strict=True)]
        return RawBatch(numbers=list(range(first, first + len(rows))), rows=rows)


def _values(column: Any) -> list[Any]:
    """The column's values; bytes as text, nanoseconds as microseconds."""
    if pa.types.is_timestamp(column.type) and column.type.unit == "ns":
        column = column.cast(pa.timestamp("us", column.type.tz), safe=False)
    if pa.types.is_binary(column.type) or pa.types.is_large_binary(column.type):
        return [
            one if one is None else one.decode("utf-8", "replace") for one in column.to_pylist()
        ]
    return list(column.to_pylist())


def _leaf_names(schema: pa.Schema) -> list[str]:
    names: list[str] = []

    def walk(field: pa.Field, prefix: str, depth: int) -> None:
        name = f"{prefix}{field.name}"
        if pa.types.is_struct(field.type) and depth <= 4:
            for inner in field.type:
                walk(inner, f"{name}.", depth + 1)
        else:
            names.append(name)

    for field in schema:
        walk(field, "", 0)
    return names
