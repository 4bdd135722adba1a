"""Are the confidences honest?"""

from collections.abc import Sequence
from typing import Any

import numpy as np

BINS = 15


def reliability(
    confidences: Sequence[float], right: Sequence[bool], *, bins: int = BINS
) -> list[dict[str, Any]]:
    """Equal-width bins over [0, 1], each with its count, mean confidence and accuracy.

    A confidence on the border of two bins is in the lower one, as in Guo et al. (2017).
    """
    given = np.asarray(confidences, dtype=float)
    hits = np.asarray(right, dtype=float)
    places = np.clip(np.ceil(given * bins) - 1, 0, bins - 1).astype(int)
    rows = []
    for number in range(bins):
        members = places == number
        count = int(members.sum())
        rows.append(
            {
                "from": number / bins,
                "to": (number + 1) / bins,
                "count": count,
                "confidence": float(given[members].mean()) if count else None,
                "accuracy": float(hits[members].mean()) if count else None,
            }
        )
    return rows


def expected_calibration_error(rows: Sequence[dict[str, Any]]) -> float | None:
    """The mean distance of confidence and accuracy over the bins, weighted by their counts."""
    total = sum(row["count"] for row in rows)
    if not total:
        return None
    return float(
        sum(row["count"] * abs(row["confidence"] - row["accuracy"]) for row in rows if row["count"])
        / total
    )
