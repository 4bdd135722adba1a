"""The console's lists and searches on a large store: ``python -m benchmarks.store``.

Asks through the services what the REST handlers ask, while another process writes messages without
a pause, and in the same run the same in hand-written SQL through the driver.
"""

import argparse
import json
import os
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from benchmarks.harness.figures import (
    BenchmarkFailed,
    add_common_options,
    begin,
    finish,
    percentile,
    progress,
    rounded,
)
from benchmarks.harness.store_questions import Question, questions
from benchmarks.harness.store_sample import draw
from crm_store.database import Database
from crm_store.models import Customer, Message, Order
from crm_store.opening import open_database
from foundation.settings import Settings, load_settings
from tests.e2e.system import KEFU, ROOT

_NAMED = re.compile(r"(?<!:):(\w+)")
_WARM_ROUNDS = 3


def main() -> int:
    """Measure and report; 1 with one line when something failed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.store", description=__doc__)
    parser.add_argument("--size", type=int, default=50_000, help="customers to seed, if empty")
    parser.add_argument("--var", type=Path, help="an installation's folder; else one for this run")
    parser.add_argument("--url", help="a PostgreSQL database; without it, SQLite in the folder")
    parser.add_argument("--rounds", type=int, default=60, help="how often each question is asked")
    parser.add_argument("--only", default="", help="questions with this in their name alone")
    parser.add_argument("--no-writer", action="store_true", help="let nobody write meanwhile")
    add_common_options(parser)
    options = parser.parse_args()
    try:
        with _installation(options) as settings:
            result = begin(options) | _measure(settings, options)
    except (BenchmarkFailed, OSError, subprocess.CalledProcessError) as failed:
        print(f"benchmark stopped: {failed}", file=sys.stderr)
        return 1
    finish(options, result)
    return 0


@contextmanager
def _installation(options: argparse.Namespace) -> Iterator[Settings]:
    """A seeded store; an empty one is filled first, which is not measured here."""
    with tempfile.TemporaryDirectory(prefix="kefu-bench-") as made:
        var = options.var or Path(made)
        for name in [name for name in os.environ if name.startswith("KEFU_")]:
            del os.environ[name]
        os.environ["KEFU_VAR"] = str(var)
        if options.url:
            os.environ["KEFU_DATABASE_URL"] = options.url
        _kefu("db", "upgrade")
        settings = load_settings(env_file=None)
        database = open_database(settings)
        with database.reading() as session:
            is_empty = session.scalar(select(Customer.id).limit(1)) is None
        database.dispose()
        if is_empty:
            progress(f"seeding {options.size:,} customers")
            _kefu("db", "seed", "--size", str(options.size))
        yield settings


def _kefu(*arguments: str) -> None:
    subprocess.run([*KEFU, *arguments], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def _measure(settings: Settings, options: argparse.Namespace) -> dict[str, Any]:
    database = open_database(settings)
    with database.reading() as session:
        rows = {
            model.__tablename__: session.scalar(select(func.count()).select_from(model))
            for model in (Customer, Order, Message)
        }
        progress("drawing what to ask about")
        sample = draw(session, is_sqlite=database.is_sqlite)
    plain = _Plain(database)
    asked = [
        question
        for question in questions(sample, is_sqlite=database.is_sqlite)
        if options.only in question.name
    ]
    with _writer(settings, options.no_writer) as written:
        figures = [_ask(database, plain, question, options.rounds) for question in asked]
    database.dispose()
    return {
        "engine": "sqlite" if database.is_sqlite else "postgresql",
        "rows": rows,
        "writer": written,
        "questions": figures,
        "screens": _screens(figures),
        "peak_rss_mb": rounded(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6, 1),
    }


@contextmanager
def _writer(settings: Settings, nobody: bool) -> Iterator[dict[str, Any]]:
    """The busy writer in a process of its own; what it wrote is known at the end."""
    told: dict[str, Any] = {}
    if nobody:
        yield told
        return
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.harness.busy_writer", str(settings.var)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        if process.stdout.readline().strip() != "writing":
            raise BenchmarkFailed("the writer did not start")
        begun = time.monotonic()
        yield told
        process.send_signal(signal.SIGTERM)
        output = process.stdout.read()
        if process.wait(30):
            raise BenchmarkFailed("the writer failed")
        told |= json.loads(output)
        told["per_second"] = rounded(told["messages"] / (time.monotonic() - begun), 1)
    finally:
        process.kill()
        process.wait()


def _ask(database: Database, plain: "_Plain", question: Question, rounds: int) -> dict[str, Any]:
    """Ask ours and by hand in turn, each case in turn."""
    progress(question.name)
    if not question.cases:
        raise BenchmarkFailed(f"{question.name}: the store has nothing to ask about")
    ours: list[float] = []
    computing: list[float] = []
    by_hand: list[float] = []
    rows = 0
    for number in range(_WARM_ROUNDS + rounds):
        case = question.cases[number % len(question.cases)]
        begun, computed = time.perf_counter(), time.thread_time()
        with database.reading() as session:
            rows = max(rows, question.ask(session, case))
        took, computed = time.perf_counter() - begun, time.thread_time() - computed
        if number >= _WARM_ROUNDS:
            ours.append(took)
            computing.append(computed)
        if question.plain is not None:
            took = plain.ask(question.plain, question.values(case))
            if number >= _WARM_ROUNDS:
                by_hand.append(took)
    found: dict[str, Any] = {
        "question": question.name,
        "screen": question.group,
        "rows": rows,
        "kefu": _spread(ours),
        # Without waiting for a processor; with SQLite all of the work, with PostgreSQL our share.
        "kefu_cpu": _spread(computing),
    }
    if by_hand:
        found["plain_sql"] = _spread(by_hand)
        found["kefu_to_plain"] = rounded(percentile(ours, 0.5) / percentile(by_hand, 0.5), 2)
    return found


def _spread(seconds: Sequence[float]) -> dict[str, float]:
    shares = {"p50_ms": 0.5, "p95_ms": 0.95, "p99_ms": 0.99}
    return {name: rounded(percentile(seconds, share) * 1_000) for name, share in shares.items()}


def _screens(figures: Sequence[dict[str, Any]]) -> dict[str, float]:
    """The slowest question's p95 of each screen."""
    slowest: dict[str, float] = {}
    for figure in figures:
        screen, p95 = figure["screen"], figure["kefu"]["p95_ms"]
        slowest[screen] = max(slowest.get(screen, 0.0), p95)
    return slowest


class _Plain:
    """A connection of the driver's own, without SQLAlchemy between."""

    def __init__(self, database: Database) -> None:
        self._is_sqlite = database.is_sqlite
        raw: Any = database.engine.raw_connection()
        self._connection = raw.driver_connection

    def ask(self, statement: str, values: dict[str, Any]) -> float:
        """Run the statement, read every row, end the transaction; returns the seconds."""
        if self._is_sqlite:
            values = {name: _sqlite_value(value) for name, value in values.items()}
        else:
            statement = _NAMED.sub(r"%(\1)s", statement)
        begun = time.perf_counter()
        cursor = self._connection.cursor()
        cursor.execute(statement, values)
        cursor.fetchall()
        cursor.close()
        self._connection.rollback()
        return time.perf_counter() - begun


def _sqlite_value(value: Any) -> Any:
    """As the store keeps it: keys as hex, times without zone."""
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
    return value


if __name__ == "__main__":
    sys.exit(main())
