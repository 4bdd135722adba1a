"""Fan-out of frames to sockets: the contract, and the hub of a gateway that is one process."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from gateway.realtime.frames import RESYNC, Frame

QUEUE_LIMIT = 256


class TooSlow(Exception):
    """The socket did not keep up; its frames are readable again over HTTP."""


class Subscription:
    """One socket's waiting frames, bounded. Used on the event loop only."""

    __slots__ = ("_frames", "_limit", "_on_overflow", "_overflowed", "_waiter")

    def __init__(self, limit: int, on_overflow: Callable[[int], None]) -> None:
        # A list: empty, as it mostly is, it takes a tenth of a deque, and it never grows long.
        self._frames: list[Frame] = []
        self._limit = limit
        self._on_overflow = on_overflow
        self._overflowed = False
        self._waiter: asyncio.Future[None] | None = None

    def push(self, frame: Frame) -> None:
        """Queue a frame; past the limit the subscription is lost rather than memory."""
        if self._overflowed:
            return
        if len(self._frames) >= self._limit:
            self._overflowed = True
            self._on_overflow(len(self._frames) + 1)
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
        return self._frames.pop(0)


Told = Callable[[str, Any], None]
"""Hears what another gateway process tells: that process's name, and the JSON value."""


class Hub(Protocol):
    """Publishes frames to whoever listens to a topic, in this gateway process or another."""

    @property
    def cut_off(self) -> bool:
        """Whether frames of other processes may be missing; sockets have to be fed by the store."""

    async def start(self) -> None:
        """Bind to the running event loop, on which all subscriptions live."""

    async def stop(self) -> None:
        """Deliver no more."""

    def publish(self, topic: str, frame: Frame) -> None:
        """Send a frame to a topic's listeners; callable from any thread, never blocks."""

    def publish_here(self, topic: str, frame: Frame) -> None:
        """Send a frame to this process's listeners only."""

    def has_listeners(self, topic: str) -> bool:
        """Whether building a frame for this topic is worth it."""

    @contextmanager
    def subscribe(self, topic: str) -> Iterator[Subscription]:
        """Listen to a topic; what is published after ``joined`` is not missed."""
        ...

    async def joined(self, topic: str) -> None:
        """Wait, not for long, until a subscribed topic is heard from every process."""

    def resync(self, topic: str | None = None) -> None:
        """Make this process's sockets of a topic, or all, read their gaps. On the loop only."""

    def tell(self, kind: str, body: Any = None) -> None:
        """Tell the other gateway processes something; callable from any thread."""

    def on_told(self, kind: str, hear: Told) -> None:
        """Hear what other processes tell of this kind. Before the start."""

    def on_peers(self, *, came: Callable[[], None], left: Callable[[str], None]) -> None:
        """Be called when another process comes, and when one (by name) goes. Before the start."""


class LocalHub:
    """The hub of a single gateway process."""

    cut_off = False

    def __init__(
        self,
        *,
        queue_limit: int = QUEUE_LIMIT,
        on_overflow: Callable[[int], None] = lambda _frames: None,
    ) -> None:
        """Args:
        queue_limit: frames that may wait for one socket.
        on_overflow: hears how many frames were dropped with a socket that did not keep up.
        """
        self._queue_limit = queue_limit
        self._on_overflow = on_overflow
        self._topics: dict[str, set[Subscription]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None

    async def start(self) -> None:
        self._loop = asyncio.get_running_loop()

    async def stop(self) -> None:
        self._loop = None

    def publish(self, topic: str, frame: Frame) -> None:
        if self._loop is None or self._loop.is_closed():
            return  # starting or stopping: clients read what they missed when they connect
        self._loop.call_soon_threadsafe(self.deliver, topic, frame)

    def publish_here(self, topic: str, frame: Frame) -> None:
        self.publish(topic, frame)

    def deliver(self, topic: str, frame: Frame) -> None:
        """Push a frame to this process's listeners. On the loop only."""
        for subscription in self._topics.get(topic, ()):
            subscription.push(frame)

    def has_listeners(self, topic: str) -> bool:
        return topic in self._topics

    def listeners(self, topic: str) -> int:
        """How many there are."""
        return len(self._topics.get(topic, ()))

    @contextmanager
    def subscribe(self, topic: str) -> Iterator[Subscription]:
        subscription = Subscription(self._queue_limit, self._on_overflow)
        self._topics.setdefault(topic, set()).add(subscription)
        try:
            yield subscription
        finally:
            listeners = self._topics[topic]
            listeners.discard(subscription)
            if not listeners:
                del self._topics[topic]

    async def joined(self, topic: str) -> None:
        """At once."""

    def resync(self, topic: str | None = None) -> None:
        for each in [topic] if topic is not None else list(self._topics):
            self.deliver(each, RESYNC)

    def tell(self, kind: str, body: Any = None) -> None:
        """There is nobody to tell."""

    def on_told(self, kind: str, hear: Told) -> None:
        """Nobody tells anything."""

    def on_peers(self, *, came: Callable[[], None], left: Callable[[str], None]) -> None:
        """Nobody comes."""
