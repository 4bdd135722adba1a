"""Fan-out of frames to sockets. In-process here; the protocol leaves room for a broker between
gateway processes.
"""

import asyncio
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

import structlog

from gateway.realtime.frames import Frame

log = structlog.get_logger(__name__)

QUEUE_LIMIT = 256


class TooSlow(Exception):
    """The socket did not keep up; its frames are readable again over HTTP."""


class Subscription:
    """One socket's waiting frames, bounded. Used on the event loop only."""

    __slots__ = ("_frames", "_limit", "_overflowed", "_waiter")

    def __init__(self, limit: int) -> None:
        self._frames: deque[Frame] = deque()
        self._limit = limit
        self._overflowed = False
        self._waiter: asyncio.Future[None] | None = None

    def push(self, frame: Frame) -> None:
        """Queue a frame; past the limit the subscription is lost rather than memory."""
        if self._overflowed:
            return
        if len(self._frames) >= self._limit:
            self._overflowed = True
            self._frames.clear()
        else:
            self._frames.append(frame)
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    async def next(self) -> Frame:
        """The next frame, in the order of publication.

        Raises:
            TooSlow: frames were dropped since; the socket has to reconnect.
        """
        while not self._frames and not self._overflowed:
            self._waiter = asyncio.get_running_loop().create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None
        if self._overflowed:
            raise TooSlow
        return self._frames.popleft()


class Hub(Protocol):
    """Publishes frames to whoever listens to a topic."""

    def publish(self, topic: str, frame: Frame) -> None:
        """Send a frame to a topic's listeners; callable from any thread, never blocks."""

    def has_listeners(self, topic: str) -> bool:
        """Whether building a frame for this topic is worth it."""

    @contextmanager
    def subscribe(self, topic: str) -> Iterator[Subscription]:
        """Listen to a topic; nothing published inside the block is missed."""
        ...


class LocalHub:
    """The hub of a single gateway process."""

    def __init__(self, *, queue_limit: int = QUEUE_LIMIT) -> None:
        self._queue_limit = queue_limit
        self._topics: dict[str, set[Subscription]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None

    def start(self) -> None:
        """Bind to the running event loop, on which all subscriptions live."""
        self._loop = asyncio.get_running_loop()

    def publish(self, topic: str, frame: Frame) -> None:
        if self._loop is None or self._loop.is_closed():
            return  # starting or stopping: clients read what they missed when they connect
        self._loop.call_soon_threadsafe(self._deliver, topic, frame)

    def has_listeners(self, topic: str) -> bool:
        return topic in self._topics

    @contextmanager
    def subscribe(self, topic: str) -> Iterator[Subscription]:
        subscription = Subscription(self._queue_limit)
        self._topics.setdefault(topic, set()).add(subscription)
        try:
            yield subscription
        finally:
            listeners = self._topics[topic]
            listeners.discard(subscription)
            if not listeners:
                del self._topics[topic]

    def _deliver(self, topic: str, frame: Frame) -> None:
        for subscription in self._topics.get(topic, ()):
            subscription.push(frame)
