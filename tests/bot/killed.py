"""Run as a process and killed by the tests: saves turns and says which were acknowledged."""

import asyncio
import sys
from pathlib import Path

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, UserUttered

from bot.event_broker import BatchedSQLEventBroker
from bot.tracker_store import SnapshotTrackerStore


async def main(folder: Path) -> None:
    broker = BatchedSQLEventBroker(folder / "events.db")
    store = SnapshotTrackerStore(Domain.empty(), broker, path=str(folder / "tracker.db"))
    for number in range(1_000_000):
        tracker = await store.get_or_create_tracker("c", append_action_listen=False)
        turn = {"turn_id": f"t{number}"}
        tracker.update(UserUttered(f"message {number}", {"name": "greet"}, metadata=turn))
        tracker.update(ActionExecuted("action_listen"))
        await store.save(tracker)
        print(number, flush=True)


asyncio.run(main(Path(sys.argv[1])))
