"""Figures and how they are printed: JSON, with the machine's load beside them."""

import argparse
import json
import math
import os
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


class BenchmarkFailed(Exception):
    """A figure would be wrong: an answer was missing or false. The message is one line."""


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least ``share`` of the values do not exceed (nearest rank)."""
    if not values:
        raise BenchmarkFailed("nothing was measured")
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def rounded(value: float, digits: int = 3) -> float:
    """For reading; more digits would not say more."""
    return round(value, digits)


def load_average() -> list[float]:
    """The machine's load over 1, 5 and 15 minutes."""
    return [round(value, 2) for value in os.getloadavg()]


def wait_for_quiet(below: float, *, at_most: float) -> None:
    """Wait until the 1-minute load is low; figures taken beside other work mislead."""
    deadline = time.monotonic() + at_most
    while os.getloadavg()[0] > below and time.monotonic() < deadline:
        time.sleep(2)


def progress(text: str) -> None:
    """Tell the person who waits; stdout is for the result."""
    print(f"  … {text}", file=sys.stderr, flush=True)


def add_common_options(parser: argparse.ArgumentParser) -> None:
    """Where the result goes and how long to wait for a quiet machine."""
    parser.add_argument("--out", type=Path, help="file for the JSON; stdout without it")
    parser.add_argument(
        "--quiet-load",
        type=float,
        default=0.0,
        help="wait, at most 10 minutes, until the 1-minute load is below this; 0: do not wait",
    )


def begin(options: argparse.Namespace) -> dict[str, Any]:
    """The head of a result."""
    if options.quiet_load:
        progress(f"waiting for a load below {options.quiet_load}")
        wait_for_quiet(options.quiet_load, at_most=600)
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        "load_before": load_average(),
    }


def finish(options: argparse.Namespace, result: dict[str, Any]) -> None:
    """Print or write the result."""
    result["load_after"] = load_average()
    text = json.dumps(result, indent=2, ensure_ascii=False) + "\n"
    if options.out is None:
        sys.stdout.write(text)
    else:
        options.out.write_text(text, encoding="utf-8")
