"""Browsing and searching what the shop sells."""

from dataclasses import dataclass
from uuid import UUID

from rapidfuzz import process
from rapidfuzz.distance import OSA
from sqlalchemy.orm import Session

from crm_store.catalog.errors import CategoryNotFound, ProductNotFound
from crm_store.catalog.repository import CatalogRepository
from crm_store.catalog.search import TYPO_CUTOFF, rank_products
from crm_store.catalog.words import telling_words
from crm_store.models import Category, Product
from crm_store.pages import Page
from crm_store.texts import storable

_QUERY_CHARS = 500


@dataclass(frozen=True, slots=True)
class ProductHit:
    """A product that was found; ``score`` is from 0 to 1."""

    product: Product
    score: float


class CatalogService:
    """The catalog is public: nobody is asked who they are."""

    def __init__(self, session: Session) -> None:
        self._catalog = CatalogRepository(session)

    def categories(self) -> list[Category]:
        """Every category, by name."""
        return list(self._catalog.categories())

    def products(
        self,
        *,
        category_slug: str | None = None,
        q: str | None = None,
        cursor: str | None = None,
        limit: int = 24,
    ) -> Page[Product]:
        """A page of products by name, with their categories loaded."""
        q = storable(q or "").strip()[:_QUERY_CHARS] or None
        return self._catalog.page(category_slug=category_slug, q=q, cursor=cursor, limit=limit)

    def category(self, slug: str) -> Category:
        """The category with that slug.

        Raises:
            CategoryNotFound: there is none.
        """
        category = self._catalog.category(storable(slug))
        if category is None:
            raise CategoryNotFound
        return category

    def by_slug(self, slug: str) -> Product:
        """The product with that slug.

        Raises:
            ProductNotFound: there is none, or it is no longer sold.
        """
        return _must_find(self._catalog.by_slug(storable(slug)))

    def by_sku(self, sku: str) -> Product:
        """The product with that SKU, in any case.

        Raises:
            ProductNotFound: there is none, or it is no longer sold.
        """
        return _must_find(self._catalog.by_sku(storable(sku).strip().upper()))

    def search(
        self,
        text: str,
        *,
        category_slug: str | None = None,
        max_price_minor: int | None = None,
        limit: int = 5,
    ) -> list[ProductHit]:
        """Products that fit what a person typed, best first; may be empty."""
        items = self._catalog.searchable(
            category_slug=category_slug, max_price_minor=max_price_minor
        )
        ranked = rank_products(storable(text)[:_QUERY_CHARS], items, limit=limit)
        products = self._catalog.by_ids([found.product_id for found in ranked])
        return [ProductHit(products[found.product_id], found.score) for found in ranked]

    def resolve_category(self, text: str) -> Category | None:
        """The category that a text names: by slug, name or synonym, typing errors forgiven."""
        asked = telling_words(storable(text)[:_QUERY_CHARS])
        if not asked:
            return None
        names: dict[str, Category] = {}
        for category in self._catalog.categories():
            for name in (*category.synonyms, category.name, category.slug):
                names[" ".join(telling_words(name))] = category
        whole = " ".join(asked)
        if whole in names:
            return names[whole]
        # The longest name inside the text: "sleeping bag" says more than "bag".
        padded = f" {whole} "
        inside = [name for name in names if name and f" {name} " in padded]
        if inside:
            return names[max(inside, key=len)]
        best = max(
            (
                (score, match)
                for word in (whole, *asked)
                if len(word) > 4
                for match, score, _ in process.extract(
                    word,
                    names.keys(),
                    scorer=OSA.normalized_similarity,
                    score_cutoff=TYPO_CUTOFF,
                    limit=1,
                )
            ),
            default=None,
        )
        return names[best[1]] if best else None

    def bought_together(self, product_id: UUID, *, limit: int = 4) -> list[ProductHit]:
        """What customers who bought the product also bought, best first.

        Uses the similarities that analysis computed; before it ran, counts the newest orders. The
        score is a similarity, or the share of the most frequent companion.
        """
        found = list(self._catalog.similar(product_id, limit))
        if not found:
            counted = self._catalog.counted_together(product_id, limit)
            most = max((times for _, times in counted), default=1)
            found = [(other, times / most) for other, times in counted]
        products = self._catalog.by_ids([other for other, _ in found])
        return [ProductHit(products[other], score) for other, score in found if other in products]

    def best_sellers(self, *, category_slug: str | None = None, limit: int = 6) -> list[Product]:
        """Products in stock that sold most in the newest orders."""
        return list(self._catalog.best_sellers(category_slug=category_slug, limit=limit))

    def names(self) -> list[tuple[str, str]]:
        """SKU and name of everything sold."""
        return list(self._catalog.names())


def _must_find(product: Product | None) -> Product:
    if product is None:
        raise ProductNotFound
    return product
