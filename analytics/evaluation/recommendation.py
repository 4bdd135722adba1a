"""Leave-one-out evaluation of a recommender against plain popularity."""

from collections.abc import Callable
from dataclasses import asdict, dataclass

import numpy as np
from scipy.sparse import csr_matrix, lil_matrix

from analytics.recommendation.base import Purchases, Recommender

_CUSTOMERS = 2_000


@dataclass(frozen=True)
class HitRates:
    """The share of customers whose held-out product is among the first ``at`` offers."""

    at: int
    customers: int
    recommender: float
    popularity: float

    def as_dict(self) -> dict[str, float]:
        return asdict(self)


def hit_rate(
    make: Callable[[], Recommender], purchases: Purchases, *, at: int = 10, seed: int = 0
) -> HitRates | None:
    """Hold one product out for customers with two or more, and ask for it back.

    Returns:
        None when nobody has bought two products.
    """
    rng = np.random.default_rng(seed)
    matrix = csr_matrix(purchases.matrix)
    counts = np.diff(matrix.indptr)
    able = np.flatnonzero(counts >= 2)
    if able.size == 0:
        return None
    rows = np.sort(rng.permutation(able)[:_CUSTOMERS])
    held = {
        int(r): int(rng.choice(matrix.indices[matrix.indptr[r] : matrix.indptr[r + 1]]))
        for r in rows
    }
    seen: lil_matrix = matrix.tolil()
    for row, product in held.items():
        seen[row, product] = 0
    train = Purchases(purchases.customer_ids, purchases.product_ids, seen.tocsr())
    train.matrix.eliminate_zeros()
    recommender = make()
    recommender.fit(train)
    offers = recommender.recommend(rows.tolist(), limit=at)
    by_popularity = np.argsort(-train.popularity, kind="stable")
    hits = popular = 0
    for row, offered in zip(rows.tolist(), offers, strict=True):
        owned = set(train.matrix[row].indices.tolist())
        top = [product for product in by_popularity.tolist() if product not in owned][:at]
        hits += held[row] in {offer.product for offer in offered}
        popular += held[row] in top
    return HitRates(at, len(rows), hits / len(rows), popular / len(rows))
