"""What customers buy: a few favourite shelves each, and things that go together."""

import numpy as np
from numpy.typing import NDArray

from crm_store.seeding.shelves import ProductDraft, Shelf

_FAVOURITE_SHARE = 0.88
_MOST_LINES = 5
_LINES = (0.46, 0.28, 0.15, 0.07, 0.04)
_WITH_COMPANION = 0.45
_FROM_NEIGHBOUR = 0.20
_COMPANIONS = 4
_POPULARITY_POWER = 0.75
# What people who come for one shelf also need; the order is the preference.
_NEIGHBOURS = {
    "tents": ("sleeping", "cooking", "lighting"),
    "backpacks": ("footwear", "jackets", "travel"),
    "sleeping": ("tents", "cooking", "travel"),
    "cooking": ("tents", "lighting", "sleeping"),
    "footwear": ("backpacks", "jackets", "running"),
    "jackets": ("footwear", "backpacks", "cycling"),
    "climbing": ("footwear", "backpacks", "jackets"),
    "cycling": ("lighting", "jackets", "running"),
    "running": ("footwear", "lighting", "cycling"),
    "lighting": ("tents", "cooking", "cycling"),
    "kids": ("tents", "sleeping", "footwear"),
    "travel": ("backpacks", "lighting", "jackets"),
}
_SHELF_POPULARITY = {
    "footwear": 1.5, "jackets": 1.5, "backpacks": 1.3, "tents": 1.0, "running": 1.1,
    "cycling": 1.0, "sleeping": 0.9, "cooking": 0.9, "lighting": 0.9, "travel": 0.8, "kids": 0.8,
    "climbing": 0.6,
}  # fmt: skip

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Tastes:
    """Draws baskets of product positions; positions run over the shelves in their order."""

    def __init__(self, shelves: list[Shelf], rng: np.random.Generator) -> None:
        self.products: list[ProductDraft] = [p for shelf in shelves for p in shelf.products]
        sizes = [len(shelf.products) for shelf in shelves]
        self._starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64)
        position = {shelf.slug: index for index, shelf in enumerate(shelves)}
        self.shelf_of = np.repeat(np.arange(len(shelves)), sizes)
        self._shelf_weights = np.array([_SHELF_POPULARITY[shelf.slug] for shelf in shelves])
        self._neighbours = np.array(
            [[position[other] for other in _NEIGHBOURS[shelf.slug]] for shelf in shelves]
        )
        # On each shelf some products sell far better than others; which ones, the seed decides.
        self._popular = [_popularity(size, rng) for size in sizes]
        self._companions = self._draw_companions(rng)

    def favourites(self, rng: np.random.Generator, number: int) -> Floats:
        """Each customer's share of every shelf, cumulative: shape (number, shelves)."""
        shelves = len(self._shelf_weights)
        # Gumbel keys pick without replacement in proportion to the weights.
        keys = np.log(self._shelf_weights) + rng.gumbel(size=(number, shelves))
        ranks = np.argsort(np.argsort(-keys, axis=1), axis=1)
        count = rng.integers(1, 4, size=(number, 1))
        liked = np.where(ranks < count, np.power(0.6, ranks), 0.0)
        liked *= _FAVOURITE_SHARE / liked.sum(axis=1, keepdims=True)
        rest = (1 - _FAVOURITE_SHARE) * self._shelf_weights / self._shelf_weights.sum()
        return np.asarray(np.cumsum(liked + rest, axis=1))

    def baskets(self, rng: np.random.Generator, likes: Floats) -> list[list[int]]:
        """A basket for each row of ``likes``: one to five different products."""
        number = len(likes)
        sizes = 1 + np.searchsorted(np.cumsum(_LINES)[:-1], rng.random(number))
        drawn = np.empty((number, _MOST_LINES), dtype=np.int64)
        drawn[:, 0] = self._liked(rng, likes)
        for line in range(1, _MOST_LINES):
            drawn[:, line] = self._next(rng, drawn[:, 0], likes)
        return [
            list(dict.fromkeys(row[:size]))
            for row, size in zip(drawn.tolist(), sizes.tolist(), strict=True)
        ]

    def _liked(self, rng: np.random.Generator, likes: Floats) -> Ints:
        shelf = (rng.random((len(likes), 1)) > likes).sum(axis=1)
        return self._on_shelf(rng, np.minimum(shelf, likes.shape[1] - 1))

    def _next(self, rng: np.random.Generator, first: Ints, likes: Floats) -> Ints:
        number = len(first)
        companion = self._companions[
            first, np.minimum(rng.geometric(0.5, number) - 1, _COMPANIONS - 1)
        ]
        near = self._neighbours[
            self.shelf_of[first], np.minimum(rng.geometric(0.55, number) - 1, 2)
        ]
        kind = rng.random(number)
        return np.where(
            kind < _WITH_COMPANION,
            companion,
            np.where(
                kind < _WITH_COMPANION + _FROM_NEIGHBOUR,
                self._on_shelf(rng, near),
                self._liked(rng, likes),
            ),
        )

    def _on_shelf(self, rng: np.random.Generator, shelf: Ints) -> Ints:
        draws = rng.random(len(shelf))
        found = np.empty(len(shelf), dtype=np.int64)
        for index, shares in enumerate(self._popular):
            mine = shelf == index
            order, cumulative = shares
            found[mine] = self._starts[index] + order[np.searchsorted(cumulative, draws[mine])]
        return found

    def _draw_companions(self, rng: np.random.Generator) -> Ints:
        """For each product, others that go with it, the best first."""
        rows = []
        for shelf in self.shelf_of:
            # Two from each of the nearest shelves: what goes with a tent is not another tent.
            near = np.repeat(self._neighbours[shelf], 2)[:_COMPANIONS]
            rows.append(self._on_shelf(rng, near))
        return np.array(rows, dtype=np.int64)


def _popularity(size: int, rng: np.random.Generator) -> tuple[Ints, Floats]:
    weights = 1.0 / np.power(np.arange(1, size + 1), _POPULARITY_POWER)
    cumulative = np.cumsum(weights / weights.sum())
    cumulative[-1] = 1.0
    return rng.permutation(size).astype(np.int64), cumulative
