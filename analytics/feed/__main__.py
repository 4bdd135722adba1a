"""`python -m analytics.feed`: the worker process.

Chores in the main thread, jobs in a second one, so that an hour of analysis holds up no events.
"""

import signal
import sys
import threading

from analytics.feed.article_vectors import embed_missing_articles
from analytics.feed.ingest import ingest_waiting
from analytics.feed.kinds import job_kinds
from analytics.feed.source import SqliteEventSource
from analytics.feed.worker import Chore, run_chores
from crm_store.catalog.export import CATALOGUE_FILE, write_catalogue
from crm_store.jobs import JobRunner
from crm_store.opening import open_database
from foundation.errors import BadSettings
from foundation.logging import configure_logging
from foundation.settings import load_settings

_STOP_SECONDS = 8.0


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
    chores = [
        Chore("events", 1.0, lambda: ingest_waiting(source, database)),
        Chore("catalogue", 10.0, lambda: write_catalogue(database, settings.var / CATALOGUE_FILE)),
        Chore("article_vectors", 10.0, lambda: embed_missing_articles(settings, database)),
    ]
    runner = JobRunner(database, settings, job_kinds())
    jobs = threading.Thread(target=runner.run_until, args=(stop,), name="jobs", daemon=True)
    jobs.start()
    try:
        run_chores(chores, stop)
        # A job looks between its steps whether it has to stop; one that does not is given up when
        # the process ends, and is put back by the next worker.
        jobs.join(timeout=_STOP_SECONDS)
    finally:
        database.dispose()
    return 0


if __name__ == "__main__":
    sys.exit(main())
