"""k-means in this process, with scikit-learn."""

from dataclasses import dataclass

import numpy as np
from sklearn.cluster import KMeans, MiniBatchKMeans
from sklearn.metrics import silhouette_score
from sklearn.preprocessing import StandardScaler

from analytics.features.customers import COLUMNS, CustomerFeatures, FloatArray
from analytics.segmentation.base import Segmentation, TooFewCustomers

# Counts and money have long tails: one big buyer would otherwise be a group of their own.
_SKEWED = ("recency_days", "orders", "spend_minor", "contacts", "handoffs")
_MINI_BATCH_FROM = 50_000
_SILHOUETTE_SAMPLE = 2_000
_SMALLEST_SHARE = 0.01
# Rare things (a handoff among a thousand customers) lie many deviations out; beyond three, how far
# does not matter, or k-means would spend its groups on them.
_FARTHEST = 3.0


@dataclass(frozen=True)
class LocalSegmenter:
    """k-means on scaled features; k is the one with the best silhouette (Rousseeuw 1987)."""

    smallest: int = 4
    largest: int = 7
    seed: int = 0
    engine: str = "local"

    def fit_predict(self, features: CustomerFeatures) -> Segmentation:
        if len(features.customer_ids) <= self.smallest:
            raise TooFewCustomers
        scaled = _scale(features)
        distinct = len(np.unique(scaled, axis=0))
        if distinct < self.smallest:
            raise TooFewCustomers
        tried = [
            self._try(scaled, clusters)
            for clusters in range(self.smallest, min(self.largest, distinct - 1) + 1)
        ] or [self._try(scaled, self.smallest)]
        # A handful of unusual customers is not a segment that anybody could act on.
        useful = [one for one in tried if _smallest_share(one) >= _SMALLEST_SHARE]
        return max(useful or tried[:1], key=lambda one: one.silhouette)

    def _try(self, scaled: FloatArray, clusters: int) -> Segmentation:
        kind = MiniBatchKMeans if len(scaled) >= _MINI_BATCH_FROM else KMeans
        model = kind(n_clusters=clusters, n_init=5, random_state=self.seed)
        labels = model.fit_predict(scaled).astype(np.int64)
        found = len(np.unique(labels))
        silhouette = -1.0
        if 1 < found < len(scaled):
            sample = min(_SILHOUETTE_SAMPLE, len(scaled))
            silhouette = float(
                silhouette_score(scaled, labels, sample_size=sample, random_state=self.seed)
            )
        params = {"clusters": clusters, "seed": self.seed, "algorithm": kind.__name__}
        return Segmentation(labels, clusters, silhouette, params)


def _scale(features: CustomerFeatures) -> FloatArray:
    values = features.values.copy()
    for name in _SKEWED:
        index = COLUMNS.index(name)
        values[:, index] = np.log1p(values[:, index])
    scaled: FloatArray = StandardScaler().fit_transform(values)
    return scaled.clip(-_FARTHEST, _FARTHEST)


def _smallest_share(found: Segmentation) -> float:
    return float(np.bincount(found.labels, minlength=found.clusters).min()) / len(found.labels)
