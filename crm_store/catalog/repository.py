"""The SQL about products and categories."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from crm_store.catalog.search import Searchable
from crm_store.models import Category, ItemSimilarity, Order, OrderLine, OrderStatus, Product
from crm_store.pages import Page, fetch_page

_LINES_LOOKED_AT = 2_000
_ORDERS_LOOKED_AT = 2_000


class CatalogRepository:
    """Only products that are sold now (``active``) are found here."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def categories(self) -> Sequence[Category]:
        """Every category, by name."""
        return self._session.scalars(select(Category).order_by(Category.name)).all()

    def category(self, slug: str) -> Category | None:
        """The category with that slug."""
        return self._session.scalar(select(Category).where(Category.slug == slug))

    def page(
        self, *, category_slug: str | None, q: str | None, cursor: str | None, limit: int
    ) -> Page[Product]:
        """Products by name; ``q`` is a part of the name, the SKU or the description."""
        statement = select(Product).where(Product.active).options(joinedload(Product.category))
        if category_slug is not None:
            statement = statement.join(Product.category).where(Category.slug == category_slug)
        if q:
            statement = statement.where(
                or_(
                    Product.name.icontains(q, autoescape=True),
                    Product.sku.istartswith(q, autoescape=True),
                    Product.description.icontains(q, autoescape=True),
                )
            )
        return fetch_page(
            self._session,
            statement,
            keys=[(Product.name, str), (Product.id, UUID)],
            cursor=cursor,
            limit=limit,
        )

    def by_slug(self, slug: str) -> Product | None:
        """The product with that slug and its category."""
        statement = select(Product).where(Product.slug == slug, Product.active)
        return self._session.scalar(statement.options(joinedload(Product.category)))

    def by_sku(self, sku: str) -> Product | None:
        """The product with that SKU and its category."""
        statement = select(Product).where(Product.sku == sku, Product.active)
        return self._session.scalar(statement.options(joinedload(Product.category)))

    def by_ids(self, ids: Sequence[UUID]) -> dict[UUID, Product]:
        """Products by their ids, with categories."""
        statement = select(Product).where(Product.id.in_(ids), Product.active)
        found = self._session.scalars(statement.options(joinedload(Product.category)))
        return {product.id: product for product in found}

    def names(self) -> Sequence[tuple[str, str]]:
        """SKU and name of everything sold, in the order of the SKUs."""
        rows = self._session.execute(
            select(Product.sku, Product.name).where(Product.active).order_by(Product.sku)
        )
        return [(row[0], row[1]) for row in rows]

    def searchable(
        self, *, category_slug: str | None, max_price_minor: int | None
    ) -> list[Searchable]:
        """What the search reads of each product; columns only, which is several times faster."""
        statement = (
            select(
                Product.id,
                Product.name,
                Product.description,
                Product.attributes,
                Product.stock,
                Category.name,
                Category.synonyms,
            )
            .join(Product.category)
            .where(Product.active)
        )
        if category_slug is not None:
            statement = statement.where(Category.slug == category_slug)
        if max_price_minor is not None:
            statement = statement.where(Product.price_minor <= max_price_minor)
        return [
            Searchable(
                product_id=row[0],
                name=row[1],
                description=row[2],
                attributes=row[3],
                in_stock=row[4] > 0,
                category=row[5],
                synonyms=tuple(row[6]),
            )
            for row in self._session.execute(statement)
        ]

    def similar(self, product_id: UUID, limit: int) -> Sequence[tuple[UUID, float]]:
        """What analysis found to be bought with the product, best first."""
        rows = self._session.execute(
            select(ItemSimilarity.other_id, ItemSimilarity.score)
            .where(ItemSimilarity.product_id == product_id)
            .order_by(ItemSimilarity.score.desc(), ItemSimilarity.other_id)
            .limit(limit)
        )
        return [(row[0], row[1]) for row in rows]

    def counted_together(self, product_id: UUID, limit: int) -> Sequence[tuple[UUID, int]]:
        """What is in the same orders, counted over the product's newest order lines."""
        orders = (
            select(OrderLine.order_id)
            .where(OrderLine.product_id == product_id)
            .order_by(OrderLine.id.desc())
            .limit(_LINES_LOOKED_AT)
            .subquery()
        )
        other = aliased(OrderLine)
        times = func.count(other.order_id.distinct())
        rows = self._session.execute(
            select(other.product_id, times)
            .join(orders, orders.c.order_id == other.order_id)
            .where(other.product_id != product_id)
            .group_by(other.product_id)
            .order_by(times.desc(), other.product_id)
            .limit(limit)
        )
        return [(row[0], row[1]) for row in rows]

    def best_sellers(self, *, category_slug: str | None, limit: int) -> Sequence[Product]:
        """Products in stock by pieces sold in the newest orders; those that sold none come last."""
        newest = (
            select(Order.id)
            .where(Order.status != OrderStatus.CANCELLED)
            .order_by(Order.placed_at.desc(), Order.id.desc())
            .limit(_ORDERS_LOOKED_AT)
            .subquery()
        )
        sold = (
            select(OrderLine.product_id, func.sum(OrderLine.quantity).label("pieces"))
            .join(newest, newest.c.id == OrderLine.order_id)
            .group_by(OrderLine.product_id)
            .subquery()
        )
        statement = (
            select(Product)
            .outerjoin(sold, sold.c.product_id == Product.id)
            .where(Product.active, Product.stock > 0)
            .options(joinedload(Product.category))
            .order_by(func.coalesce(sold.c.pieces, 0).desc(), Product.name, Product.id)
            .limit(limit)
        )
        if category_slug is not None:
            statement = statement.join(Product.category).where(Category.slug == category_slug)
        return self._session.scalars(statement).all()
