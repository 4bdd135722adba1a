"""A whole installation on a PostgreSQL and a Redis of its own, any process of which is killed."""

import asyncio
import os
import random
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import httpx

from crm_store.conversations.service import ConversationService
from crm_store.models import Author, Message, Visibility
from tests.e2e.system import System, installed_system
from tests.faults.support.cluster import Cluster, cluster_in
from tests.faults.support.customers import Customer, talk
from tests.fixtures.redis_server import RedisServer

PARTS = ("gateway", "gateway worker", "assistant", "actions", "redis", "postgresql")
_DOWN_SECONDS = 1.0
_UP_SECONDS = 60.0


@dataclass
class Installation:
    """What may be killed."""

    system: System
    cluster: Cluster
    redis: RedisServer
    killed: Counter[str] = field(default_factory=Counter)

    def kill(self, part: str) -> None:
        """``kill -9``. What nobody supervises is started again after a moment."""
        self.killed[part] += 1
        if part == "redis":
            self.redis.kill()
            time.sleep(_DOWN_SECONDS)
            self.redis.start()
        elif part == "postgresql":
            self.cluster.kill()
            time.sleep(_DOWN_SECONDS)
            self.cluster.start_again()
        elif part == "gateway worker":
            os.kill(self._gateway_worker(), signal.SIGKILL)
        else:
            os.kill(self._supervised(part), signal.SIGKILL)

    def _gateway_worker(self) -> int:
        """One of the processes that serve; its parent may just have been killed."""
        deadline = time.monotonic() + _UP_SECONDS
        while True:
            gateway = self._supervised("gateway")
            try:
                children = Path(f"/proc/{gateway}/task/{gateway}/children").read_text().split()
                for child in map(int, children):
                    if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                        return child
            except OSError:
                pass  # it ended while we looked
            assert time.monotonic() < deadline, "the gateway has no workers"
            time.sleep(0.2)

    def _supervised(self, part: str) -> int:
        """A part's process; it may be between two lives."""
        deadline = time.monotonic() + _UP_SECONDS
        while True:
            try:
                return self.system.pid_of(part)
            except AssertionError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)


@contextmanager
def installation(folder: Path) -> Iterator[Installation]:
    """Seeded and running, with two gateway processes."""
    # PostgreSQL runs as another user, who may not look into our folders.
    with tempfile.TemporaryDirectory(prefix="kefu-pg-") as name, cluster_in(Path(name)) as cluster:
        redis = RedisServer(folder)
        redis.start()
        var = folder / "var"
        var.mkdir()
        system = installed_system(
            var,
            customers=50,
            KEFU_DATABASE_URL=cluster.url,
            KEFU_REDIS_URL=redis.url,
            KEFU_GATEWAY_WORKERS="2",
            KEFU_MESSAGES_PER_MINUTE="100000",
            KEFU_MESSAGE_BURST="1000",
            KEFU_SESSIONS_PER_MINUTE="100000",
        )
        try:
            system.start()
            yield Installation(system, cluster, redis)
        finally:
            if system.process is not None and system.process.poll() is None:
                system.stop()
            redis.kill()


@dataclass
class Outcome:
    """What became of everybody's messages."""

    seconds: float
    turns: int
    messages: int
    apologies: int
    reconnects: int
    killed: dict[str, int]


async def play(
    there: Installation,
    *,
    customers: int,
    turns: int,
    parts: Sequence[str],
    every_seconds: float,
    seed: int,
    told: Callable[[str], None] = lambda _text: None,
) -> Outcome:
    """Customers talk while the parts are killed one after the other, over and over.

    Ends when all turns are answered; or, with fewer parts than it takes, when each of them has been
    killed. Then everybody's messages are compared with the database's.

    Raises:
        AssertionError: somebody has something else than the database.
    """
    dice = random.Random(seed)
    begun = time.monotonic()
    url = there.system.url
    stop = asyncio.Event()
    async with AsyncExitStack() as stack:
        people = []
        for number in range(customers):
            client = httpx.AsyncClient(base_url=url, timeout=15, trust_env=False)
            await stack.enter_async_context(client)
            people.append(Customer(url, client, random.Random(seed + number)))
        await asyncio.gather(*(person.begin() for person in people))
        talking = asyncio.create_task(talk(people, turns=turns, stop=stop))
        for part in parts:
            done, _ = await asyncio.wait([talking], timeout=every_seconds * dice.uniform(0.7, 1.3))
            if done:
                break
            told(f"kill -9 {part}, {sum(len(person.accepted) for person in people)} turns so far")
            await asyncio.to_thread(there.kill, part)
        else:
            await asyncio.wait([talking], timeout=every_seconds)
            stop.set()
        await talking
    apologies = sum(_compared(there.system, person) for person in people)
    return Outcome(
        seconds=time.monotonic() - begun,
        turns=sum(len(person.accepted) for person in people),
        messages=sum(len(person.got) for person in people),
        apologies=apologies,
        reconnects=sum(person.connections - 1 for person in people),
        killed=dict(there.killed),
    )


def _compared(system: System, person: Customer) -> int:
    """The customer has exactly what the database has; returns how often it was told to wait."""
    stored = _stored(system, UUID(person.conversation_id))
    assert not person.wrong, person.wrong
    got = [(m["seq"], m["id"], m["text"]) for m in person.got]
    kept = [(m.seq, str(m.id), m.text) for m in stored]
    differing = sorted(set(got) ^ set(kept))
    assert got == kept, f"got {len(got)}, stored {len(kept)}, differing: {differing[:5]}"
    said = [message for message in stored if message.author is Author.CUSTOMER]
    assert {m.client_id: str(m.id) for m in said} == person.accepted
    return sum(_is_answered_once(message, stored) for message in said)


def _stored(system: System, conversation_id: UUID) -> list[Message]:
    found: list[Message] = []
    with system.database() as database, database.reading() as session:
        service = ConversationService(session)
        while True:
            after = found[-1].seq if found else 0
            page = service.messages(conversation_id, after=after, audience=Visibility.PUBLIC)
            if not page:
                return found
            found += page


def _is_answered_once(message: Message, stored: Sequence[Message]) -> bool:
    """Whether the answer was that there is none; a second answer would repeat a text."""
    texts = [answer.text for answer in stored if answer.in_reply_to == message.id]
    assert texts, f"{message.seq} is not answered"
    assert len(set(texts)) == len(texts), f"{message.seq} is answered twice"
    return any("cannot answer right now" in text for text in texts)
