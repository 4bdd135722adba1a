"""From the broker into the store, at least once read and exactly once written."""

from analytics.feed.source import SqliteEventSource
from crm_store.database import Database
from crm_store.events import EventStore

BATCH = 500


def ingest_waiting(source: SqliteEventSource, database: Database) -> int:
    """Move what is waiting; returns how many events were new.

    The broker's rows go only after the store has committed. A worker that dies in between reads
    them again, and the store knows them by their key.
    """
    new = 0
    while (batch := source.read(limit=BATCH)) is not None:
        if batch.events:
            with database.transaction() as session:
                new += EventStore(session).ingest(batch.events)
        source.acknowledge(batch)
    return new
