"""Recommendations, always with the reason: what was asked now wins over what is known."""

from typing import ClassVar

from sqlalchemy.orm import Session

from actions.base import KefuAction
from actions.context import Turn
from actions.product_cards import product_card
from actions.products import asked_category, named_product, price_limit
from actions.reply import Button, Reply
from crm_store.catalog.service import CatalogService
from crm_store.customers.verification import Verification
from crm_store.insights.service import InsightService
from crm_store.models import Category, Product

_SHOWN = 3
Reasoned = tuple[Product, str]


class ProductRecommendAction(KefuAction):
    name: ClassVar[str] = "action_product_recommend"

    def reply(self, session: Session, turn: Turn, reply: Reply, prepared: object) -> None:
        catalog = CatalogService(session)
        category = asked_category(catalog, turn)
        product = named_product(catalog, turn) if turn.all_of("product") else None
        limit = price_limit(turn)
        if product is not None and (category is None or _says_product(turn)):
            intro, found = f"With the {product.name}:", together(catalog, product)
            reply.set(product=product.name)
        elif category is not None:
            intro = f"From {category.name}:"
            found = in_category(session, catalog, turn, category)
            reply.set(category=category.slug)
        else:
            intro, found = "For you:", personal(session, catalog, turn)
        found = [(p, why) for p, why in found if limit is None or p.price_minor <= limit][:_SHOWN]
        if not found:
            reply.say(
                "What is it for? Choose a direction and I'll suggest something.",
                buttons=[
                    Button(c.name, "product_recommend", {"category": c.slug})
                    for c in catalog.categories()[:8]
                ],
            )
            return
        reply.say(
            intro,
            cards=[product_card(item, reason=why) for item, why in found],
            buttons=[
                Button(
                    f"More about {found[0][0].name}"[:60],
                    "product_details",
                    {"product": found[0][0].name},
                ),
                Button("Something else", "product_search"),
            ],
        )


def together(catalog: CatalogService, product: Product) -> list[Reasoned]:
    """What customers who bought the product also bought."""
    hits = catalog.bought_together(product.id, limit=_SHOWN + 2)
    why = f"Customers who bought the {product.name} also bought this"
    return [(hit.product, why) for hit in hits if hit.product.stock]


def in_category(
    session: Session, catalog: CatalogService, turn: Turn, category: Category
) -> list[Reasoned]:
    """The category asked for: what suits this customer first, then what sells best there."""
    known = [
        (product, why)
        for product, why in personal(session, catalog, turn)
        if product.category_id == category.id
    ]
    why = f"Popular in {category.name}"
    popular = [(item, why) for item in catalog.best_sellers(category_slug=category.slug, limit=6)]
    return _unique([*known, *popular])


def personal(session: Session, catalog: CatalogService, turn: Turn) -> list[Reasoned]:
    """What analysis recommends to a known customer, and what they asked about lately.

    Interests said in chats count at once, before the next analysis has run.
    """
    asker = Verification(session).customer_of(turn.conversation_id)
    before = turn.slot("category")
    if asker is None:
        category = catalog.resolve_category(before) if before else None
        if category is None:
            return []
        best = catalog.best_sellers(category_slug=category.slug, limit=_SHOWN)
        return [(item, f"You asked about {category.name.lower()}") for item in best]
    insights = InsightService(session)
    computed = [
        (row.product, row.reason)
        for row in insights.recommendations(asker.customer_id, limit=12)
        if row.product.active and row.product.stock
    ]
    return _unique(computed)


def _says_product(turn: Turn) -> bool:
    return bool(turn.all_of("product")) and not turn.all_of("category")


def _unique(found: list[Reasoned]) -> list[Reasoned]:
    return list({product.id: (product, why) for product, why in reversed(found)}.values())[::-1]
