"""The seeding's peer: the same rows by plain executemany. Run by ``benchmarks.seed``.

It has the rows already, so it shows what SQLite itself takes for them: the same tables, the same
indexes, the same pragmas, batches of the same order of size.
"""

import json
import sqlite3
import sys
import time
from contextlib import closing
from pathlib import Path

_BATCH = 5_000
_PRAGMAS = ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = OFF")


def copy_rows(source: Path, target: Path) -> dict[str, float]:
    """Copy every row of ``source`` into the new file ``target``.

    Returns:
        rows, and the seconds that executemany and commit took; reading is not counted.
    """
    rows, seconds = 0, 0.0
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as old,
        closing(sqlite3.connect(target)) as new,
    ):
        for pragma in _PRAGMAS:
            new.execute(f"PRAGMA {pragma}")
        # The full-text index and its triggers are our own work, not SQLite's with the rows.
        for (statement,) in old.execute(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND type IN ('table', 'index') "
            "AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'search_words%'"
        ):
            new.execute(statement)
        for table in tables(old):
            # Without computed columns: this pragma does not list them.
            names = [row[1] for row in old.execute(f'PRAGMA table_info("{table}")')]
            read = old.execute(f'SELECT {", ".join(names)} FROM "{table}"')
            marks = ", ".join("?" * len(names))
            insert = f'INSERT INTO "{table}" ({", ".join(names)}) VALUES ({marks})'
            while batch := read.fetchmany(_BATCH):
                begun = time.perf_counter()
                new.executemany(insert, batch)
                new.commit()
                seconds += time.perf_counter() - begun
                rows += len(batch)
    return {"rows": rows, "seconds": seconds}


def tables(connection: sqlite3.Connection) -> list[str]:
    """The names of the tables."""
    found = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' "
        "AND name NOT LIKE 'search_words%'"
    )
    return [name for (name,) in found]


if __name__ == "__main__":
    json.dump(copy_rows(Path(sys.argv[1]), Path(sys.argv[2])), sys.stdout)
