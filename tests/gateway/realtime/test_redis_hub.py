"""Two gateway processes' hubs on one real Redis, also while it is away."""

import asyncio
from typing import Any

from gateway.realtime import peers
from gateway.realtime.frames import RESYNC, STAFF, Frame
from gateway.realtime.hub import Subscription
from gateway.realtime.redis_hub import RedisHub
from tests.fixtures.redis_server import RedisServer
from tests.gateway.realtime.test_hub import TOPIC, frame, next_message, run, started


def hub_on(server: RedisServer, prefix: str = "kefu-test") -> RedisHub:
    return RedisHub(server.url, prefix=prefix)


async def until(probe: Any, *, seconds: float = 15) -> None:
    deadline = asyncio.get_running_loop().time() + seconds
    while not probe():
        assert asyncio.get_running_loop().time() < deadline, "it did not happen in time"
        await asyncio.sleep(0.02)


async def told_to_resync(subscription: Subscription) -> None:
    while await asyncio.wait_for(subscription.next(), 15) is not RESYNC:
        pass


def test_frames_reach_the_other_process_as_they_are(redis_server: RedisServer) -> None:
    async def test() -> None:
        async with started(hub_on(redis_server)) as one, started(hub_on(redis_server)) as two:
            with two.subscribe(TOPIC) as there, one.subscribe(TOPIC) as here:
                await two.joined(TOPIC)
                sent = [frame(seq) for seq in range(1, 200)]
                for each in sent:
                    one.publish(TOPIC, each)
                for subscription in (there, here):
                    got = [await next_message(subscription) for _ in sent]
                    assert [(g.type, g.seq, g.text) for g in got] == [
                        (s.type, s.seq, s.text) for s in sent
                    ]

    run(test)


def test_other_installations_hear_nothing(redis_server: RedisServer) -> None:
    async def test() -> None:
        async with (
            started(hub_on(redis_server)) as one,
            started(hub_on(redis_server)) as two,
            started(hub_on(redis_server, "other")) as stranger,
        ):
            with stranger.subscribe(STAFF) as far, two.subscribe(STAFF) as near:
                await stranger.joined(STAFF)
                await two.joined(STAFF)
                one.publish(STAFF, frame())
                await next_message(near)
                await asyncio.sleep(0.1)
                one.publish(STAFF, Frame("end", None, {}))
                assert (await next_message(near)).type == "end"
                assert not [f for f in far._frames if f is not RESYNC]

    run(test)


def test_staff_who_watch_in_another_process_are_known(
    redis_server: RedisServer, monkeypatch: Any
) -> None:
    async def test() -> None:
        async with started(hub_on(redis_server)) as one, started(hub_on(redis_server)) as two:
            one._heard_all_at = two._heard_all_at = float("-inf")  # both have heard who is there
            await until(lambda: not one.has_listeners(STAFF))
            with two.subscribe(STAFF):
                await until(lambda: one.has_listeners(STAFF))
            await until(lambda: not one.has_listeners(STAFF))

    run(test)


def test_processes_tell_each_other(redis_server: RedisServer) -> None:
    async def test() -> None:
        heard: list[Any] = []
        left: list[str] = []
        one, two = hub_on(redis_server), hub_on(redis_server)
        for hub in (one, two):
            hub.on_told("turns", lambda peer, body: heard.append((peer, body)))
        one.on_peers(came=lambda: None, left=left.append)
        async with started(one):
            async with started(two):
                two.tell("turns", 3)
                await until(lambda: heard)
                assert heard == [(two.name, 3)]
            await until(lambda: left == [two.name])

    run(test)


def test_after_an_outage_every_socket_reads_its_gap(redis_server: RedisServer) -> None:
    async def test() -> None:
        async with started(hub_on(redis_server)) as one, started(hub_on(redis_server)) as two:
            with two.subscribe(TOPIC) as there:
                await two.joined(TOPIC)
                redis_server.kill()
                await until(lambda: one.cut_off and two.cut_off)
                one.publish(TOPIC, frame(1))  # goes nowhere
                with two.subscribe("conversation:2") as late:
                    await two.joined("conversation:2")
                    redis_server.start()
                    await until(lambda: not one.cut_off and not two.cut_off)
                    await told_to_resync(there)
                    await told_to_resync(late)
                    one.publish("conversation:2", frame(5))
                    one.publish(TOPIC, frame(2))
                    assert (await next_message(late)).seq == 5
                    assert (await next_message(there)).seq == 2

    run(test)


def test_a_redis_that_is_silent_counts_as_away(redis_server: RedisServer, monkeypatch: Any) -> None:
    monkeypatch.setattr(peers, "BEAT_SECONDS", 0.2)
    for name, value in (("BEAT_SECONDS", 0.2), ("SILENT_SECONDS", 0.8)):
        monkeypatch.setattr(f"gateway.realtime.redis_hub.{name}", value)

    async def test() -> None:
        async with started(hub_on(redis_server)) as hub:
            with hub.subscribe(TOPIC) as mine:
                with redis_server.frozen():
                    await until(lambda: hub.cut_off)
                await until(lambda: not hub.cut_off)
                await told_to_resync(mine)

    run(test)


def test_a_process_that_falls_silent_is_noticed(
    redis_server: RedisServer, monkeypatch: Any
) -> None:
    """It may go on writing what we are not told of, while our own connection is well."""
    monkeypatch.setattr("gateway.realtime.redis_hub.BEAT_SECONDS", 0.1)
    monkeypatch.setattr(peers, "SILENT_SECONDS", 0.4)

    async def test() -> None:
        async with started(hub_on(redis_server)) as one, started(hub_on(redis_server)) as two:
            await until(lambda: one._peers)
            await two._link.stop((two._workers, "x"))
            await until(lambda: one.cut_off)

    run(test)


def test_a_stop_ends_although_the_connection_breaks_in_it(redis_server: RedisServer) -> None:
    async def test() -> None:
        hub = hub_on(redis_server)
        async with started(hub):

            async def breaks(*_anything: object) -> None:
                try:
                    await asyncio.sleep(60)
                finally:
                    raise ConnectionError("broken while it was cancelled")

            hub._link._watch = breaks  # type: ignore[method-assign]
            redis_server.kill()
            await until(lambda: hub.cut_off)
            redis_server.start()
            await until(lambda: not hub.cut_off)
            await asyncio.sleep(0.2)
        # ``started`` has stopped it: without an end, the test runs into its time limit.

    run(test)
