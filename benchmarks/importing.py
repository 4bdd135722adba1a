"""Importing customers beside plain loading of the same file: ``python -m benchmarks.importing``.

Ours is `kefu import`: it reads, cleans, encrypts, indexes for search, looks for doubles and writes
checkpoints. The peers read the file with the csv module and write its texts as they are, by
executemany into SQLite and by COPY into PostgreSQL, into a table with as many indexes; pandas is a
third one where it is installed.
"""

import argparse
import csv
import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import make_url

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
from foundation.ids import new_id
from tests.e2e.system import KEFU, ROOT

_POSTGRES = "postgresql://postgres@127.0.0.1:5432/test"
_SECONDS = 3_600
_BATCH = 2_000
_BAD_EVERY = 100
_FIRST = [
    "Anna",
    "Jürgen",
    "Björn",
    "Maria",
    "JOHN",
    "li",
    "Marta",
    "Peter",
    "Zoë",
    "Klaus",
    "Wei",
    "Олег",
]
_LAST = [
    "Müller",
    "Smith",
    "O'Neil",
    "Schmidt",
    "MCDONALD",
    "Wang",
    "Kowalska",
    "Berg",
    "Jansen",
    "Rossi",
]
_HEADER = "Kundennummer;Name;E-Mail;Telefon;Straße;PLZ;Stadt;Land;Newsletter;Angelegt am"
_COLUMNS = "external_id name email phone street postal_code city country newsletter created_at"
_TABLE = (
    "CREATE TABLE plain (id {id} PRIMARY KEY, external_id TEXT UNIQUE, name TEXT, email TEXT, "
    "phone TEXT, street TEXT, postal_code TEXT, city TEXT, country TEXT, newsletter TEXT, "
    "created_at TEXT)"
)
_INDEXES = (
    "CREATE INDEX plain_email ON plain (email)",
    "CREATE INDEX plain_phone ON plain (phone)",
    "CREATE INDEX plain_created_at_id ON plain (created_at, id)",
)


def main() -> int:
    """Measure and report; 1 with one line when something failed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.importing", description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--engines", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--postgres", default=os.environ.get("KEFU_TEST_POSTGRES_URL", _POSTGRES))
    add_common_options(parser)
    options = parser.parse_args()
    try:
        result = begin(options) | {"rows": options.rows}
        with tempfile.TemporaryDirectory(prefix="kefu-bench-") as folder:
            path = Path(folder) / "customers.csv"
            made = _make_file(path, options.rows, options.seed)
            result["file_mb"] = rounded(path.stat().st_size / 1e6, 1)
            result["engines"] = {
                engine: _measure(engine, path, made, Path(folder), options.postgres)
                for engine in options.engines
            }
    except (BenchmarkFailed, OSError, subprocess.CalledProcessError, psycopg.Error) as failed:
        print(f"benchmark stopped: {failed}", file=sys.stderr)
        return 1
    finish(options, result)
    return 0


def _make_file(path: Path, rows: int, seed: int) -> dict[str, int]:
    """A file as shops have them, the same for the same seed; one row in a hundred is bad."""
    progress(f"making {rows:,} rows")
    chance = random.Random(seed)
    bad = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(_HEADER + "\n")
        for number in range(rows):
            is_bad = number % _BAD_EVERY == _BAD_EVERY - 1
            bad += is_bad
            email = "no address" if is_bad else f"user{number}@mail{number % 97}.example.com"
            phone = chance.choice(("+49 30 ", "030 ", "030/", "+4930"))
            file.write(
                f"C-{number:08d};{chance.choice(_FIRST)} {chance.choice(_LAST)};{email};"
                f"{phone}{chance.randint(1_000_000, 9_999_999)};"
                f"Lindenweg {chance.randint(1, 900)};{chance.randint(10_000, 99_999)};"
                f"{chance.choice(('Berlin', 'Köln', 'Kiel'))};"
                f"{chance.choice(('Deutschland', 'DE', 'Germany'))};"
                f"{chance.choice(('ja', 'nein', ''))};"
                f"{chance.randint(1, 28):02d}.{chance.randint(1, 12):02d}."
                f"{chance.randint(2015, 2024)}\n"
            )
    return {"good": rows - bad, "bad": bad}


def _measure(
    engine: str, path: Path, made: dict[str, int], folder: Path, server: str
) -> dict[str, Any]:
    with _store(engine, folder, server) as (environment, url):
        run_measured([*KEFU, "db", "upgrade"], cwd=ROOT, environment=environment, seconds=120)
        command = [*KEFU, "import", str(path), "--as", "customers", "--region", "DE", "--json"]
        rows = made["good"] + made["bad"]
        found: dict[str, Any] = {"load": load_average()}
        for name, expected in (("first", "created"), ("again", "unchanged")):
            progress(f"kefu import on {engine}, {name}")
            done = run_measured(command, cwd=ROOT, environment=environment, seconds=_SECONDS)
            report = json.loads(done.output)
            if report[expected] != made["good"] or report["rejected"] != made["bad"]:
                raise BenchmarkFailed(f"{engine}, {name}: the report is wrong: {report}")
            found[name] = {
                "seconds": rounded(done.seconds),
                "rows_per_second": round(rows / done.seconds),
                "peak_rss_mb": rounded(done.peak_rss_mb, 1),
            }
        found["peers"] = {}
        for name, load in _peers(engine).items():
            progress(f"{name} on {engine}")
            seconds = load(path, folder, url)
            found["peers"][name] = {
                "seconds": rounded(seconds),
                "rows_per_second": round(rows / seconds),
            }
        fastest = min(peer["seconds"] for peer in found["peers"].values())
        found["kefu_to_fastest_peer"] = rounded(fastest / found["first"]["seconds"])
    return found


@contextmanager
def _store(engine: str, folder: Path, server: str) -> Iterator[tuple[dict[str, str], str]]:
    """An empty store of our own, and the environment that names it."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("KEFU_")}
    environment["KEFU_VAR"] = str(folder / f"var-{engine}")
    if engine == "sqlite":
        yield environment, ""
        return
    name = f"kefu_bench_{new_id().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        url = make_url(server).set(database=name).render_as_string(hide_password=False)
        try:
            yield environment | {"KEFU_DATABASE_URL": url}, url
        finally:
            drop = sql.SQL("DROP DATABASE {} WITH (FORCE)")
            connection.execute(drop.format(sql.Identifier(name)))


def _peers(engine: str) -> dict[str, Any]:
    peers: dict[str, Any] = {
        "csv_and_executemany" if engine == "sqlite" else "csv_and_copy": (
            _executemany if engine == "sqlite" else _copy
        )
    }
    if engine == "sqlite" and find_spec("pandas"):
        peers["pandas_to_sql"] = _pandas
    return peers


def _rows(path: Path) -> Iterator[tuple[str, ...]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file, delimiter=";")
        next(reader)
        for row in reader:
            yield (new_id().hex, *row)


def _executemany(path: Path, folder: Path, _url: str) -> float:
    with closing(sqlite3.connect(folder / "plain.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(_TABLE.format(id="TEXT"))
        for index in _INDEXES:
            connection.execute(index)
        marks = ", ".join("?" * (len(_COLUMNS.split()) + 1))
        begun = time.monotonic()
        batch: list[tuple[str, ...]] = []
        for row in _rows(path):
            batch.append(row)
            if len(batch) == _BATCH:
                _write(connection, marks, batch)
                batch = []
        _write(connection, marks, batch)
        return time.monotonic() - begun


def _write(connection: sqlite3.Connection, marks: str, batch: list[tuple[str, ...]]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(f"INSERT INTO plain VALUES ({marks})", batch)
    connection.execute("COMMIT")


def _copy(path: Path, _folder: Path, url: str) -> float:
    with psycopg.connect(url) as connection:
        connection.execute(_TABLE.format(id="UUID"))
        for index in _INDEXES:
            connection.execute(index)
        connection.commit()
        begun = time.monotonic()
        with (
            connection.cursor() as cursor,
            cursor.copy("COPY plain FROM STDIN") as copy,
        ):
            for row in _rows(path):
                copy.write_row(row)
        connection.commit()
        return time.monotonic() - begun


def _pandas(path: Path, folder: Path, _url: str) -> float:
    pd = import_module("pandas")  # only where somebody has it

    with closing(sqlite3.connect(folder / "pandas.db")) as connection:
        begun = time.monotonic()
        frame = pd.read_csv(path, sep=";", dtype=str)
        frame.to_sql("plain", connection, index=False)
        return time.monotonic() - begun


if __name__ == "__main__":
    sys.exit(main())
