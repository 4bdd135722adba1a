"""Fan-out inside a process."""

import asyncio
import threading

import pytest

from foundation.ids import new_id
from gateway.realtime.frames import Frame
from gateway.realtime.hub import LocalHub, TooSlow

TOPIC = "conversation:1"


def frame(seq: int = 1) -> Frame:
    return Frame("message", new_id(), {"text": "hi"}, seq=seq)


def test_listeners_of_a_topic_get_frames_in_order() -> None:
    async def run() -> list[int | None]:
        hub = LocalHub()
        hub.start()
        with hub.subscribe(TOPIC) as mine, hub.subscribe("conversation:2") as other:
            for seq in range(1, 4):
                hub.publish(TOPIC, frame(seq))
            got = [(await mine.next()).seq for _ in range(3)]
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(other.next(), 0.02)
        assert not hub.has_listeners(TOPIC)
        return got

    assert asyncio.run(run()) == [1, 2, 3]


def test_other_threads_may_publish() -> None:
    async def run() -> int | None:
        hub = LocalHub()
        hub.start()
        with hub.subscribe(TOPIC) as mine:
            thread = threading.Thread(target=hub.publish, args=(TOPIC, frame(7)))
            thread.start()
            got = await asyncio.wait_for(mine.next(), 2)
            thread.join()
            return got.seq

    assert asyncio.run(run()) == 7


def test_a_slow_consumer_is_let_go_and_the_others_are_not() -> None:
    async def run() -> None:
        hub = LocalHub(queue_limit=3)
        hub.start()
        with hub.subscribe(TOPIC) as slow, hub.subscribe(TOPIC) as quick:
            for seq in range(1, 6):
                hub.publish(TOPIC, frame(seq))
                await asyncio.sleep(0)
                assert (await quick.next()).seq == seq
            with pytest.raises(TooSlow):
                await slow.next()

    asyncio.run(run())


def test_before_the_start_publishing_does_nothing() -> None:
    LocalHub().publish(TOPIC, frame())
