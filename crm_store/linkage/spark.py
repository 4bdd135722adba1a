"""Splink on Spark, for more customers than one machine's memory holds.

What Spark writes while it works (shuffles, spilled partitions) is encrypted with a key of the
session's own, in a private folder that goes with the session.
"""

import tempfile
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from typing import Any

from crm_store.linkage.blocks import with_blocks
from crm_store.linkage.errors import NoSpark
from crm_store.linkage.records import LinkRecord

_TEXTS = [name for name in LinkRecord.__dataclass_fields__ if name != "is_new"]
_SCHEMA = "is_new boolean, " + ", ".join(f"{name} string" for name in _TEXTS)


class SparkBackend:
    """Holds the records in a Spark session; ``spark-defaults.conf`` says which cluster.

    Args:
        master: Spark's address; by default what Spark is configured with, else this machine.
        partitions: so many parts the work is divided into.

    Raises:
        NoSpark: pyspark is not installed.
    """

    name = "spark"
    dialect = "spark"

    def __init__(self, *, master: str | None = None, partitions: int = 16) -> None:
        if find_spec("pyspark") is None:
            raise NoSpark
        # Not at the top: pyspark is an optional extra, and the worker must start without it.
        from pyspark.sql import SparkSession
        from splink.backends.spark import SparkAPI, similarity_jar_location

        self._folder = tempfile.TemporaryDirectory(prefix="kefu-link-")
        builder = (
            SparkSession.builder.appName("kefu link")
            .config("spark.jars", similarity_jar_location())
            .config("spark.io.encryption.enabled", "true")
            .config("spark.local.dir", self._folder.name)
            .config("spark.sql.shuffle.partitions", str(partitions))
            .config("spark.default.parallelism", str(partitions))
            .config("spark.ui.enabled", "false")
        )
        if master:
            builder = builder.master(master)
        self._spark = builder.getOrCreate()
        self._spark.sparkContext.setLogLevel("ERROR")
        self._api = SparkAPI(spark_session=self._spark, break_lineage_method="persist")

    def load(self, batches: Iterable[list[LinkRecord]]) -> int:
        records: Any = None
        for batch in batches:
            rows = [{**one.as_row()} for one in batch]
            frame = self._spark.createDataFrame(rows, schema=_SCHEMA)
            records = frame if records is None else records.unionByName(frame)
        if records is None:
            return 0
        records.createOrReplaceTempView("records")
        self._spark.sql(with_blocks("records")).persist().createOrReplaceTempView("people")
        return self._one("SELECT count(*) FROM people")

    def table(self) -> Any:
        return self._api.register(self._spark.table("people"))

    def count_pairs(self, block: str) -> int:
        return self._one(
            f"SELECT CAST(coalesce(sum(n * (n - 1) / 2), 0) AS BIGINT) FROM (SELECT count(*) AS n"  # noqa: S608
            f" FROM people WHERE {block} IS NOT NULL GROUP BY {block}) AS counted"
        )

    def rows(self, frame: Any) -> Iterator[dict[str, Any]]:
        for row in frame.as_spark_dataframe().toLocalIterator():
            yield row.asDict()

    def close(self) -> None:
        self._spark.stop()
        self._folder.cleanup()

    def _one(self, sql: str) -> int:
        return int(self._spark.sql(sql).collect()[0][0])
