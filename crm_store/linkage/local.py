"""Splink on DuckDB, in this process.

The records lie in memory alone: DuckDB may not spill to a disk, where names and addresses would
stand in clear. What does not fit is an error that says so, not a file.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import duckdb
import pyarrow as pa
from splink import DuckDBAPI

from crm_store.linkage.blocks import with_blocks
from crm_store.linkage.errors import TooMuchForMemory
from crm_store.linkage.records import LinkRecord

MEMORY_LIMIT = "3GB"
_ROWS_AT_ONCE = 1_000
_SCHEMA = pa.schema(
    [
        pa.field(name, pa.bool_() if name == "is_new" else pa.string())
        for name in LinkRecord.__dataclass_fields__
    ]
)


class LocalBackend:
    """Holds the records in DuckDB's memory."""

    name = "local"
    dialect = "duckdb"

    def __init__(self, *, memory_limit: str = MEMORY_LIMIT, threads: int | None = None) -> None:
        self._connection = duckdb.connect(":memory:")
        self._connection.execute("SET temp_directory = ''")
        self._connection.execute(f"SET memory_limit = '{memory_limit}'")
        if threads:
            self._connection.execute(f"SET threads = {threads}")
        self._api = DuckDBAPI(self._connection)

    def load(self, batches: Iterable[list[LinkRecord]]) -> int:
        columns = ", ".join(
            f"{name} {'BOOLEAN' if name == 'is_new' else 'VARCHAR'}" for name in _SCHEMA.names
        )
        self._connection.execute(f"CREATE TABLE records ({columns})")
        try:
            self._fill(batches)
        except duckdb.OutOfMemoryException:
            raise TooMuchForMemory from None
        return self._one("SELECT count(*) FROM people")

    def _fill(self, batches: Iterable[list[LinkRecord]]) -> None:
        for batch in batches:
            rows = pa.Table.from_pylist([one.as_row() for one in batch], schema=_SCHEMA)
            self._connection.register("batch", rows)
            self._connection.execute("INSERT INTO records SELECT * FROM batch")
            self._connection.unregister("batch")
        self._connection.execute(f"CREATE TABLE people AS {with_blocks('records')}")
        self._connection.execute("DROP TABLE records")

    def table(self) -> Any:
        return self._api.register("people")

    def count_pairs(self, block: str) -> int:
        return self._one(
            f"SELECT coalesce(sum(n * (n - 1) / 2), 0)::BIGINT FROM (SELECT count(*) AS n"  # noqa: S608
            f" FROM people WHERE {block} IS NOT NULL GROUP BY {block})"
        )

    def rows(self, frame: Any) -> Iterator[dict[str, Any]]:
        result = self._connection.cursor().execute(
            f"SELECT * FROM {frame.physical_name}"  # noqa: S608
        )
        names = [column[0] for column in result.description]
        while rows := result.fetchmany(_ROWS_AT_ONCE):
            for row in rows:
                yield dict(zip(names, row, strict=True))

    def close(self) -> None:
        self._connection.close()

    def _one(self, sql: str) -> int:
        # All rows: DuckDB lets nothing else onto a connection with a result half read.
        ((value,),) = self._connection.execute(sql).fetchall()
        return int(value)
