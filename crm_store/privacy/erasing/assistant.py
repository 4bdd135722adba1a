"""The assistant's working memory: its trackers, and events on their way to us."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import httpx

from crm_store.privacy.errors import AssistantDidNotForget
from foundation.settings import Settings

_PATH = "/webhooks/kefu/forget"
_AT_ONCE = 100
_SECONDS = 30.0
_BUSY_SECONDS = 10.0
# The assistant's files and the tables in them; bot/tracker_store.py and bot/event_broker.py.
_FILES = (("tracker.db", "trackers"), ("assistant-events.db", "events"))


def forget_conversations(settings: Settings, conversation_ids: Sequence[str]) -> int:
    """Make the assistant forget these conversations: in memory by asking it, then in its files.

    One that does not run has nothing in memory.

    Returns:
        How many rows went.

    Raises:
        AssistantDidNotForget: it runs and did not do it.
    """
    headers = {"X-Kefu-Token": settings.internal_token.get_secret_value()}
    try:
        with httpx.Client(base_url=settings.rasa_url, headers=headers, timeout=_SECONDS) as client:
            for some in _batches(conversation_ids):
                answer = client.post(_PATH, json={"conversation_ids": some})
                answer.raise_for_status()
    except httpx.ConnectError:
        pass  # it does not run
    except httpx.HTTPError as error:
        raise AssistantDidNotForget from error
    return sum(_clean(settings.var / name, table, conversation_ids) for name, table in _FILES)


def _clean(path: Path, table: str, conversation_ids: Sequence[str]) -> int:
    if not path.is_file():
        return 0
    with _open(path) as connection:
        gone = 0
        for some in _batches(conversation_ids):
            marks = ", ".join("?" * len(some))
            statement = f"DELETE FROM {table} WHERE sender_id IN ({marks})"  # noqa: S608  # own names
            with connection:
                gone += connection.execute(statement, some).rowcount
        # What was deleted must not stay readable in the write-ahead log.
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return gone


@contextmanager
def _open(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path, timeout=_BUSY_SECONDS)) as connection:
        connection.execute("PRAGMA secure_delete = ON")
        yield connection


def _batches(ids: Sequence[str]) -> Iterator[list[str]]:
    for start in range(0, len(ids), _AT_ONCE):
        yield list(ids[start : start + _AT_ONCE])
