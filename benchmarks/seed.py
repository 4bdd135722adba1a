"""Filling the store with `kefu db seed` beside plain executemany: ``python -m benchmarks.seed``.

Our seeding makes up customers, orders, parcels, payments and returns that fit each other, and
writes them; the peer writes the same number of ready-made rows into the same tables and indexes.
"""

import argparse
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

from benchmarks.harness.copy_rows import tables
from benchmarks.harness.figures import (
    BenchmarkFailed,
    add_common_options,
    begin,
    finish,
    load_average,
    progress,
    rounded,
)
from benchmarks.harness.processes import run_measured
from tests.e2e.system import KEFU, ROOT

_SECONDS = 600


def main() -> int:
    """Measure and report; 1 with one line when something failed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.seed", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[2_000, 50_000])
    add_common_options(parser)
    options = parser.parse_args()
    try:
        result = begin(options) | {"sizes": [_measure(size) for size in options.sizes]}
    except (BenchmarkFailed, OSError, subprocess.CalledProcessError) as failed:
        print(f"benchmark stopped: {failed}", file=sys.stderr)
        return 1
    finish(options, result)
    return 0


def _measure(customers: int) -> dict[str, Any]:
    progress(f"seeding {customers:,} customers")
    with tempfile.TemporaryDirectory(prefix="kefu-bench-") as folder:
        var = Path(folder) / "var"
        environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("KEFU_")},
            "KEFU_VAR": str(var),
        }
        run_measured([*KEFU, "db", "upgrade"], cwd=ROOT, environment=environment, seconds=60)
        load = load_average()
        ours = run_measured(
            [*KEFU, "db", "seed", "--size", str(customers), "--json"],
            cwd=ROOT,
            environment=environment,
            seconds=_SECONDS,
        )
        store = var / "kefu.db"
        rows = _count(store)
        copy = [sys.executable, "-m", "benchmarks.harness.copy_rows"]
        plain = run_measured(
            [*copy, str(store), str(var / "copy.db")],
            cwd=ROOT,
            environment=environment,
            seconds=_SECONDS,
        )
        copied = json.loads(plain.output)
        if copied["rows"] != rows:
            raise BenchmarkFailed(f"the peer wrote {copied['rows']} rows, not {rows}")
        size_mb = store.stat().st_size / 1e6
    rate, peer_rate = rows / ours.seconds, rows / copied["seconds"]
    return {
        "customers": customers,
        "rows": rows,
        "store_mb": rounded(size_mb, 1),
        "load": load,
        "kefu": {
            "seconds": rounded(ours.seconds),
            "rows_per_second": round(rate),
            "peak_rss_mb": rounded(ours.peak_rss_mb, 1),
            "made": json.loads(ours.output),
        },
        "peer": {
            "seconds": rounded(copied["seconds"]),
            "rows_per_second": round(peer_rate),
            "peak_rss_mb": rounded(plain.peak_rss_mb, 1),
        },
        "kefu_to_peer": {
            "rows_per_second": rounded(rate / peer_rate),
            "peak_rss": rounded(ours.peak_rss_mb / plain.peak_rss_mb),
        },
    }


def _count(store: Path) -> int:
    with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as connection:
        counts = [
            connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]
            for table in tables(connection)
        ]
    return sum(counts)


if __name__ == "__main__":
    sys.exit(main())
