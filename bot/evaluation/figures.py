"""Figures over repeats: means, spreads, and what one pipeline has of another's."""

import math
from collections.abc import Sequence
from typing import Any

Figures = dict[str, Any]


def mean(repeats: Sequence[Any]) -> Any:
    """Numbers averaged, tables of numbers entry by entry; what is no number is the first's.

    A figure that one repeat does not have is None: a mean of others would hide that.
    """
    first = repeats[0]
    if any(repeat is None for repeat in repeats):
        return None
    if isinstance(first, dict):
        return {key: mean([repeat[key] for repeat in repeats]) for key in first}
    if isinstance(first, list):
        return [mean(list(items)) for items in zip(*repeats, strict=True)]
    if isinstance(first, int | float) and not isinstance(first, bool):
        total = sum(repeats) / len(repeats)
        return round(total) if all(isinstance(repeat, int) for repeat in repeats) else total
    return first


def spread(repeats: Sequence[Figures]) -> Figures:
    """The sample standard deviation of each top-level number."""
    found: Figures = {}
    for key, value in mean(repeats).items():
        given = [repeat[key] for repeat in repeats]
        if isinstance(value, float) and len(given) > 1:
            found[key] = math.sqrt(sum((one - value) ** 2 for one in given) / (len(given) - 1))
    return found


def ratio(ours: Figures, peers: Figures, keys: Sequence[str]) -> Figures:
    """Ours divided by the peer's; a dot in a key leads into a table."""
    found: Figures = {}
    for key in keys:
        left, right = at(ours, key), at(peers, key)
        found[key] = left / right if left is not None and right else None
    return found


def at(figures: Figures, key: str) -> Any:
    """The figure under a key, with a dot for each table it is in; None where there is none."""
    value: Any = figures
    for part in key.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value
