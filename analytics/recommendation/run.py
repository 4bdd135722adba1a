"""`kefu analyze recommend`: learn from orders, blend in what was said, write the offers down."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from analytics.evaluation.recommendation import HitRates, hit_rate
from analytics.recommendation.base import Offer, Purchases
from analytics.recommendation.blending import SaidInterest, Shelf, blend
from analytics.recommendation.local import LocalRecommender
from analytics.recommendation.purchases import build_purchases
from crm_store.database import Database
from crm_store.insights.service import FOR_RECOMMENDATIONS, InsightService
from crm_store.models import ItemSimilarity, ModelRun, Recommendation
from foundation.clock import utc_now

PER_CUSTOMER = 10
PER_PRODUCT = 10
_CHUNK = 5_000


@dataclass(frozen=True)
class RecommendReport:
    """What a run made, and how well the recommender finds what it was not shown."""

    customers: int
    products: int
    recommendations: int
    with_interests: int
    hit_rates: HitRates | None

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class _Learnt:
    """Everything that offers for a customer are made from."""

    purchases: Purchases
    recommender: LocalRecommender
    shelf: Shelf
    shelves: dict[UUID, list[int]]
    interests: dict[UUID, list[SaidInterest]]
    as_of: datetime


def run_recommend(database: Database) -> RecommendReport:
    """Replace every customer's recommendations and every product's "customers also bought".

    Raises:
        TooFewOrders: there is nothing to learn from.
    """
    started = utc_now()
    learnt = _learn(database, started)
    rates = hit_rate(LocalRecommender, learnt.purchases)
    rows = [row for chunk in _offers(learnt) for row in chunk]
    similar = list(_similar(learnt))
    report = RecommendReport(
        customers=len({row.customer_id for row in rows}),
        products=len(learnt.purchases.product_ids),
        recommendations=len(rows),
        with_interests=len(learnt.interests),
        hit_rates=rates,
    )
    run = ModelRun(
        kind="recommend",
        engine=learnt.recommender.engine,
        params={"per_customer": PER_CUSTOMER, "per_product": PER_PRODUCT},
        metrics=rates.as_dict() if rates else {},
        started_at=started,
        finished_at=utc_now(),
    )
    with database.transaction() as session:
        insights = InsightService(session)
        insights.replace_recommendations(run, rows)
        insights.replace_similarities(run, similar)
    return report


def _learn(database: Database, as_of: datetime) -> _Learnt:
    with database.reading() as session:
        insights = InsightService(session)
        purchases = build_purchases(insights.iter_order_lines(allowed_for=FOR_RECOMMENDATIONS))
        products = {product.id: product for product in insights.products(purchases.product_ids)}
        said = insights.all_interests()
    ordered = [products[product_id] for product_id in purchases.product_ids]
    shelf = Shelf(
        product_ids=purchases.product_ids,
        names=[product.name for product in ordered],
        category_of=[product.category_id for product in ordered],
        popularity=purchases.popularity.tolist(),
    )
    interests: dict[UUID, list[SaidInterest]] = {}
    for one in said:
        interests.setdefault(one.customer_id, []).append(
            SaidInterest(one.term, one.category_id, one.product_id, one.weight, one.at)
        )
    recommender = LocalRecommender()
    recommender.fit(purchases)
    shelves = {category: shelf.best_of(category) for category in set(shelf.category_of)}
    return _Learnt(purchases, recommender, shelf, shelves, interests, as_of)


def _offers(learnt: _Learnt) -> Iterator[list[Recommendation]]:
    ids = learnt.purchases.customer_ids
    for start in range(0, len(ids), _CHUNK):
        rows = range(start, min(start + _CHUNK, len(ids)))
        offered = learnt.recommender.recommend(rows, limit=2 * PER_CUSTOMER)
        yield [
            offer
            for row, offers in zip(rows, offered, strict=True)
            for offer in _for_customer(learnt, ids[row], offers, _bought(learnt.purchases, row))
        ]
    # People who asked but never bought: what they said is all there is to go by, and enough.
    for customer_id in sorted(learnt.interests.keys() - set(ids)):
        yield _for_customer(learnt, customer_id, [], set())


def _bought(purchases: Purchases, row: int) -> set[int]:
    matrix = purchases.matrix
    return set(matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]].tolist())


def _for_customer(
    learnt: _Learnt, customer_id: UUID, offers: list[Offer], bought: set[int]
) -> list[Recommendation]:
    blended = blend(
        offers,
        learnt.interests.get(customer_id, ()),
        shelf=learnt.shelf,
        shelves=learnt.shelves,
        bought=bought,
        as_of=learnt.as_of,
        limit=PER_CUSTOMER,
    )
    return [
        Recommendation(
            customer_id=customer_id,
            product_id=learnt.shelf.product_ids[offer.product],
            rank=rank,
            score=offer.score,
            reason=offer.reason[:200],
        )
        for rank, offer in enumerate(blended, start=1)
    ]


def _similar(learnt: _Learnt) -> Iterator[ItemSimilarity]:
    products = learnt.purchases.product_ids
    for product, offers in enumerate(learnt.recommender.similar(limit=PER_PRODUCT)):
        for offer in offers:
            yield ItemSimilarity(
                product_id=products[product], other_id=products[offer.product], score=offer.score
            )
