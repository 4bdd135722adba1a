"""The hub of several gateway processes: a channel of Redis for each topic that somebody listens to.

Own frames are delivered here at once; other processes get them through Redis, and only those whose
sockets need them. Redis keeps nothing, so an outage loses frames: whoever finds out that it was
away, or that another process is silent, has its sockets read their gaps from the store.
"""

import asyncio
import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from gateway.realtime.frames import STAFF, Frame
from gateway.realtime.hub import QUEUE_LIMIT, LocalHub, Subscription, Told
from gateway.realtime.peers import BEAT_SECONDS, SILENT_SECONDS, Peers
from gateway.realtime.redis_link import RedisLink

_JOIN_SECONDS = 1.0
_TOLD_TOPICS = frozenset({STAFF})
"""Frames of these cost something to build, so processes tell each other whether they listen."""


class RedisHub:
    """Reaches the sockets of every gateway process that shares a Redis and a prefix."""

    def __init__(
        self,
        url: str,
        *,
        prefix: str,
        queue_limit: int = QUEUE_LIMIT,
        on_overflow: Callable[[int], None] = lambda _frames: None,
    ) -> None:
        """Args:
        url: of Redis.
        prefix: begins the channels' names; the installation's own.
        queue_limit: frames that may wait for one socket.
        on_overflow: hears how many frames were dropped with a socket that did not keep up.
        """
        self.name = secrets.token_hex(8)
        self._local = LocalHub(queue_limit=queue_limit, on_overflow=on_overflow)
        self._topic_prefix = f"{prefix}:topic:"
        self._workers = f"{prefix}:workers"
        self._link = RedisLink(
            url, listener=self, channels=[self._workers], silence_seconds=SILENT_SECONDS
        )
        self._hears: dict[str, Told] = {
            "hello": self._on_hello,
            "beat": self._on_beat,
            "bye": lambda name, _body: self._peers.gone(name),
        }
        self._came: list[Callable[[], None]] = []
        self._left: list[Callable[[str], None]] = []
        self._peers = Peers(left=self._peer_left)
        self._late: set[str] = set()
        self._heard_all_at = float("inf")
        self._loop: asyncio.AbstractEventLoop | None = None
        self._beating: asyncio.Task[None] | None = None

    @property
    def cut_off(self) -> bool:
        return not self._link.is_up or self._peers.any_silent(self._now())

    async def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        await self._local.start()
        self._link.start()
        self._beating = asyncio.create_task(self._beat(), name="hub-beat")

    async def stop(self) -> None:
        if self._beating is not None:
            self._beating.cancel()
            await asyncio.gather(self._beating, return_exceptions=True)
        await self._link.stop((self._workers, self._word("bye", None)))
        await self._local.stop()
        self._loop = None

    def publish(self, topic: str, frame: Frame) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._publish, topic, frame)

    def publish_here(self, topic: str, frame: Frame) -> None:
        self._local.publish(topic, frame)

    def has_listeners(self, topic: str) -> bool:
        if self._local.has_listeners(topic):
            return True
        if not self._link.is_up:
            return False
        # A process that has just come up has not heard yet who is there.
        if topic not in _TOLD_TOPICS or self._now() - self._heard_all_at < 2 * BEAT_SECONDS:
            return True
        return self._peers.listens(topic)

    @contextmanager
    def subscribe(self, topic: str) -> Iterator[Subscription]:
        begins = not self._local.has_listeners(topic)
        with self._local.subscribe(topic) as subscription:
            if begins:
                self._link.join(self._topic_prefix + topic)
                self._listening_changed(topic)
            try:
                yield subscription
            finally:
                last = self._local.listeners(topic) == 1
                if last:
                    self._link.leave(self._topic_prefix + topic)
        if last:
            self._listening_changed(topic)

    async def joined(self, topic: str) -> None:
        channel = self._topic_prefix + topic
        if not await self._link.joined(channel, seconds=_JOIN_SECONDS):
            self._late.add(channel)

    def resync(self, topic: str | None = None) -> None:
        self._local.resync(topic)

    def tell(self, kind: str, body: Any = None) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(
                self._link.publish, self._workers, self._word(kind, body)
            )

    def on_told(self, kind: str, hear: Told) -> None:
        self._hears[kind] = hear

    def on_peers(self, *, came: Callable[[], None], left: Callable[[str], None]) -> None:
        self._came.append(came)
        self._left.append(left)

    # What the link tells.

    def connected(self, *, again: bool) -> None:
        self._late.clear()
        self._heard_all_at = self._now()
        self.tell("hello", {"again": again, "topics": self._listening()})
        self._tell_newcomer()
        self._local.resync()

    def disconnected(self) -> None:
        """``cut_off`` says so."""

    def confirmed(self, channel: str) -> None:
        if channel in self._late:
            self._late.discard(channel)
            self._local.resync(channel.removeprefix(self._topic_prefix))

    def received(self, channel: str, text: str) -> None:
        name, _, rest = text.partition(" ")
        if name == self.name:
            return  # delivered when it was published
        if channel == self._workers:
            kind, _, body = rest.partition(" ")
            self._peers.heard(name, self._now())
            if (hear := self._hears.get(kind)) is not None:
                hear(name, json.loads(body))
        else:
            topic = channel.removeprefix(self._topic_prefix)
            self._local.deliver(topic, Frame.from_wire(rest))

    def _publish(self, topic: str, frame: Frame) -> None:
        self._local.deliver(topic, frame)
        self._link.publish(self._topic_prefix + topic, f"{self.name} {frame.to_wire()}")

    def _word(self, kind: str, body: Any) -> str:
        return f"{self.name} {kind} {json.dumps(body, separators=(',', ':'))}"

    def _listening(self) -> list[str]:
        return [topic for topic in _TOLD_TOPICS if self._local.has_listeners(topic)]

    def _listening_changed(self, topic: str) -> None:
        if topic in _TOLD_TOPICS:
            self.tell("beat", {"topics": self._listening()})

    def _on_hello(self, name: str, body: Any) -> None:
        self._peers.heard(name, self._now()).topics = set(body["topics"])
        self.tell("beat", {"topics": self._listening()})
        self._tell_newcomer()
        if body["again"]:
            self._local.resync()  # what it published while it was away went nowhere

    def _on_beat(self, name: str, body: Any) -> None:
        self._peers.heard(name, self._now()).topics = set(body["topics"])

    def _tell_newcomer(self) -> None:
        for came in self._came:
            came()

    def _peer_left(self, name: str) -> None:
        for left in self._left:
            left(name)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            self.tell("beat", {"topics": self._listening()})
            self._peers.forget_silent(self._now())

    def _now(self) -> float:
        assert self._loop is not None
        return self._loop.time()
