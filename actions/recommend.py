"""Recommendations, always with the reason: what was asked now wins over what is known."""

import re
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy.orm import Session

from actions.base import KefuAction
from actions.context import Turn
from actions.offers import notice_shown
from actions.product_cards import product_card
from actions.products import asked_category, named_product, price_limit, some_of_a_kind
from actions.references import remember_shown
from actions.reply import Button, Reply
from crm_store.asking import AsCustomer
from crm_store.catalog.service import CatalogService
from crm_store.customers.verification import Verification
from crm_store.insights.service import InsightService
from crm_store.models import Category, Interest, Product, Recommendation
from crm_store.orders.service import OrderService

_SHOWN = 3
_WITH = re.compile(
    r"\b(?:(?:go|goes|going|fit|fits|match|matches|combine|pair|pairs|use|used|need|buy|bought)\b"
    r"[^.?!]{0,60}\bwith|accessor\w+|together with|along with|to my|add to)\b",
    re.IGNORECASE,
)
Reasoned = tuple[Product, str]


class ProductRecommendAction(KefuAction):
    name: ClassVar[str] = "action_product_recommend"

    def reply(self, session: Session, turn: Turn, reply: Reply, prepared: object) -> None:
        catalog = CatalogService(session)
        category = asked_category(catalog, turn)
        product = named_product(catalog, turn) if _asks_what_goes_with(turn) else None
        limit = price_limit(turn)
        if product is not None:
            intro, found = f"With the {product.name}:", together(catalog, product)
        elif category is not None:
            intro = f"From {category.name}:"
            found = in_category(session, catalog, turn, category)
            reply.set(category=category.slug)
        elif kind := some_of_a_kind(catalog, turn) if turn.all_of("product") else []:
            intro, found = "These could suit:", [(item, "The kind you asked for") for item in kind]
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
        # "What goes with it" stays about the same thing; all else is now about the first one shown.
        remember_shown(reply, [item for item, _ in found])
        notice_shown(session, turn, reply, found)
        if product is not None:
            reply.set(product=product.name)
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
    """The category asked for: what suits this customer first, then what sells best of its kind."""
    asker = Verification(session).customer_of(turn.conversation_id)
    known = [
        (row.product, row.reason)
        for row in (computed(session, asker) if asker else [])
        if row.product.category_id == category.id
    ]
    alike = {product.id for product in some_of_a_kind(catalog, turn, limit=30)}
    popular = catalog.best_sellers(category_slug=category.slug, limit=40)
    same_kind = [
        (item, f"Popular in {category.name}, and the kind you asked for")
        if turn.all_of("product")
        else (item, f"Popular in {category.name}")
        for item in popular
        if item.id in alike
    ]
    others = [(item, f"Popular in {category.name}") for item in popular if item.id not in alike]
    return _unique([*known, *same_kind, *others])


def personal(session: Session, catalog: CatalogService, turn: Turn) -> list[Reasoned]:
    """What analysis recommends to a known customer, and what they asked about lately.

    Interests said in chats count at once, before the next analysis has run. Where nothing is known
    yet, what goes with the last order is the next best thing.
    """
    asker = Verification(session).customer_of(turn.conversation_id)
    if asker is None:
        before = turn.slot("category")
        category = catalog.resolve_category(before) if before else None
        return _asked_about(catalog, category, limit=_SHOWN) if category else []
    rows = computed(session, asker)
    computed_at = max((row.computed_at for row in rows), default=None)
    interests = InsightService(session).interests(asker.customer_id)
    liked, disliked = _said_since(interests, computed_at)
    shelves = {category.id: category for category in catalog.categories()}
    fresh = [
        found
        for category_id in liked[:2]
        if category_id in shelves
        for found in _asked_about(catalog, shelves[category_id], limit=2)
    ]
    known = [(row.product, row.reason) for row in rows if row.product.category_id not in disliked]
    return _unique([*fresh, *known]) or _goes_with_last_order(session, catalog, asker)


def computed(session: Session, asker: AsCustomer) -> list[Recommendation]:
    """What analysis found for the customer, as far as it can be had now."""
    rows = InsightService(session).recommendations(asker.customer_id, limit=12)
    return [row for row in rows if row.product.active and row.product.stock]


def _asked_about(catalog: CatalogService, category: Category, *, limit: int) -> list[Reasoned]:
    why = f"You asked about {category.name.lower()}"
    return [(item, why) for item in catalog.best_sellers(category_slug=category.slug, limit=limit)]


def _goes_with_last_order(
    session: Session, catalog: CatalogService, asker: AsCustomer
) -> list[Reasoned]:
    orders = OrderService(session).recent(asker=asker, limit=1)
    return [
        (hit.product, f"Goes with your {line.name}")
        for order in orders
        for line in order.lines[:2]
        for hit in catalog.bought_together(line.product_id, limit=2)
        if hit.product.stock
    ]


def _said_since(
    interests: list[Interest], computed_at: datetime | None
) -> tuple[list[UUID], set[UUID]]:
    """Categories that a chat named since the last analysis, newest first: liked and disliked."""
    feeling: dict[UUID, float] = {}
    for interest in sorted(interests, key=lambda interest: interest.at, reverse=True):
        if interest.category_id is None or (computed_at and interest.at <= computed_at):
            continue
        feeling[interest.category_id] = feeling.get(interest.category_id, 0.0) + interest.weight
    liked = [category for category, weight in feeling.items() if weight > 0]
    return liked, {category for category, weight in feeling.items() if weight < 0}


def _asks_what_goes_with(turn: Turn) -> bool:
    """Whether something is wanted beside a product, rather than a product of that kind."""
    if turn.is_button:
        return bool(turn.all_of("product"))
    return _WITH.search(turn.typed) is not None


def _unique(found: list[Reasoned]) -> list[Reasoned]:
    return list({product.id: (product, why) for product, why in reversed(found)}.values())[::-1]
