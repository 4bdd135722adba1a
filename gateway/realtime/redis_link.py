"""A connection to Redis that comes back by itself, and says when it was gone.

redis-py can reconnect unseen, but what was published meanwhile is lost, and somebody has to know.
So each break ends the connection here, is told, and the next one begins from nothing.
"""

import asyncio
import random
from collections import Counter, deque
from collections.abc import Coroutine, Iterable
from typing import Any, Protocol

import structlog
from redis.asyncio import Redis, from_url
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)

_CONNECT_SECONDS = 2.0
_WRITE_SECONDS = 5.0
_FIRST_PAUSE_SECONDS = 0.1
_LONGEST_PAUSE_SECONDS = 5.0
_OUTBOX = 10_000
_BATCH = 256


class Listener(Protocol):
    """Who uses a link. All calls are made on the event loop."""

    def connected(self, *, again: bool) -> None:
        """Everything joined is heard from now on; ``again`` when it was not for a while."""

    def disconnected(self) -> None:
        """Nothing is heard, and what is published goes nowhere."""

    def received(self, channel: str, text: str) -> None:
        """Somebody, we ourselves included, has published."""

    def confirmed(self, channel: str) -> None:
        """A channel is heard that was joined or left while connected."""


class RedisLink:
    """Publishes and listens. On the event loop only."""

    def __init__(
        self, url: str, *, listener: Listener, channels: Iterable[str], silence_seconds: float
    ) -> None:
        """Args:
        url: ``redis://``, ``rediss://`` or ``unix://``.
        listener: is told what happens.
        channels: always joined.
        silence_seconds: a connection on which nothing is heard for so long is dead; the user
            publishes more often than that on a channel that it has joined.
        """
        self._url = url
        self._listener = listener
        self._channels = set(channels)
        self._silence = silence_seconds
        self._is_up = False
        self._was_up = False
        self._read_at = 0.0
        self._outbox: deque[tuple[str, str]] = deque()
        self._changes: deque[tuple[bool, str]] = deque()
        self._asked: set[str] = set()
        self._unconfirmed: Counter[str] = Counter()
        self._waiting: dict[str, asyncio.Event] = {}
        self._sendable = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def is_up(self) -> bool:
        return self._is_up

    def start(self) -> None:
        self._task = asyncio.create_task(self._keep_connected(), name="redis-link")

    async def stop(self, farewell: tuple[str, str]) -> None:
        """Publish a last message, if that is possible, and disconnect."""
        if self._task is None:
            return
        if self._is_up:
            self.publish(*farewell)
            for _ in range(20):
                if not self._outbox:
                    break
                await asyncio.sleep(0.02)
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    def publish(self, channel: str, text: str) -> None:
        """Send soon, in order; goes nowhere while the connection is away."""
        if self._is_up:
            self._outbox.append((channel, text))
            self._sendable.set()

    def join(self, channel: str) -> None:
        """Hear a channel."""
        self._channels.add(channel)
        self._change(True, channel)

    def leave(self, channel: str) -> None:
        """Hear a channel no more."""
        self._channels.discard(channel)
        self._change(False, channel)

    async def joined(self, channel: str, *, seconds: float) -> bool:
        """Whether a channel is heard within so many seconds."""
        if not self._is_up:
            return False
        if not self._unconfirmed[channel]:
            return True
        event = self._waiting.setdefault(channel, asyncio.Event())
        try:
            await asyncio.wait_for(event.wait(), seconds)
        except TimeoutError:
            return False
        return True

    def _change(self, joins: bool, channel: str) -> None:
        if self._is_up:
            self._ask(joins, channel)

    def _ask(self, joins: bool, channel: str) -> None:
        self._unconfirmed[channel] += 1
        self._changes.append((joins, channel))
        self._sendable.set()

    async def _keep_connected(self) -> None:
        me = asyncio.current_task()
        pause = _FIRST_PAUSE_SECONDS
        while True:
            try:
                await self._connect_once()
            except (RedisError, OSError, TimeoutError) as error:
                log.warning("redis_away", error=type(error).__name__)
            if self._is_up:
                self._is_up = False
                pause = _FIRST_PAUSE_SECONDS
                self._listener.disconnected()
            if me is not None and me.cancelling():
                # A connection that breaks while it is closed raises its error instead.
                raise asyncio.CancelledError
            # Spread out, so that a restarted Redis is not met by all in the same instant.
            await asyncio.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311
            pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)

    async def _connect_once(self) -> None:
        self._outbox.clear()
        self._changes.clear()
        self._unconfirmed = Counter(self._channels)
        self._asked = set(self._channels)
        self._read_at = asyncio.get_running_loop().time()
        reading, writing = self._client(None), self._client(_WRITE_SECONDS)
        async with reading, writing, reading.pubsub() as pubsub:
            await pubsub.subscribe(*self._channels)
            await _first_error(self._read(pubsub), self._write(pubsub, writing), self._watch())

    def _client(self, timeout: float | None) -> Redis:
        client: Redis = from_url(
            self._url,
            decode_responses=True,
            socket_connect_timeout=_CONNECT_SECONDS,
            socket_timeout=timeout,
            retry=Retry(NoBackoff(), 0),
        )
        return client

    async def _read(self, pubsub: PubSub) -> None:
        loop = asyncio.get_running_loop()
        async for message in pubsub.listen():
            self._read_at = loop.time()
            if message["type"] == "message":
                self._listener.received(message["channel"], message["data"])
            elif message["type"] in {"subscribe", "unsubscribe"}:
                self._confirm(message["channel"])
        raise ConnectionError("no channel is left")

    def _confirm(self, channel: str) -> None:
        """Changes are confirmed in their order: after the last one the state is as wished."""
        self._unconfirmed[channel] -= 1
        if self._unconfirmed[channel] > 0:
            return
        del self._unconfirmed[channel]
        if (event := self._waiting.pop(channel, None)) is not None:
            event.set()
        if self._is_up:
            self._listener.confirmed(channel)
        elif not self._unconfirmed:
            self._come_up()

    def _come_up(self) -> None:
        """All that was asked for is heard; what was wished since is asked for first."""
        missing, needless = self._channels - self._asked, self._asked - self._channels
        self._asked = set(self._channels)
        for channel in missing:
            self._ask(True, channel)
        for channel in needless:
            self._ask(False, channel)
        if not self._unconfirmed:
            again, self._was_up, self._is_up = self._was_up, True, True
            self._listener.connected(again=again)

    async def _write(self, pubsub: PubSub, client: Redis) -> None:
        while True:
            await self._sendable.wait()
            self._sendable.clear()
            while self._changes:
                joins, channel = self._changes.popleft()
                await (pubsub.subscribe if joins else pubsub.unsubscribe)(channel)
            while self._outbox:
                # Taken out after they were sent: an empty outbox means that nothing is under way.
                batch = [self._outbox[i] for i in range(min(_BATCH, len(self._outbox)))]
                async with client.pipeline(transaction=False) as pipeline:
                    for channel, text in batch:
                        pipeline.publish(channel, text)
                    await pipeline.execute()
                for _ in batch:
                    self._outbox.popleft()

    async def _watch(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(self._silence / 4)
            if loop.time() - self._read_at > self._silence:
                raise TimeoutError("nothing is heard")
            if len(self._outbox) > _OUTBOX:
                raise TimeoutError("it does not keep up")


async def _first_error(*parts: Coroutine[Any, Any, None]) -> None:
    """Run them side by side until one fails, and end the others.

    Not a task group: one that is cancelled while its tasks fail hides the cancelling.
    """
    tasks = [asyncio.create_task(part) for part in parts]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
