"""What every segmenter must do; each engine's test calls these with its own segmenter."""

from uuid import UUID

import numpy as np
import pytest

from analytics.features.customers import COLUMNS, CustomerFeatures
from analytics.segmentation.base import Segmenter, TooFewCustomers


def features_of(rows: np.ndarray) -> CustomerFeatures:
    return CustomerFeatures([UUID(int=i + 1) for i in range(len(rows))], rows)


def four_kinds(per_kind: int = 40) -> CustomerFeatures:
    """Four kinds of customer that differ by far more than they vary."""
    rng = np.random.default_rng(5)
    centres = np.array(
        [
            # recency, orders, spend, contacts, valence, handoffs
            [5, 20, 400_000, 0, 0, 0],
            [300, 1, 3_000, 0, 0, 0],
            [20, 2, 9_000, 8, -0.8, 4],
            [200, 12, 150_000, 1, 0.5, 0],
        ],
        dtype=float,
    )
    rows = np.repeat(centres, per_kind, axis=0)
    return features_of(rows * rng.uniform(0.9, 1.1, rows.shape))


def check_segmenter(segmenter: Segmenter) -> None:
    features = four_kinds()
    found = segmenter.fit_predict(features)
    assert found.labels.shape == (160,)
    kinds = found.labels.reshape(4, 40)
    assert all(len(set(kind.tolist())) == 1 for kind in kinds), "a kind was torn apart"
    assert len({kind[0] for kind in kinds}) == 4
    assert found.silhouette > 0.7
    again = segmenter.fit_predict(features)
    assert (again.labels == found.labels).all(), "not repeatable"
    with pytest.raises(TooFewCustomers):
        segmenter.fit_predict(features_of(np.zeros((3, len(COLUMNS)))))
    with pytest.raises(TooFewCustomers):
        segmenter.fit_predict(features_of(np.zeros((50, len(COLUMNS)))))
