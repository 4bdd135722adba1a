from datetime import UTC, datetime, timedelta
from uuid import UUID

import numpy as np

from analytics.evaluation.recommendation import hit_rate
from analytics.recommendation.base import Offer
from analytics.recommendation.blending import Blended, SaidInterest, Shelf, blend
from analytics.recommendation.local import LocalRecommender
from tests.analytics.recommender_contract import check_recommender, purchases_of

NOW = datetime(2026, 6, 1, tzinfo=UTC)
TENTS, BOOTS = UUID(int=1), UUID(int=2)
SHELF = Shelf(
    product_ids=[UUID(int=1000 + i) for i in range(6)],
    names=["Fern tent", "Moss tent", "Pine tent", "Ridge boots", "Scree boots", "Trail boots"],
    category_of=[TENTS, TENTS, TENTS, BOOTS, BOOTS, BOOTS],
    popularity=[3, 9, 1, 5, 8, 2],
)
OFFERS = [Offer(3, 0.8, because=4), Offer(5, 0.4, because=4)]


def said(category: UUID, *, weight: float = 1.0, days_ago: float = 0.0) -> SaidInterest:
    return SaidInterest("tents", category, None, weight, NOW - timedelta(days=days_ago))


def blended(*interests: SaidInterest, bought: set[int] | None = None) -> list[Blended]:
    shelves = {category: SHELF.best_of(category) for category in (TENTS, BOOTS)}
    owned = {4} if bought is None else bought
    return blend(OFFERS, interests, shelf=SHELF, shelves=shelves, bought=owned, as_of=NOW, limit=3)


def test_local_recommender_keeps_the_contract() -> None:
    check_recommender(LocalRecommender)


def test_without_a_word_said_the_purchases_speak() -> None:
    offers = blended()
    assert [offer.product for offer in offers] == [3, 5]
    assert offers[0].reason == "Customers who bought Scree boots bought this too"


def test_an_interest_said_brings_its_best_sellers() -> None:
    offers = blended(said(TENTS))
    assert 1 in {offer.product for offer in offers}
    asked = next(offer for offer in offers if offer.product == 1)
    assert asked.reason == "You asked about tents"


def test_an_old_interest_fades() -> None:
    fresh = next(o for o in blended(said(TENTS)) if o.product == 1)
    old = next(o for o in blended(said(TENTS, days_ago=60)) if o.product == 1)
    assert old.score < fresh.score / 3


def test_a_dislike_pushes_down() -> None:
    assert blended(said(BOOTS, weight=-1.0)) == []


def test_what_is_owned_is_never_offered() -> None:
    assert 1 not in {offer.product for offer in blended(said(TENTS), bought={1, 4})}


def test_hit_rate_beats_popularity_where_tastes_differ() -> None:
    rng = np.random.default_rng(3)
    bought = np.zeros((400, 60), dtype=int)
    for row in range(400):
        taste = row % 6
        bought[row, rng.choice(np.arange(10 * taste, 10 * taste + 10), 4, replace=False)] = 1
    rates = hit_rate(LocalRecommender, purchases_of(bought), at=5)
    assert rates is not None
    assert rates.recommender > 2 * rates.popularity


def test_hit_rate_needs_somebody_with_two_products() -> None:
    assert hit_rate(LocalRecommender, purchases_of(np.eye(3, dtype=int))) is None
