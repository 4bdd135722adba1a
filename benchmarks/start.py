"""From `kefu up` to the first correct answer, beside `rasa run`: ``python -m benchmarks.start``.

Everything is set up before: it is what `make run` does the second time, without make. Ours starts
four processes and answers a verified customer from the store; the peer starts its starter bot with
the starter bot's own settings and answers a greeting.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.harness.figures import (
    BenchmarkFailed,
    add_common_options,
    begin,
    finish,
    load_average,
    progress,
    rounded,
)
from benchmarks.harness.installation import SITE_KEY, Shopper, install, peaks_mb, shoppers
from benchmarks.harness.processes import peak_rss_mb
from benchmarks.harness.stock_rasa import StockRasa, peer_cache, starter_bot
from benchmarks.harness.talks import JsonClient, WidgetTalk
from tests.e2e.system import KEFU, ROOT, System

_START_SECONDS = 180
_PAUSE_SECONDS = 0.05
_CANDIDATES = 50
# The parts as /readyz calls them; the gateway is ready when it answers at all.
_WANTED = {"gateway", "database", "assistant", "actions", "turns"}


def main() -> int:
    """Measure and report; 1 with one line when a figure would be wrong."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.start", description=__doc__)
    parser.add_argument("--runs", type=int, default=1, help="starts of each; medians are reported")
    parser.add_argument("--peer-cache", type=Path, help="where the trained peer is kept")
    add_common_options(parser)
    options = parser.parse_args()
    try:
        result = _measure(options)
    except (BenchmarkFailed, OSError) as failed:
        print(f"benchmark stopped: {failed}", file=sys.stderr)
        return 1
    finish(options, result)
    return 0


def _measure(options: argparse.Namespace) -> dict[str, Any]:
    project = starter_bot(peer_cache(options.peer_cache))
    with tempfile.TemporaryDirectory(prefix="kefu-bench-") as folder:
        var = Path(folder) / "var"
        var.mkdir()
        progress("making a demo shop of 2,000 customers")
        system = install(var, customers=2_000)
        result = begin(options)
        ours, peers = [], []
        for number in range(options.runs):
            progress(f"start {number + 1} of {options.runs}")
            ours.append(_start_ours(system))
            peers.append(_start_peer(StockRasa(project, Path(folder), sql_tracker=False)))
    our_seconds = statistics.median(run["first_answer_seconds"] for run in ours)
    their_seconds = statistics.median(run["first_answer_seconds"] for run in peers)
    return result | {
        "kefu": {"first_answer_seconds": our_seconds, "runs": ours},
        "peer": {"first_answer_seconds": their_seconds, "runs": peers},
        "kefu_to_peer": {
            "first_answer": rounded(our_seconds / their_seconds),
            "peak_rss": rounded(
                statistics.median(run["peak_rss_mb"]["total"] for run in ours)
                / statistics.median(run["peak_rss_mb"]["total"] for run in peers)
            ),
        },
    }


def _start_ours(system: System) -> dict[str, Any]:
    with system.database() as database:
        people = shoppers(database, _CANDIDATES)
    load = load_average()
    with (system.var / "up.log").open("wb") as log:
        begun = time.monotonic()
        system.process = subprocess.Popen(
            [*KEFU, "up"], cwd=ROOT, env=system.environment, stdout=log, stderr=log
        )
    try:
        ready = _readiness(system, begun)
        _ask_for_the_order(system, people)
        answered = time.monotonic() - begun
        peaks = peaks_mb(system)
    finally:
        system.stop()
    return {
        "first_answer_seconds": rounded(answered),
        "ready_seconds": ready,
        "peak_rss_mb": {**peaks, "total": rounded(sum(peaks.values()), 1)},
        "load": load,
    }


def _ask_for_the_order(system: System, people: list[Shopper]) -> None:
    """Ask as the first customer who has no conversation open from the demo shop's past."""
    for shopper in people:
        talk = WidgetTalk(system.url, site_key=SITE_KEY, identity=shopper.identity)
        try:
            if talk.has_past():
                continue
            answer = talk.ask(f"where is my order {shopper.order_number}?")
        finally:
            talk.close()
        if shopper.order_number not in answer:
            raise BenchmarkFailed(f"the first answer is not about the order: {answer[:200]}")
        return
    raise BenchmarkFailed("every customer of the demo shop has a conversation open")


def _readiness(system: System, begun: float) -> dict[str, float]:
    """When each part was ready first, in seconds since ``begun``."""
    ready: dict[str, float] = {}
    client = JsonClient(system.url)
    while missing := _WANTED - ready.keys():
        assert system.process is not None
        if system.process.poll() is not None or time.monotonic() - begun > _START_SECONDS:
            raise BenchmarkFailed(f"kefu up: not ready: {', '.join(sorted(missing))}")
        parts = _parts(client)
        now = rounded(time.monotonic() - begun)
        for name in parts:
            ready.setdefault(name, now)
        time.sleep(_PAUSE_SECONDS)
    client.close()
    return ready


def _parts(client: JsonClient) -> list[str]:
    """The parts that are ready now."""
    try:
        parts = client.call("GET", "/readyz", expect_errors=True)["parts"]
    except OSError:
        return []
    return ["gateway", *(name for name, part in parts.items() if part["state"] == "ready")]


def _start_peer(peer: StockRasa) -> dict[str, Any]:
    load = load_average()
    begun = time.monotonic()
    peer.start()
    try:
        answer = peer.wait_for_answer("hello")
        answered = time.monotonic() - begun
        peak = peak_rss_mb(peer.pid)
    finally:
        peer.stop()
    return {
        "first_answer_seconds": rounded(answered),
        "answer": answer,
        "peak_rss_mb": {"total": rounded(peak, 1)},
        "load": load,
    }


if __name__ == "__main__":
    sys.exit(main())
