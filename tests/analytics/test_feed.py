"""From the assistant's broker file into the store, with the worker dying in between."""

import json
import sqlite3
import threading
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from analytics.feed.ingest import ingest_waiting
from analytics.feed.source import SqliteEventSource
from analytics.feed.worker import Chore, run_chores
from crm_store.database import Database
from crm_store.events import EventStore

AT = datetime(2026, 6, 1, 12, 0, tzinfo=UTC).timestamp()
# As bot/event_broker.py makes it.
SCHEMA = """
CREATE TABLE events (
    id INTEGER PRIMARY KEY AUTOINCREMENT, sender_id TEXT NOT NULL, turn_key TEXT UNIQUE,
    data TEXT NOT NULL, created REAL NOT NULL
)
"""


@pytest.fixture
def broker(tmp_path: Path) -> Path:
    path = tmp_path / "assistant-events.db"
    with sqlite3.connect(path) as connection:
        connection.execute(SCHEMA)
    connection.close()
    return path


def publish(path: Path, conversation: str, key: str | None, event: dict[str, object]) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute(
            "INSERT INTO events (sender_id, turn_key, data, created) VALUES (?, ?, ?, ?)",
            (conversation, key, json.dumps(event), AT),
        )
    connection.close()


def stored(database: Database, conversation: UUID) -> list[tuple[str, str | None]]:
    with database.reading() as session:
        return [(e.type_name, e.name) for e in EventStore(session).list(conversation)]


def test_events_reach_the_store_once(database: Database, broker: Path) -> None:
    conversation = uuid4()
    publish(broker, str(conversation), "t1:0", {"event": "user", "timestamp": AT})
    publish(broker, str(conversation), "t1:1", {"event": "action", "name": "utter_greet"})
    source = SqliteEventSource(broker)
    assert ingest_waiting(source, database) == 2
    assert ingest_waiting(source, database) == 0
    assert sorted(stored(database, conversation)) == [("action", "utter_greet"), ("user", None)]


def test_a_worker_that_died_before_acknowledging_changes_nothing(
    database: Database, broker: Path
) -> None:
    conversation = uuid4()
    publish(broker, str(conversation), "t1:0", {"event": "user", "timestamp": AT})
    publish(broker, str(conversation), None, {"event": "slot", "name": "goal"})
    source = SqliteEventSource(broker)
    batch = source.read(limit=10)
    assert batch is not None
    with database.transaction() as session:
        EventStore(session).ingest(batch.events)
    # It dies here: the rows are still in the broker's file.
    assert ingest_waiting(SqliteEventSource(broker), database) == 0
    assert len(stored(database, conversation)) == 2
    assert source.read(limit=10) is None


def test_what_is_not_a_conversation_of_ours_is_passed_over(
    database: Database, broker: Path
) -> None:
    publish(broker, "default", None, {"event": "user"})
    publish(broker, str(uuid4()), "t:0", {"event": "user"})
    assert ingest_waiting(SqliteEventSource(broker), database) == 1


def test_no_assistant_has_run_yet(tmp_path: Path, database: Database) -> None:
    assert ingest_waiting(SqliteEventSource(tmp_path / "absent.db"), database) == 0


def test_a_failing_chore_does_not_stop_the_others() -> None:
    stop, done = threading.Event(), []

    def works() -> int:
        done.append(1)
        if len(done) == 3:
            stop.set()
        return 1

    run_chores([Chore("fails", 0.0, lambda: 1 // 0), Chore("works", 0.0, works)], stop, tick=0.001)
    assert len(done) == 3
