"""Recency, frequency, monetary value: quintile scores as database marketing has used them since
Hughes, *Strategic Database Marketing* (1994). 5 is best."""

import numpy as np
from numpy.typing import NDArray

from analytics.features.customers import CustomerFeatures, FloatArray

Scores = NDArray[np.int64]


def quintiles(values: FloatArray, *, high_is_good: bool) -> Scores:
    """Scores 1 to 5 by rank; equal values share a score, so ties never depend on row order."""
    if values.size == 0:
        return np.empty(0, dtype=np.int64)
    ordered = np.sort(values if high_is_good else -values)
    below = np.searchsorted(ordered, values if high_is_good else -values, side="right")
    return np.clip(np.ceil(5 * below / values.size), 1, 5).astype(np.int64)


def rfm_scores(features: CustomerFeatures) -> Scores:
    """Shape (customers, 3): recency, frequency and monetary quintiles."""
    return np.column_stack(
        [
            quintiles(features.column("recency_days"), high_is_good=False),
            quintiles(features.column("orders"), high_is_good=True),
            quintiles(features.column("spend_minor"), high_is_good=True),
        ]
    )
