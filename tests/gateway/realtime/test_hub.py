"""What every hub does for the sockets of its own process."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from foundation.ids import new_id
from gateway.realtime.frames import RESYNC, Frame
from gateway.realtime.hub import Hub, LocalHub, Subscription, TooSlow
from gateway.realtime.redis_hub import RedisHub
from tests.fixtures.redis_server import RedisServer

TOPIC = "conversation:1"
Make = Callable[..., Hub]


def frame(seq: int = 1) -> Frame:
    return Frame("message", new_id(), {"text": "hi"}, seq=seq)


async def next_message(subscription: Subscription) -> Frame:
    """The next frame that is sent; being told to read a gap is no message."""
    while True:
        got = await asyncio.wait_for(subscription.next(), 5)
        if got is not RESYNC:
            return got


@asynccontextmanager
async def started(hub: Hub) -> Any:
    await hub.start()
    try:
        for _ in range(500):
            if not hub.cut_off:
                break
            await asyncio.sleep(0.02)
        assert not hub.cut_off
        yield hub
    finally:
        await hub.stop()


def run(test: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(test(), 60))  # type: ignore[arg-type]


@pytest.fixture(params=["local", "redis"])
def make(request: pytest.FixtureRequest) -> Make:
    """Makes a hub of each kind."""
    if request.param == "local":
        return LocalHub
    server: RedisServer = request.getfixturevalue("redis_server")

    def redis_hub(**options: Any) -> Hub:
        return RedisHub(server.url, prefix="kefu-test", **options)

    return redis_hub


def test_listeners_of_a_topic_get_frames_once_and_in_order(make: Make) -> None:
    async def test() -> None:
        async with started(make()) as hub:
            with hub.subscribe(TOPIC) as mine, hub.subscribe("conversation:2") as other:
                await hub.joined(TOPIC)
                for seq in range(1, 4):
                    hub.publish(TOPIC, frame(seq))
                assert [(await next_message(mine)).seq for _ in range(3)] == [1, 2, 3]
                for silent in (mine, other):
                    with pytest.raises(TimeoutError):
                        await asyncio.wait_for(silent.next(), 0.1)

    run(test)


def test_other_threads_may_publish(make: Make) -> None:
    async def test() -> None:
        async with started(make()) as hub:
            with hub.subscribe(TOPIC) as mine:
                thread = threading.Thread(target=hub.publish, args=(TOPIC, frame(7)))
                thread.start()
                assert (await next_message(mine)).seq == 7
                thread.join()

    run(test)


def test_a_slow_consumer_is_let_go_and_the_others_are_not(make: Make) -> None:
    async def test() -> None:
        dropped: list[int] = []
        async with started(make(queue_limit=3, on_overflow=dropped.append)) as hub:
            with hub.subscribe(TOPIC) as slow, hub.subscribe(TOPIC) as quick:
                for seq in range(1, 6):
                    hub.publish(TOPIC, frame(seq))
                    await asyncio.sleep(0)
                    assert (await next_message(quick)).seq == seq
                with pytest.raises(TooSlow):
                    await slow.next()
        assert dropped == [4]

    run(test)


def test_sockets_are_told_to_read_their_gaps(make: Make) -> None:
    async def test() -> None:
        async with started(make()) as hub:
            with hub.subscribe(TOPIC) as mine, hub.subscribe("conversation:2") as other:
                hub.resync(TOPIC)
                assert await asyncio.wait_for(mine.next(), 2) is RESYNC
                hub.resync()
                assert await asyncio.wait_for(other.next(), 2) is RESYNC

    run(test)


def test_before_the_start_and_after_the_stop_publishing_does_nothing(make: Make) -> None:
    async def test() -> None:
        hub = make()
        hub.publish(TOPIC, frame())
        async with started(hub):
            pass
        hub.publish(TOPIC, frame())

    run(test)
