"""Who waits for SQLite's write lock gets it when somebody writes without a pause."""

import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from crm_store import database
from crm_store.database import Database

_BATCHES = """
import sys, time
from sqlalchemy import text
from crm_store.database import Database
from crm_store.sqlite_lock import give_way

database = Database("sqlite:///" + sys.argv[1])
while True:
    with database.transaction() as session:
        session.execute(text("UPDATE batches SET done = done + 1"))
        time.sleep(0.15)
    give_way()
"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Database]:
    path = tmp_path / "locked.db"
    made = Database(f"sqlite:///{path}")
    with made.transaction() as session:
        session.execute(text("CREATE TABLE batches (done INTEGER)"))
        session.execute(text("INSERT INTO batches VALUES (0)"))
    yield made
    made.dispose()


def batches(store: Database) -> int:
    with store.reading() as session:
        done = session.scalar(text("SELECT done FROM batches"))
    assert isinstance(done, int)
    return done


def test_a_writer_gets_in_between_two_batches_of_another_process(store: Database) -> None:
    path = str(store.url.database)
    process = subprocess.Popen([sys.executable, "-c", _BATCHES, path])
    try:
        deadline = time.monotonic() + 60
        while batches(store) < 2:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        passed = []
        for _ in range(6):
            before = batches(store)
            with store.transaction() as session:
                passed.append((session.scalar(text("SELECT done FROM batches")) or 0) - before)
            time.sleep(0.05)
    finally:
        process.kill()
        process.wait()
    # The batch that was under way, and now and then one more where this process had no processor.
    assert sorted(passed)[3] <= 1
    assert max(passed) <= 4


def test_a_lock_that_is_not_let_go_of_is_an_error(
    store: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_BUSY_TIMEOUT_MS", 50)
    with closing(sqlite3.connect(str(store.url.database), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(OperationalError, match="locked"), store.transaction():
            pytest.fail("two write at once")
        other.execute("ROLLBACK")
    with store.transaction() as session:
        assert session.scalar(text("PRAGMA busy_timeout")) == 50
