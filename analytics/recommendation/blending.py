"""What a customer said, blended with what they and others bought."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from analytics.recommendation.base import Offer

# An interest said today weighs as much as the best item-item offer; after a month half of that.
_HALF_LIFE_DAYS = 30.0


@dataclass(frozen=True)
class SaidInterest:
    """An interest from a chat: a product or a category, liked (> 0) or disliked (< 0)."""

    term: str
    category_id: UUID | None
    product_id: UUID | None
    weight: float
    at: datetime


@dataclass(frozen=True)
class Shelf:
    """The products on offer: names, categories, and each category's best sellers first."""

    product_ids: Sequence[UUID]
    names: Sequence[str]
    category_of: Sequence[UUID]
    popularity: Sequence[float]

    def best_of(self, category_id: UUID) -> list[int]:
        """Positions of a category's products, the most bought first."""
        members = [i for i, category in enumerate(self.category_of) if category == category_id]
        return sorted(members, key=lambda i: (-self.popularity[i], i))


@dataclass(frozen=True)
class Blended:
    """A product to offer, with its score and the reason to tell the customer."""

    product: int
    score: float
    reason: str


def blend(
    offers: Sequence[Offer],
    interests: Iterable[SaidInterest],
    *,
    shelf: Shelf,
    shelves: Mapping[UUID, Sequence[int]],
    bought: set[int],
    as_of: datetime,
    limit: int,
) -> list[Blended]:
    """Offers for one customer, best first.

    Args:
        offers: from the recommender, positions on the shelf.
        interests: what this customer said.
        shelves: for each category, its products, best sellers first.
        bought: positions of what they own already.
        limit: how many at the most.
    """
    best = max((offer.score for offer in offers), default=0.0) or 1.0
    scores = {offer.product: offer.score / best for offer in offers}
    reasons = {
        offer.product: f"Customers who bought {shelf.names[offer.because]} bought this too"
        for offer in offers
        if offer.because is not None
    }
    spoken: dict[int, float] = {}
    position = {product_id: i for i, product_id in enumerate(shelf.product_ids)}
    for interest in interests:
        strength = interest.weight * _decay(interest.at, as_of)
        for product, share in _touched(interest, shelf, shelves, position, limit):
            if product in bought:
                continue
            scores[product] = scores.get(product, 0.0) + strength * share
            if strength * share > spoken.get(product, 0.0):
                spoken[product] = strength * share
                reasons[product] = f"You asked about {interest.term}"
    ranked = sorted(
        (product for product, score in scores.items() if score > 0),
        key=lambda product: (-scores[product], product),
    )
    return [
        Blended(product, scores[product], reasons.get(product, "Popular with other customers"))
        for product in ranked[:limit]
    ]


def _decay(at: datetime, as_of: datetime) -> float:
    days = max(0.0, (as_of - at).total_seconds() / 86_400)
    return float(0.5 ** (days / _HALF_LIFE_DAYS))


def _touched(
    interest: SaidInterest,
    shelf: Shelf,
    shelves: Mapping[UUID, Sequence[int]],
    position: Mapping[UUID, int],
    limit: int,
) -> Iterable[tuple[int, float]]:
    """The products that an interest touches, each with its share of the weight in (0, 1].

    Liking a category speaks for its best sellers first; disliking it is against all of it.
    """
    category = interest.category_id
    product = position.get(interest.product_id) if interest.product_id else None
    if product is not None:
        yield product, 1.0
        category = category or shelf.category_of[product]
    if category is not None:
        if interest.weight < 0:
            yield from ((product, 1.0) for product in shelves.get(category, ()))
            return
        for rank, product in enumerate(shelves.get(category, ())[: 2 * limit]):
            yield product, 0.9 / (1 + rank / limit)
