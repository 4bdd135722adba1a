"""What every recommender takes and gives."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

import numpy as np
from scipy.sparse import csr_matrix

from foundation.errors import Invalid


class TooFewOrders(Invalid):
    """There is nothing to learn from."""

    code = "too_few_orders"
    title = "There are no orders to learn recommendations from"


@dataclass(frozen=True)
class Purchases:
    """Who bought what: a sparse matrix (customers, products) of quantities."""

    customer_ids: list[UUID]
    product_ids: list[UUID]
    matrix: csr_matrix

    @property
    def popularity(self) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """For each product, how many customers bought it."""
        return np.asarray((self.matrix > 0).sum(axis=0), dtype=np.float64).ravel()


@dataclass(frozen=True)
class Offer:
    """A product for a customer. ``because`` is the bought product that speaks for it most."""

    product: int
    score: float
    because: int | None


class Recommender(Protocol):
    """Learns from purchases; rows and products are positions in them."""

    @property
    def engine(self) -> str:
        """Where it runs: ``local`` or ``spark``."""
        ...

    def fit(self, purchases: Purchases) -> None:
        """Learn.

        Raises:
            TooFewOrders: no purchases at all.
        """
        ...

    def recommend(self, rows: Sequence[int], *, limit: int) -> list[list[Offer]]:
        """Offers for each customer row, best first, none of them bought before."""
        ...

    def similar(self, *, limit: int) -> list[list[Offer]]:
        """For each product, those that the same customers buy, best first."""
        ...
