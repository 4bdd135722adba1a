"""Item-item collaborative filtering in this process, with implicit.

Cosine similarity between products over the customers who bought them (Sarwar et al. 2001).
"""

from collections.abc import Sequence

import numpy as np
from implicit.nearest_neighbours import ItemItemRecommender
from scipy.sparse import csr_matrix
from sklearn.preprocessing import normalize

from analytics.recommendation.base import Offer, Purchases


class LocalRecommender:
    """Item-item recommendations; ``neighbours`` similar products are kept for each product."""

    engine = "local"

    def __init__(self, *, neighbours: int = 30) -> None:
        # One neighbour more than wanted: each item is its own nearest.
        self._model = ItemItemRecommender(K=neighbours + 1, num_threads=1)
        self._matrix: csr_matrix | None = None

    def fit(self, purchases: Purchases) -> None:
        # Having bought counts, how many of it hardly does: log keeps a second pair of socks small.
        self._matrix = csr_matrix(purchases.matrix, dtype=np.float64, copy=True)
        self._matrix.data = np.log1p(self._matrix.data)
        # With columns of unit length the dot product of two is their cosine. (implicit's own cosine
        # class does just this, but by way of a conversion that it then warns about.)
        self._model.fit(csr_matrix(normalize(self._matrix, axis=0)), show_progress=False)

    def recommend(self, rows: Sequence[int], *, limit: int) -> list[list[Offer]]:
        matrix = self._fitted()
        wanted = np.asarray(rows)
        if wanted.size == 0:
            return []
        users = matrix[wanted]
        limit = min(limit, matrix.shape[1])
        products, scores = self._model.recommend(wanted, users, N=limit)
        return [
            [
                Offer(int(product), float(score), self._because(int(product), users.indices[a:b]))
                for product, score in zip(products[i], scores[i], strict=True)
                if product >= 0 and score > 0
            ]
            for i, (a, b) in enumerate(zip(users.indptr[:-1], users.indptr[1:], strict=True))
        ]

    def similar(self, *, limit: int) -> list[list[Offer]]:
        matrix = self._fitted()
        everything = np.arange(matrix.shape[1])
        products, scores = self._model.similar_items(everything, N=min(limit + 1, len(everything)))
        return [
            [
                Offer(int(other), float(score), product)
                for other, score in zip(products[product], scores[product], strict=True)
                if other != product and other >= 0 and score > 0
            ][:limit]
            for product in everything.tolist()
        ]

    def _because(self, product: int, bought: np.ndarray[tuple[int], np.dtype[np.int32]]) -> int:
        similarity = self._model.similarity[product]
        strength = {
            int(i): float(s) for i, s in zip(similarity.indices, similarity.data, strict=True)
        }
        return max(bought.tolist(), key=lambda one: strength.get(one, 0.0))

    def _fitted(self) -> csr_matrix:
        if self._matrix is None:
            raise RuntimeError("recommend before fit")
        return self._matrix
