"""Transactions: who writes when."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from crm_store import database as module
from crm_store.database import Database
from foundation.errors import Unavailable


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'test.db'}")
    with database.transaction() as session:
        session.execute(text("CREATE TABLE notes (place INTEGER)"))
    yield database
    database.dispose()


def connections_in_use(database: Database) -> int:
    return database.engine.pool.checkedout()  # type: ignore[attr-defined,no-any-return]


def write(database: Database, place: int, started: Event) -> None:
    started.set()
    with database.transaction() as session:
        session.execute(text("INSERT INTO notes VALUES (:place)"), {"place": place})


def test_one_thread_at_a_time_asks_sqlite_for_the_write_lock(sqlite: Database) -> None:
    with ThreadPoolExecutor(4) as threads:
        with sqlite.transaction() as session:
            session.execute(text("INSERT INTO notes VALUES (0)"))
            started = [Event() for _ in range(4)]
            writers = [
                threads.submit(write, sqlite, place, event)
                for place, event in enumerate(started, start=1)
            ]
            assert all(event.wait(5) for event in started)
            assert connections_in_use(sqlite) == 1
        for writer in writers:
            writer.result(timeout=5)
    with sqlite.reading() as session:
        assert set(session.scalars(text("SELECT place FROM notes"))) == {0, 1, 2, 3, 4}


def test_a_failed_transaction_lets_the_next_one_write(sqlite: Database) -> None:
    with pytest.raises(OperationalError), sqlite.transaction() as session:
        session.execute(text("INSERT INTO nowhere VALUES (1)"))
    write(sqlite, 2, Event())
    with sqlite.reading() as session:
        assert list(session.scalars(text("SELECT place FROM notes"))) == [2]


def test_who_waits_too_long_is_told(sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BUSY_TIMEOUT_MS", 10)
    with (
        sqlite.transaction(),
        ThreadPoolExecutor(1) as threads,
        pytest.raises(Unavailable, match="busy"),
    ):
        threads.submit(write, sqlite, 1, Event()).result(timeout=5)


def test_readers_do_not_wait_for_writers(sqlite: Database) -> None:
    with sqlite.transaction() as writing:
        writing.execute(text("INSERT INTO notes VALUES (1)"))
        with sqlite.reading() as session:
            assert list(session.scalars(text("SELECT place FROM notes"))) == []
