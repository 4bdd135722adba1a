"""Every process is killed once while customers talk: each has exactly what the database has."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.faults.support.chaos import PARTS, installation, play

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(600)]


def test_every_part_killed_once(tmp_path: Path) -> None:
    # In a thread of its own: the browser tests beside it have a loop in this one.
    with installation(tmp_path) as there, ThreadPoolExecutor(1) as threads:
        talks = play(there, customers=4, turns=10_000, parts=PARTS, every_seconds=8.0, seed=1)
        outcome = threads.submit(asyncio.run, talks).result()
    assert set(outcome.killed) == set(PARTS)
    assert outcome.turns >= 8
    assert outcome.reconnects >= 4
