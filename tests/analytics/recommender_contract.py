"""What every recommender must do; each engine's test calls these with its own recommender."""

from collections.abc import Callable
from uuid import UUID

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from analytics.recommendation.base import Purchases, Recommender

# Two circles of taste: products 0-2 and 3-5; customer 6 bought one of each circle.
BOUGHT = np.array(
    [
        [1, 1, 1, 0, 0, 0],
        [1, 1, 0, 0, 0, 0],
        [0, 1, 1, 0, 0, 0],
        [0, 0, 0, 1, 1, 1],
        [0, 0, 0, 1, 0, 1],
        [0, 0, 0, 0, 1, 1],
        [1, 0, 0, 0, 0, 0],
        [0, 0, 0, 1, 0, 0],
    ]
)


def purchases_of(bought: np.ndarray) -> Purchases:
    customers, products = bought.shape
    return Purchases(
        [UUID(int=i + 1) for i in range(customers)],
        [UUID(int=1000 + i) for i in range(products)],
        csr_matrix(bought.astype(np.float32)),
    )


def check_recommender(make: Callable[[], Recommender]) -> None:
    recommender = make()
    with pytest.raises(RuntimeError):
        recommender.recommend([0], limit=3)
    recommender.fit(purchases_of(BOUGHT))

    [first, second] = recommender.recommend([6, 7], limit=3)
    assert {offer.product for offer in first} == {1, 2}
    assert first[0].product == 1, "bought together most often comes first"
    assert {offer.product for offer in second} == {4, 5}
    assert all(offer.because == 0 for offer in first)
    assert [offer.score for offer in first] == sorted((o.score for o in first), reverse=True)

    for row, offers in enumerate(recommender.recommend(range(8), limit=6)):
        owned = set(np.flatnonzero(BOUGHT[row]).tolist())
        assert not owned & {offer.product for offer in offers}
    assert recommender.recommend([], limit=3) == []
    assert all(len(offers) <= 1 for offers in recommender.recommend(range(8), limit=1))

    similar = recommender.similar(limit=2)
    assert len(similar) == 6
    for product, offers in enumerate(similar):
        circle = range(3) if product < 3 else range(3, 6)
        assert product not in {offer.product for offer in offers}
        assert {offer.product for offer in offers} <= set(circle)
