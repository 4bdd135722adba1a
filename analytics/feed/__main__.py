"""`python -m analytics.feed`: the worker process."""

import signal
import sys
import threading

from analytics.feed.article_vectors import embed_missing_articles
from analytics.feed.housekeeping import purge_expired
from analytics.feed.ingest import ingest_waiting
from analytics.feed.source import SqliteEventSource
from analytics.feed.worker import Job, run_jobs
from crm_store.catalog.export import CATALOGUE_FILE, write_catalogue
from crm_store.opening import open_database
from foundation.errors import BadSettings
from foundation.logging import configure_logging
from foundation.settings import load_settings


def main() -> int:
    try:
        settings = load_settings()
    except BadSettings as error:
        print(f"worker: {error.detail}", file=sys.stderr)
        return 1
    configure_logging(level=settings.log_level, json=settings.log_json)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    database = open_database(settings)
    source = SqliteEventSource(settings.var / "assistant-events.db")
    jobs = [
        Job("events", 1.0, lambda: ingest_waiting(source, database)),
        Job("catalogue", 10.0, lambda: write_catalogue(database, settings.var / CATALOGUE_FILE)),
        Job("article_vectors", 10.0, lambda: embed_missing_articles(settings, database)),
        Job("housekeeping", 3600.0, lambda: purge_expired(database)),
    ]
    try:
        run_jobs(jobs, stop)
    finally:
        database.dispose()
    return 0


if __name__ == "__main__":
    sys.exit(main())
