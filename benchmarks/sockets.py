"""Thousands of idle sockets and a steady stream of turns: ``python -m benchmarks.sockets``.

A real gateway process on SQLite, a stub assistant in another; every client is a visitor with a
socket, who checks that no message is missing, doubled or out of order. The peer is a bare Starlette
echo with as many sockets and as many messages a second.
"""

import argparse
import asyncio
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from websockets.asyncio.client import ClientConnection, connect

from benchmarks.harness.figures import (
    BenchmarkFailed,
    add_common_options,
    begin,
    finish,
    percentile,
    progress,
    rounded,
)
from benchmarks.harness.processes import cpu_seconds, rss_bytes
from benchmarks.harness.visitors import SocketVisitor, at_once, new_visitors
from crm_store.conversations.service import ConversationService
from crm_store.models import Visibility
from crm_store.opening import open_database
from foundation.settings import load_settings
from tests.e2e.system import free_port
from tests.faults.support.gateway import ROOT, prepare, running_gateway

_WARM_UP = 50
_SETTLE_SECONDS = 3.0
_DRAIN_SECONDS = 600.0
"""A machine that cannot do so many turns a second queues them; `turn_ms` says so."""
_LIMITS = {"KEFU_SESSIONS_PER_MINUTE": "100000", "KEFU_LOG_LEVEL": "WARNING"}


def main() -> int:
    """Measure and report; 1 with one line when a figure would be wrong."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sockets", description=__doc__)
    parser.add_argument("--sockets", type=int, default=2_000)
    parser.add_argument("--rate", type=float, default=50.0, help="turns a second")
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--peer-seconds", type=float, default=30.0)
    parser.add_argument("--seed", type=int, default=7)
    add_common_options(parser)
    options = parser.parse_args()
    try:
        with tempfile.TemporaryDirectory(prefix="kefu-bench-") as folder:
            result = begin(options) | asyncio.run(_measure(options, Path(folder) / "var"))
    except (BenchmarkFailed, OSError, httpx.HTTPError) as failed:
        print(f"benchmark stopped: {failed!r}", file=sys.stderr)
        return 1
    finish(options, result)
    return 0


async def _measure(options: argparse.Namespace, var: Path) -> dict[str, Any]:
    prepare(var, f"sqlite:///{var / 'kefu.db'}")
    port = free_port()
    with (
        _module("benchmarks.harness.stub_assistant", port),
        running_gateway(var, assistant_url=f"http://127.0.0.1:{port}", **_LIMITS) as gateway,
    ):
        ours = await _ours(options, gateway.url, gateway.process.pid, var)
    port = free_port()
    with _module("benchmarks.harness.socket_echo", port) as echo:
        peer = await _peer(options, port, echo.pid)
    return {
        "sockets": options.sockets,
        "turns_per_second": options.rate,
        "kefu": ours,
        "peer": peer,
        "kefu_to_peer": {
            "kb_per_socket": rounded(ours["kb_per_socket"] / peer["kb_per_socket"]),
            "p95": rounded(ours["delivery_ms"]["p95"] / peer["delivery_ms"]["p95"]),
        },
    }


async def _ours(options: argparse.Namespace, url: str, pid: int, var: Path) -> dict[str, Any]:
    limits = httpx.Limits(max_connections=64, keepalive_expiry=2)
    async with httpx.AsyncClient(
        base_url=url, timeout=60, limits=limits, trust_env=False
    ) as client:
        progress(f"starting {options.sockets} conversations")
        visitors = await new_visitors(client, options.sockets)
        # What the first turns and sockets make the process keep is not paid by each socket.
        for visitor in visitors[:_WARM_UP]:
            await visitor.open(client, url)
            await visitor.say(client)
        await _until(lambda: all(v.last_seq == 2 for v in visitors[:_WARM_UP]), "warm-up answers")
        await asyncio.sleep(_SETTLE_SECONDS)
        before = rss_bytes(pid)
        progress("opening their sockets")
        rest = visitors[_WARM_UP:]
        await at_once([_opening(visitor, client, url) for visitor in rest])
        await asyncio.sleep(_SETTLE_SECONDS)
        idle = rss_bytes(pid)
        _forget_times(visitors)
        progress(f"{options.rate:g} turns a second for {options.seconds:g} s")
        cpu = cpu_seconds(pid)
        late = await _stream(
            options.rate,
            options.seconds,
            random.Random(options.seed),
            [_saying(visitor, client) for visitor in visitors],
        )
        await _until(lambda: not any(v.asked for v in visitors), "all answers")
        cpu = cpu_seconds(pid) - cpu
        for visitor in visitors:
            await visitor.close()
    turns = [seconds for visitor in visitors for seconds in visitor.turns]
    delivery = [seconds for visitor in visitors for seconds in visitor.delivery]
    return {
        "turns": len(turns),
        "sent_late_ms": _spread(late),
        **_checked(visitors, var),
        "delivery_ms": _spread(delivery),
        "turn_ms": _spread(turns),
        "kb_per_socket": rounded((idle - before) / len(rest) / 1024, 1),
        "rss_mb": {"before": rounded(before / 1e6, 1), "idle": rounded(idle / 1e6, 1)},
        "cpu_ms_a_turn": rounded(cpu * 1000 / len(turns), 2),
    }


async def _peer(options: argparse.Namespace, port: int, pid: int) -> dict[str, Any]:
    await _until(lambda: _listens(port), "the echo")
    before = rss_bytes(pid)
    address = f"ws://127.0.0.1:{port}/ws"

    async def open_one() -> ClientConnection:
        return await connect(
            address, compression=None, ping_interval=None, proxy=None, open_timeout=60
        )

    progress("the echo: as many sockets")
    warm = await at_once([open_one] * _WARM_UP)
    await asyncio.sleep(_SETTLE_SECONDS)
    before = rss_bytes(pid)
    rest = await at_once([open_one] * (options.sockets - _WARM_UP))
    await asyncio.sleep(_SETTLE_SECONDS)
    idle = rss_bytes(pid)
    sockets = [*warm, *rest]
    delivery: list[float] = []

    def echo(socket: ClientConnection) -> Callable[[], Awaitable[None]]:
        async def once() -> None:
            begun = time.perf_counter()
            await socket.send("x" * 300)
            await socket.recv()
            delivery.append(time.perf_counter() - begun)

        return once

    await _stream(
        options.rate,
        options.peer_seconds,
        random.Random(options.seed),
        [echo(socket) for socket in sockets],
    )
    for socket in sockets:
        await socket.close()
    return {
        "delivery_ms": _spread(delivery),
        "kb_per_socket": rounded((idle - before) / len(rest) / 1024, 1),
    }


async def _stream(
    rate: float, seconds: float, dice: random.Random, acts: list[Callable[[], Awaitable[None]]]
) -> list[float]:
    """Start acts by different clients at an even rate; how late each was started, in seconds.

    One client has one act under way at a time: two of one visitor have no order of their own.
    """
    free, running = list(acts), set[asyncio.Task[None]]()
    late = []
    begun = time.perf_counter()
    for number in range(int(rate * seconds)):
        due = begun + number / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        late.append(max(0.0, time.perf_counter() - due))
        act = free.pop(dice.randrange(len(free)))

        async def run(act: Callable[[], Awaitable[None]] = act) -> None:
            await act()
            free.append(act)

        task = asyncio.create_task(run())
        running.add(task)
        task.add_done_callback(running.discard)
        for done in [task for task in running if task.done()]:
            done.result()
    await asyncio.gather(*running)
    return late


def _opening(
    visitor: SocketVisitor, client: httpx.AsyncClient, url: str
) -> Callable[[], Awaitable[None]]:
    return lambda: visitor.open(client, url)


def _saying(visitor: SocketVisitor, client: httpx.AsyncClient) -> Callable[[], Awaitable[None]]:
    return lambda: visitor.say(client)


def _forget_times(visitors: list[SocketVisitor]) -> None:
    for visitor in visitors:
        visitor.delivery.clear()
        visitor.turns.clear()


def _checked(visitors: list[SocketVisitor], var: Path) -> dict[str, int]:
    """Each visitor against the store: what it got is what is there, in the same order."""
    settings = load_settings(env_file=None, var=var)
    database = open_database(settings)
    lost = differing = 0
    try:
        for visitor in visitors:
            if not visitor.confirmed:
                continue
            with database.reading() as session:
                stored = ConversationService(session).messages(
                    UUID(visitor.conversation_id), audience=Visibility.PUBLIC, limit=10_000
                )
            texts = [message.text for message in stored]
            lost += len(set(texts) - set(visitor.texts))
            differing += texts != visitor.texts
            said = [message.client_id for message in stored if message.client_id]
            lost += len(set(visitor.confirmed) - set(said))
    finally:
        database.dispose()
    disordered = sum(len(visitor.wrong) for visitor in visitors)
    if lost or differing or disordered:
        raise BenchmarkFailed(
            f"{lost} messages lost, {disordered} doubled or out of order, "
            f"{differing} visitors have something else than the store"
        )
    return {"lost": lost, "doubled_or_out_of_order": disordered}


def _spread(seconds: list[float]) -> dict[str, float]:
    shares = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "max": 1.0}
    return {name: rounded(percentile(seconds, share) * 1000, 1) for name, share in shares.items()}


async def _until(probe: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + _DRAIN_SECONDS
    while not probe():
        if time.monotonic() > deadline:
            raise BenchmarkFailed(f"{what} did not come within {_DRAIN_SECONDS:g} s")
        await asyncio.sleep(0.1)


def _listens(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/healthz", trust_env=False).is_success
    except httpx.HTTPError:
        return False


@contextmanager
def _module(name: str, port: int) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, "-m", name, str(port)], cwd=ROOT)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=20)


if __name__ == "__main__":
    sys.exit(main())
