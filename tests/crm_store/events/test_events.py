"""Broker events."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_store.database import Database
from crm_store.events import BrokerEvent, EventStore
from foundation.clock import utc_now
from foundation.ids import new_id

START = utc_now()
CONVERSATION = new_id()


def event(number: int, prefix: str = "sql:") -> BrokerEvent:
    return BrokerEvent(
        broker_key=f"{prefix}{number}",
        conversation_id=CONVERSATION,
        type_name="action",
        name=None if number % 2 else f"action_{number}\x00",
        at=START + timedelta(seconds=number),
        data={"event": "action", "n": number},
    )


def test_events_are_stored_once(database: Database) -> None:
    with database.transaction() as session:
        assert EventStore(session).ingest([event(1), event(2)]) == 2
    with database.transaction() as session:
        assert EventStore(session).ingest([event(2), event(3), event(3)]) == 1
        assert EventStore(session).ingest([]) == 0
        stored = EventStore(session).list(CONVERSATION)
        assert EventStore(session).list(new_id()) == []
    assert [e.data["n"] for e in stored] == [1, 2, 3]
    assert stored[1].name == "action_2"


def test_a_feed_finds_where_it_was(database: Database) -> None:
    with database.transaction() as session:
        store = EventStore(session)
        assert store.last_number("sql:") == 0
        store.ingest([event(n) for n in (8, 9, 10)])
        store.ingest([event(99, prefix="amqp:")])
        assert store.last_number("sql:") == 10


def test_a_large_batch_is_taken_in_pieces(database: Database) -> None:
    with database.transaction() as session:
        assert EventStore(session).ingest([event(n) for n in range(1201)]) == 1201


def test_feeds_at_once_store_each_event_once(database: Database) -> None:
    def feed(_: int) -> int:
        with database.transaction() as session:
            return EventStore(session).ingest([event(n) for n in range(50)])

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(feed, range(3))) == 50


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(batches=st.lists(st.lists(st.integers(0, 15), max_size=8), max_size=5))
def test_any_redelivery_leads_to_the_same(
    sqlite_database: Database, batches: list[list[int]]
) -> None:
    prefix = f"{new_id().hex}:"
    with sqlite_database.transaction() as session:
        new = [EventStore(session).ingest([event(n, prefix) for n in batch]) for batch in batches]
    assert sum(new) == len({n for batch in batches for n in batch})
