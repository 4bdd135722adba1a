"""Prometheus metrics of a gateway.

Several processes of one gateway count into files that any of them adds up (prometheus_client's
multiprocess mode), because a scraper reaches only one of them. A registry each, so that two apps
can live in one process.
"""

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
"""Read by prometheus_client when it is imported."""

_FAST = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_TURNS = (0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 32, 64)
_LABEL = re.compile(r"[a-z][a-z_]{0,39}")


class Metrics:
    """Everything the gateway counts."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self._requests = Counter(
            "kefu_requests", "HTTP requests.", ("method", "route", "status"), registry=registry
        )
        self._request_seconds = Histogram(
            "kefu_request_seconds",
            "Time to answer a request.",
            ("route",),
            buckets=_FAST,
            registry=registry,
        )
        self._turns = Counter(
            "kefu_turns", "Bot turns by outcome.", ("outcome",), registry=registry
        )
        self._turn_seconds = Histogram(
            "kefu_turn_seconds",
            "From the customer's message to the committed reply.",
            buckets=_TURNS,
            registry=registry,
        )
        self._stage_seconds = Histogram(
            "kefu_turn_stage_seconds",
            "Parts of a turn: waiting to be claimed, the assistant's answer, its commit.",
            ("stage",),
            buckets=_FAST,
            registry=registry,
        )
        self._assistant_errors = Counter(
            "kefu_assistant_errors",
            "Turns that the assistant did not answer, by what went wrong.",
            ("kind",),
            registry=registry,
        )
        self._handoffs = Counter(
            "kefu_handoffs", "Conversations given to people.", ("reason",), registry=registry
        )
        self._sockets = Gauge(
            "kefu_sockets",
            "Open WebSockets.",
            ("audience",),
            registry=registry,
            multiprocess_mode="livesum",
        )
        self._slow_sockets = Counter(
            "kefu_slow_sockets", "Sockets closed for not keeping up.", registry=registry
        )
        frames = Counter(
            "kefu_frames", "Frames for sockets, by outcome.", ("outcome",), registry=registry
        )
        self._delivered, self._dropped = frames.labels("delivered"), frames.labels("dropped")

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        self._requests.labels(method, route, str(status)).inc()
        self._request_seconds.labels(route).observe(seconds)

    def turn(self, outcome: str, seconds: float | None = None) -> None:
        self._turns.labels(outcome).inc()
        if seconds is not None:
            self._turn_seconds.observe(seconds)

    def stage(self, stage: str, seconds: float) -> None:
        """A part of a turn took so long: ``queued``, ``assistant`` or ``commit``."""
        self._stage_seconds.labels(stage).observe(max(0.0, seconds))

    def assistant_error(self, kind: str) -> None:
        self._assistant_errors.labels(kind).inc()

    def handoff(self, reason: str) -> None:
        """A conversation goes to people; what is no plain name of a reason is counted as other."""
        self._handoffs.labels(reason if _LABEL.fullmatch(reason) else "other").inc()

    def socket_opened(self, audience: str) -> None:
        self._sockets.labels(audience).inc()

    def socket_closed(self, audience: str) -> None:
        self._sockets.labels(audience).dec()

    def frame_sent(self) -> None:
        self._delivered.inc()

    def socket_overflowed(self, frames: int) -> None:
        """A socket did not keep up; so many frames for it were dropped."""
        self._slow_sockets.inc()
        self._dropped.inc(frames)

    def render(self, depths: Mapping[str, Callable[[], float]]) -> bytes:
        """The text exposition format.

        Args:
            depths: how much waits, by name; asked now, for it is in the store and no process's own.
        """
        registry = self.registry
        if FOLDER_VARIABLE in os.environ:
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        waiting = CollectorRegistry()
        gauge = Gauge(
            "kefu_waiting", "Turns for the bot, people for a person.", ("what",), registry=waiting
        )
        for what, depth in depths.items():
            gauge.labels(what).set_function(depth)
        return generate_latest(registry) + generate_latest(waiting)


def share_counts(folder: Path) -> None:
    """Let the processes started from here count together. Before their first import of this."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.db"):
        old.unlink()
    os.environ[FOLDER_VARIABLE] = str(folder)


def forget_process(pid: int) -> None:
    """The process is dead: what it had open is open no more."""
    if FOLDER_VARIABLE in os.environ:
        mark_process_dead(pid)  # type: ignore[no-untyped-call]
