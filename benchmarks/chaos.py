"""Two thousand turns while processes are killed at random: ``python -m benchmarks.chaos``.

The real assistant, actions, worker and two gateway processes, with a PostgreSQL and a Redis of
their own. One of them after the other is killed with ``kill -9`` and comes back. At the end every
customer must have exactly the messages that the database has, and every message one answer.
"""

import argparse
import asyncio
import dataclasses
import random
import sys
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from benchmarks.harness.figures import add_common_options, begin, finish, progress, rounded
from tests.faults.support.chaos import PARTS, installation, play


def main() -> int:
    """Kill, compare and report; 1 with one line when a customer has something else."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.chaos", description=__doc__)
    parser.add_argument("--turns", type=int, default=2_000)
    parser.add_argument("--customers", type=int, default=8)
    parser.add_argument("--every", type=float, default=15.0, help="seconds between two kills")
    parser.add_argument("--seed", type=int, default=7)
    add_common_options(parser)
    options = parser.parse_args()
    head = begin(options)
    with tempfile.TemporaryDirectory(prefix="kefu-bench-") as folder:
        progress("making a demo shop")
        with installation(Path(folder)) as there:
            try:
                outcome = asyncio.run(
                    play(
                        there,
                        customers=options.customers,
                        turns=options.turns,
                        parts=list(islice(_at_random(options.seed), 10_000)),
                        every_seconds=options.every,
                        seed=options.seed,
                        told=progress,
                    )
                )
            except AssertionError as wrong:
                print(f"chaos: {wrong}", file=sys.stderr)
                return 1
    figures = dataclasses.asdict(outcome) | {"seconds": rounded(outcome.seconds, 1)}
    finish(options, head | {"lost": 0, "doubled": 0} | figures)
    return 0


def _at_random(seed: int) -> Iterator[str]:
    """Each part once in a random order, and again."""
    dice = random.Random(seed)
    while True:
        yield from dice.sample(PARTS, len(PARTS))


if __name__ == "__main__":
    sys.exit(main())
