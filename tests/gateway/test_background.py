"""No error ends what a gateway does beside its requests, and no log line tells what was said."""

import asyncio
import io
import logging
from typing import Any
from uuid import UUID, uuid4

import pytest

from crm_store.database import Database
from crm_store.outreach.delivery import Due
from foundation.logging import configure_logging
from gateway.background import MOST_PAUSE_SECONDS, PeriodicTask, pause_after
from gateway.outreach import teller as outreach
from gateway.outreach.teller import OutreachTeller
from gateway.realtime.announcer import Announcer
from gateway.realtime.hub import LocalHub

SAID = "my card is 4111111111111111, write to ann@shop.example"


class Failing(PeriodicTask):
    """Fails a few times, then does its work."""

    def __init__(self, failures: int) -> None:
        super().__init__(every=0.001)
        self.left = failures
        self.done = asyncio.Event()

    async def look(self) -> None:
        if self.left:
            self.left -= 1
            raise KeyError(SAID)
        self.done.set()


@pytest.fixture
def logged() -> Any:
    """The lines as they would be written, in the gateway's format."""
    root = logging.getLogger()
    before, level = root.handlers, root.level
    configure_logging(json=True)
    lines = io.StringIO()
    handler = root.handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(lines)
    yield lines
    root.handlers, root.level = before, level


def test_a_failure_is_logged_without_its_text_and_followed_by_another_look(
    logged: io.StringIO,
) -> None:
    async def run() -> None:
        task = Failing(3)
        task.start()
        await asyncio.wait_for(task.done.wait(), 10)
        await task.stop()

    asyncio.run(run())
    lines = [line for line in logged.getvalue().splitlines() if "background_task_failed" in line]
    assert len(lines) == 3
    assert all('"error": "KeyError"' in line and '"task": "Failing"' in line for line in lines)
    assert all("look" in line and "card" not in line and "ann@" not in line for line in lines)


def test_pauses_double_up_to_a_minute() -> None:
    assert [pause_after(n, 5) for n in range(6)] == [5, 10, 20, 40, 60, 60]
    assert pause_after(10_000, 5) == MOST_PAUSE_SECONDS
    assert pause_after(3, 300) == 300


def test_one_customers_error_keeps_no_others_message_back(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    dues = [Due(uuid4(), uuid4()) for _ in range(3)]
    tried: list[UUID] = []

    class Delivery:
        def __init__(self, session: Any) -> None: ...

        def deliver(self, due: Due) -> None:
            tried.append(due.conversation_id)
            if due is dues[0]:
                raise ValueError(SAID)

    monkeypatch.setattr(outreach, "due_in", lambda *_, **__: dues)
    monkeypatch.setattr(outreach, "Delivery", Delivery)
    teller = OutreachTeller(
        database=sqlite_database,
        announcer=Announcer(hub=LocalHub(), database=sqlite_database),
        watched=lambda: [due.conversation_id for due in dues],
    )
    with pytest.raises(ValueError, match="card"):
        asyncio.run(teller.look())
    assert tried == [due.conversation_id for due in dues]
