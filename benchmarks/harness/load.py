"""Talking to a system: one customer after the other, or several at once."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from benchmarks.harness.figures import BenchmarkFailed
from benchmarks.harness.talks import Talk


@dataclass(frozen=True)
class Line:
    """What is said, and what has to be in the answer."""

    text: str
    wanted: str = ""
    intent: str = ""
    """What it should be understood as; looked at afterwards, in the store."""


@dataclass(frozen=True)
class Script:
    """A conversation that is open, and what will be said in it."""

    talk: Talk
    lines: Sequence[Line]


@dataclass
class Load:
    """What was measured."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    cpu_seconds: dict[str, float] = field(default_factory=dict)

    @property
    def turns_per_second(self) -> float:
        return len(self.latencies) / self.seconds

    def add(self, other: "Load") -> None:
        """Put another round's measurements to these."""
        self.seconds += other.seconds
        self.latencies += other.latencies
        for name, seconds in other.cpu_seconds.items():
            self.cpu_seconds[name] = self.cpu_seconds.get(name, 0.0) + seconds


def run_load(
    scripts: Sequence[Script], *, at_once: int, cpu: Callable[[], dict[str, float]]
) -> Load:
    """Play every script, ``at_once`` customers side by side.

    The conversations are open already: what is timed is turns only.

    Args:
        scripts: each is one customer's conversation.
        at_once: how many customers talk at the same time.
        cpu: the CPU seconds that each process has taken so far, by name.

    Raises:
        BenchmarkFailed: an answer was missing or false.
    """
    shares = [scripts[start::at_once] for start in range(at_once)]
    measured: list[list[float]] = [[] for _ in shares]
    failures: list[str] = []
    together = threading.Barrier(at_once + 1)

    def customer(number: int) -> None:
        together.wait()
        try:
            for script in shares[number]:
                for line in script.lines:
                    measured[number].append(_timed(script.talk, line))
        except (BenchmarkFailed, OSError) as error:
            failures.append(str(error))

    threads = [threading.Thread(target=customer, args=(n,)) for n in range(at_once)]
    for thread in threads:
        thread.start()
    used = {**cpu(), "client": time.process_time()}
    together.wait()
    begun = time.perf_counter()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - begun
    after = {**cpu(), "client": time.process_time()}
    if failures:
        raise BenchmarkFailed(failures[0])
    latencies = [latency for share in measured for latency in share]
    return Load(seconds, latencies, {name: after[name] - used[name] for name in after})


def _timed(talk: Talk, line: Line) -> float:
    begun = time.perf_counter()
    answer = talk.ask(line.text)
    seconds = time.perf_counter() - begun
    if line.wanted not in answer:
        raise BenchmarkFailed(f"{line.text!r} was answered without {line.wanted!r}: {answer[:200]}")
    return seconds
