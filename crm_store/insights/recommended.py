"""What is recommended to customers at present, counted by product."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm_store.asking import Asker
from crm_store.customers.survivors import Survivors
from crm_store.models import ModelRun, Product, Recommendation
from crm_store.permissions import Permission, require


@dataclass(frozen=True, slots=True)
class RecommendedProduct:
    """A product, to how many customers it is recommended, and how well it fits on average."""

    name: str
    slug: str
    price_minor: int
    currency: str
    customers: int
    mean_score: float


@dataclass(frozen=True, slots=True)
class Recommended:
    """The recommendations in force; ``computed_at`` is the newest one's time."""

    customers: int
    computed_at: datetime | None
    products: list[RecommendedProduct]


def read_recommended(session: Session, *, limit: int, asker: Asker) -> Recommended:
    """The products recommended to most customers, with the number of customers they are out of.

    Raises:
        NotAllowed: the asker may not read insights.
    """
    require(asker, Permission.INSIGHTS_READ)
    who = Survivors(Recommendation.customer_id)
    times = func.count(func.distinct(who.id))
    newest = func.max(Recommendation.computed_at)
    in_force = who.of(select(times, newest).select_from(Recommendation))
    covered, computed_at = session.execute(in_force).one()
    by_product = (
        select(
            Product.name,
            Product.slug,
            Product.price_minor,
            Product.currency,
            times,
            func.avg(Recommendation.score),
        )
        .select_from(Recommendation)
        .join(Product, Product.id == Recommendation.product_id)
    )
    rows = session.execute(
        who.of(by_product)
        .group_by(Product.id, Product.name, Product.slug, Product.price_minor, Product.currency)
        .order_by(times.desc(), Product.slug)
        .limit(limit)
    )
    products = [
        RecommendedProduct(name, slug, price, currency, customers, float(score))
        for name, slug, price, currency, customers, score in rows
    ]
    return Recommended(customers=covered, computed_at=computed_at, products=products)


def newest_run(session: Session, kind: str) -> ModelRun | None:
    """The latest finished run of an analysis."""
    return session.scalar(
        select(ModelRun).where(ModelRun.kind == kind).order_by(ModelRun.finished_at.desc()).limit(1)
    )
