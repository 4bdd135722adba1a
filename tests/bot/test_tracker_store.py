import asyncio
import json
import os
import signal
import sqlite3
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from rasa.core.tracker_store import TrackerDeserialisationException
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    SessionStarted,
    SlotSet,
    UserUttered,
)

from bot.event_broker import BatchedSQLEventBroker
from bot.tracker_store import SnapshotTrackerStore

DOMAIN = Domain.from_yaml(
    """
version: "3.1"
intents: [greet]
slots:
  city: {type: text, mappings: [{type: custom}]}
  mood: {type: text, initial_value: calm, mappings: [{type: custom}]}
forms: {city_form: {required_slots: [city]}}
"""
)
ROOT = Path(__file__).parents[2]


@pytest.fixture
def store(tmp_path):
    return SnapshotTrackerStore(DOMAIN, path=str(tmp_path / "tracker.db"))


def turn(number, *more):
    return [
        UserUttered(f"message {number}", {"name": "greet"}, metadata={"turn_id": f"t{number}"}),
        *more,
        BotUttered(f"answer {number}"),
        ActionExecuted("action_listen"),
    ]


async def say(store, *events, sender="c"):
    tracker = await store.get_or_create_tracker(sender, append_action_listen=False)
    tracker.update_with_events(list(events), store.domain)
    await store.save(tracker)
    return tracker


def test_what_is_saved_is_there_after_a_restart(tmp_path):
    path = str(tmp_path / "tracker.db")

    async def run():
        first = SnapshotTrackerStore(DOMAIN, path=path)
        saved = await say(first, *turn(1, SlotSet("city", "Kiel")), *turn(2))
        first.close()
        second = SnapshotTrackerStore(DOMAIN, path=path)
        read = await second.retrieve("c")
        assert list(read.events) == list(saved.events)
        assert read.get_slot("city") == "Kiel"
        assert list(await second.keys()) == ["c"]
        assert await second.retrieve("unknown") is None

    asyncio.run(run())


def test_a_turn_given_up_leaves_nothing(store):
    async def run():
        await say(store, *turn(1))
        half = await store.retrieve("c")
        half.update_with_events(turn(2, SlotSet("city", "Kiel")), DOMAIN)
        again = await store.retrieve("c")
        assert len(again.events) == 3
        assert again.get_slot("city") is None

    asyncio.run(run())


def test_a_new_conversation_is_not_written_before_its_first_turn(store):
    async def run():
        tracker = await store.get_or_create_tracker("new")
        assert tracker.latest_action_name == "action_listen"
        assert await store.retrieve("new") is None

    asyncio.run(run())


def test_one_commit_a_turn(tmp_path):
    async def run():
        store = SnapshotTrackerStore(DOMAIN, path=str(tmp_path / "tracker.db"))
        watcher = sqlite3.connect(tmp_path / "tracker.db")
        versions = [watcher.execute("PRAGMA data_version").fetchone()[0]]
        for number in range(3):
            await say(store, *turn(number))
            versions.append(watcher.execute("PRAGMA data_version").fetchone()[0])
        # Changes by one with every commit of another connection.
        assert [b - a for a, b in pairwise(versions)] == [1, 1, 1]

    asyncio.run(run())


def test_a_long_conversation_is_bounded_and_keeps_what_it_knows(tmp_path):
    async def run():
        store = SnapshotTrackerStore(
            DOMAIN, path=str(tmp_path / "t.db"), most_events=30, keep_events=15
        )
        await say(store, ActionExecuted("action_session_start"), SessionStarted())
        await say(store, ActionExecuted("action_listen"))
        await say(store, *turn(0, SlotSet("city", "Kiel"), ActiveLoop("city_form")))
        for number in range(1, 60):
            await say(store, *turn(number))
            tracker = await store.retrieve("c")
            assert len(tracker.events) <= 30
            assert tracker.get_slot("city") == "Kiel"
            assert tracker.get_slot("mood") == "calm"
            assert tracker.active_loop_name == "city_form"
            assert tracker.latest_message.text == f"message {number}"
            assert tracker.latest_action_name == "action_listen"
            assert isinstance(tracker.events[1], SessionStarted)

    asyncio.run(run())


def test_an_ended_session_is_dropped(store):
    async def run():
        await say(store, *turn(1, SlotSet("city", "Kiel")))
        new = [ActionExecuted("action_session_start"), SessionStarted(), SlotSet("city", "Kiel")]
        await say(store, *new, ActionExecuted("action_listen"), *turn(2))
        tracker = await store.retrieve("c")
        assert tracker.events[0].action_name == "action_session_start"
        assert [e.text for e in tracker.events if isinstance(e, UserUttered)] == ["message 2"]

    asyncio.run(run())


def test_a_damaged_row_is_an_error_and_not_an_empty_memory(tmp_path):
    async def run():
        path = tmp_path / "tracker.db"
        store = SnapshotTrackerStore(DOMAIN, path=str(path))
        await say(store, *turn(1))
        connection = sqlite3.connect(path)
        connection.execute("UPDATE trackers SET events = substr(events, 1, 40)")
        connection.commit()
        fresh = SnapshotTrackerStore(DOMAIN, path=str(path))
        with pytest.raises(TrackerDeserialisationException, match="conversation c "):
            await fresh.retrieve("c")

    asyncio.run(run())


def test_events_are_published_once_even_if_the_turn_is_run_again(tmp_path):
    async def run():
        broker = BatchedSQLEventBroker(tmp_path / "events.db")
        first = SnapshotTrackerStore(DOMAIN, broker, path=str(tmp_path / "one.db"))
        await say(first, *turn(1))
        await say(first, *turn(2))
        # The same turn, after a crash between the events and the tracker.
        again = SnapshotTrackerStore(DOMAIN, broker, path=str(tmp_path / "two.db"))
        await say(again, *turn(1))
        await broker.close()
        rows = sqlite3.connect(tmp_path / "events.db").execute(
            "SELECT sender_id, turn_key, data FROM events ORDER BY id"
        )
        published = [(sender, key, json.loads(data)["event"]) for sender, key, data in rows]
        assert published == [
            ("c", f"t{number}:{place}", event)
            for number in (1, 2)
            for place, event in enumerate(("user", "bot", "action"))
        ]

    asyncio.run(run())


def test_killed_at_any_moment_no_acknowledged_turn_is_lost(tmp_path):
    for round_number in range(2):
        child = subprocess.Popen(
            [sys.executable, str(Path(__file__).parent / "killed.py"), str(tmp_path)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            text=True,
        )
        told = 0
        while told < 40 + 7 * round_number:
            line = child.stdout.readline()
            assert line, "the process ended by itself"
            told = int(line)
        child.send_signal(signal.SIGKILL)
        told = max([told, *(int(line) for line in child.stdout.read().split())])
        child.wait()
        store = SnapshotTrackerStore(Domain.empty(), path=str(tmp_path / "tracker.db"))
        tracker = asyncio.run(store.retrieve("c"))
        store.close()
        last = int(tracker.latest_message.text.split()[1])
        assert last in (told, told + 1)
        published = {
            row[0]
            for row in sqlite3.connect(tmp_path / "events.db").execute(
                "SELECT turn_key FROM events"
            )
        }
        assert {f"t{number}:0" for number in range(told + 1)} <= published


def test_what_is_forgotten_is_not_in_memory_any_more(store, tmp_path):
    asyncio.run(say(store, *turn(1)))
    with sqlite3.connect(tmp_path / "tracker.db") as connection:
        connection.execute("DELETE FROM trackers")
    assert asyncio.run(store.retrieve("c")) is not None
    store.forget(["c", "somebody else"])
    assert asyncio.run(store.retrieve("c")) is None
