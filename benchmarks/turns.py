"""Whole turns through the gateway beside stock Rasa's REST channel: ``python -m benchmarks.turns``.

One turn of ours is a message posted by a verified customer, understood, answered from the store,
committed with everything that was understood of it, and readable by the customer. One turn of the
peer is a message to its starter bot, with its SQL tracker store on SQLite.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from benchmarks.harness.figures import (
    BenchmarkFailed,
    add_common_options,
    begin,
    finish,
    percentile,
    progress,
    rounded,
)
from benchmarks.harness.installation import (
    SITE_KEY,
    Shopper,
    cpu_by_part,
    install,
    peaks_mb,
    running,
    shoppers,
)
from benchmarks.harness.load import Line, Load, Script, run_load
from benchmarks.harness.processes import cpu_seconds, peak_rss_mb
from benchmarks.harness.stock_rasa import StockRasa, peer_cache, starter_bot
from benchmarks.harness.talks import Channel, RestTalk, WidgetTalk
from crm_store.conversations.service import ConversationService
from crm_store.database import Database
from crm_store.models import Author, Visibility
from tests.e2e.system import System

_SETTLE_SECONDS = 1.5
_WARM_UP_CONVERSATIONS = 2
MODES = ("one", "eight")

# A third about the customer's own order, a third questions to the shop, a third small talk.
_OURS = (
    ("hello", "greet", False),
    ("where is my order {order}?", "order_status", True),
    ("what are your opening hours?", "store_hours", False),
    ("thanks", "thanks", False),
    ("what is the status of order {order}", "order_status", True),
    ("which payment methods do you take?", "payment_methods", False),
    ("how are you?", "how_are_you", False),
    ("can you check the status of {order} please", "order_status", True),
    ("how much is shipping?", "shipping_cost", False),
    ("are you a bot?", "bot_challenge", False),
    ("order status {order}", "order_status", True),
    ("do you sell gift cards?", "gift_card", False),
)
_PEERS = (
    *("hello", "I am feeling great", "are you a bot?", "hi", "so sad", "yes"),
    *("hey there", "I am amazing", "bye", "good morning", "very unhappy", "bye"),
)
TURNS = len(_OURS)


class Ours:
    """Our side: opens verified conversations and says whose CPU was used."""

    def __init__(self, system: System, people: Sequence[Shopper], channel: Channel) -> None:
        self._system, self._channel = system, channel
        self._people = iter(people)
        self.talks: list[WidgetTalk] = []

    def scripts(self, count: int) -> list[Script]:
        found: list[Script] = []
        for shopper in self._people:
            talk = self._open(shopper)
            # The demo shop has a past: whose conversation is open still would go on with it.
            if talk.has_past():
                talk.close()
                continue
            found.append(Script(talk, _lines(shopper)))
            self.talks.append(talk)
            if len(found) == count:
                return found
        raise BenchmarkFailed("the demo shop has too few customers to talk with")

    def cpu(self) -> dict[str, float]:
        return cpu_by_part(self._system)

    def _open(self, shopper: Shopper) -> WidgetTalk:
        talk = WidgetTalk(
            self._system.url, site_key=SITE_KEY, identity=shopper.identity, channel=self._channel
        )
        if not talk.verified:
            raise BenchmarkFailed("a signed identity did not verify the conversation")
        return talk


def _lines(shopper: Shopper) -> list[Line]:
    number = shopper.order_number
    return [
        Line(text.format(order=number), wanted=number if is_order else "", intent=intent)
        for text, intent, is_order in _OURS
    ]


class Peers:
    """The peer's side: new senders, the starter bot's own small talk."""

    def __init__(self, peer: StockRasa) -> None:
        self._peer = peer

    def scripts(self, count: int) -> list[Script]:
        lines = [Line(text) for text in _PEERS]
        return [Script(RestTalk(self._peer.port), lines) for _ in range(count)]

    def cpu(self) -> dict[str, float]:
        return {"rasa": cpu_seconds(self._peer.pid)}


def main() -> int:
    """Measure and report; 1 with one line when a figure would be wrong."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.turns", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="ours and the peer in turn, each")
    parser.add_argument("--customers", type=int, default=8, help="how many talk at once")
    parser.add_argument("--conversations", type=int, default=2, help="of each of them, a round")
    parser.add_argument("--channel", choices=["socket", "poll"], default="socket")
    parser.add_argument("--peer-cache", type=Path, help="where the trained peer is kept")
    parser.add_argument("--no-peer", action="store_true", help="only ours, for profiling")
    add_common_options(parser)
    options = parser.parse_args()
    try:
        return _measure(options)
    except (BenchmarkFailed, OSError) as failed:
        print(f"benchmark stopped: {failed}", file=sys.stderr)
        return 1


def _measure(options: argparse.Namespace) -> int:
    project = None if options.no_peer else starter_bot(peer_cache(options.peer_cache))
    with tempfile.TemporaryDirectory(prefix="kefu-bench-") as folder:
        var = Path(folder) / "var"
        var.mkdir()
        progress("making a demo shop of 2,000 customers")
        system = install(var, customers=2_000)
        peer = None if project is None else StockRasa(project, Path(folder), sql_tracker=True)
        if peer is not None:
            peer.start()
        try:
            with running(system), system.database() as database:
                if peer is not None:
                    peer.wait_for_answer("hello")
                result = begin(options) | _compare(options, system, peer, database)
        finally:
            if peer is not None:
                peer.stop()
    finish(options, result)
    return 0


def _compare(
    options: argparse.Namespace, system: System, peer: StockRasa | None, database: Database
) -> dict[str, Any]:
    a_round = options.customers + options.customers * options.conversations
    needed = _WARM_UP_CONVERSATIONS + options.rounds * a_round
    people = shoppers(database, 2 * needed)
    ours = Ours(system, people, options.channel)
    sides: dict[str, Ours | Peers] = {"kefu": ours}
    if peer is not None:
        sides["peer"] = Peers(peer)
    for side in sides.values():
        _play(side, _WARM_UP_CONVERSATIONS, at_once=1)
    loads: dict[tuple[str, str], list[Load]] = {}
    for number in range(options.rounds):
        progress(f"round {number + 1} of {options.rounds}")
        for mode in MODES:
            at_once = 1 if mode == "one" else options.customers
            count = options.customers * (1 if mode == "one" else options.conversations)
            for name, side in sides.items():
                # What the side before has still to write must not be paid by this one.
                time.sleep(_SETTLE_SECONDS)
                loads.setdefault((mode, name), []).append(_play(side, count, at_once=at_once))
    result: dict[str, Any] = {
        "turns_a_conversation": TURNS,
        "customers_at_once": options.customers,
        "channel": options.channel,
        "modes": {mode: _mode(mode, loads) for mode in MODES},
        "recorded": _recorded(database, ours.talks),
        "peak_rss_mb": {"kefu": peaks_mb(system)},
    }
    if peer is not None:
        result["peak_rss_mb"]["peer"] = rounded(peak_rss_mb(peer.pid), 1)
    for talk in ours.talks:
        talk.close()
    return result


def _play(side: Ours | Peers, count: int, *, at_once: int) -> Load:
    scripts = side.scripts(count)
    return run_load(scripts, at_once=at_once, cpu=side.cpu)


def _mode(mode: str, loads: dict[tuple[str, str], list[Load]]) -> dict[str, Any]:
    result: dict[str, Any] = {
        name: _figures(rounds) for (of, name), rounds in loads.items() if of == mode
    }
    if "peer" in result:
        ours, peers = result["kefu"], result["peer"]
        by_round = [
            our.turns_per_second / their.turns_per_second
            for our, their in zip(loads[mode, "kefu"], loads[mode, "peer"], strict=True)
        ]
        result["kefu_to_peer"] = {
            "throughput": rounded(ours["turns_per_second"] / peers["turns_per_second"]),
            "throughput_by_round": [rounded(value) for value in by_round],
            "throughput_median": rounded(statistics.median(by_round)),
            "p50": rounded(ours["p50_ms"] / peers["p50_ms"]),
            "p95": rounded(ours["p95_ms"] / peers["p95_ms"]),
        }
    return result


def _figures(rounds: list[Load]) -> dict[str, Any]:
    total = Load()
    for load in rounds:
        total.add(load)
    turns = len(total.latencies)
    p50, p95 = percentile(total.latencies, 0.50), percentile(total.latencies, 0.95)
    return {
        "turns": turns,
        "seconds": rounded(total.seconds),
        "turns_per_second": rounded(total.turns_per_second),
        "p50_ms": rounded(p50 * 1000, 1),
        "p95_ms": rounded(p95 * 1000, 1),
        "p95_to_p50": rounded(p95 / p50),
        "cpu_ms_a_turn": {
            name: rounded(seconds * 1000 / turns, 2) for name, seconds in total.cpu_seconds.items()
        },
    }


def _recorded(database: Database, talks: Sequence[WidgetTalk]) -> dict[str, Any]:
    """What the store holds of the conversations: the figures are worth something only if all."""
    counts: Counter[str] = Counter()
    misread: Counter[str] = Counter()
    for talk in talks:
        with database.reading() as session:
            stored = ConversationService(session).messages(
                UUID(talk.conversation_id), audience=Visibility.PUBLIC
            )
        asked = [message for message in stored if message.author is Author.CUSTOMER]
        answered = {message.in_reply_to for message in stored if message.author is Author.BOT}
        counts["customer_messages"] += len(asked)
        for message, (_, intent, _) in zip(asked, _OURS, strict=True):
            counts["answered"] += message.id in answered
            counts["with_understanding"] += bool(message.nlu and message.sentiment)
            counts["with_latency"] += message.latency_ms is not None
            if message.intent != intent:
                misread[f"{intent} as {message.intent}"] += 1
        seqs = [message.seq for message in stored]
        counts["without_gap"] += seqs == list(range(1, len(seqs) + 1))
    expected = len(talks) * TURNS
    for name in ("customer_messages", "answered", "with_understanding", "with_latency"):
        if counts[name] != expected:
            raise BenchmarkFailed(f"{counts[name]} of {expected} messages are {name}")
    if counts["without_gap"] != len(talks):
        raise BenchmarkFailed("a conversation has a gap")
    return {"conversations": len(talks), **counts, "misread": dict(misread)}


if __name__ == "__main__":
    sys.exit(main())
