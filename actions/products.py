"""Finding, checking and comparing products."""

import re
from typing import ClassVar

from sqlalchemy.orm import Session

from actions.base import KefuAction
from actions.context import Turn
from actions.product_cards import compared, product_card, stock_words
from actions.reply import PERSON, Button, Reply
from actions.wording import money
from crm_store.catalog.service import CatalogService
from crm_store.models import Category, Product

_SHOWN = 4
_NAMED = 0.6
"""From this score on, a search hit is the product that was named rather than one of several."""
_ALIKE = 0.92
"""Hits this close to the best are of the kind that was asked for."""
_PRICE = re.compile(
    r"(?:under|below|less than|max(?:imum)?(?: of)?|up to|cheaper than|at most|<)"
    r"\s*(?:eur|€|\$)?\s*"
    r"(\d{1,5})(?:[.,](\d{2}))?",
    re.IGNORECASE,
)


def price_limit(turn: Turn) -> int | None:
    """The most that the customer wants to pay, in minor units."""
    found = _PRICE.search(turn.typed)
    return int(found.group(1)) * 100 + int(found.group(2) or 0) if found else None


def asked_text(turn: Turn) -> str:
    """The words to search for: what was recognised in this message, else the message itself."""
    named = [value for kind, value in turn.entities if kind in {"product", "category"}]
    return " ".join(dict.fromkeys(named)) or turn.typed


def asked_category(catalog: CatalogService, turn: Turn) -> Category | None:
    """The category that this message names."""
    named = [value for kind, value in turn.entities if kind in {"category", "product"}]
    # "running shoes" may be recognised as two things, and together they name one shelf.
    for said in [" ".join(named), *turn.all_of("category"), *turn.all_of("product")]:
        if category := catalog.resolve_category(said):
            return category
    return catalog.resolve_category(turn.typed) if turn.typed else None


def named_product(catalog: CatalogService, turn: Turn) -> Product | None:
    """The one product that is meant: named now, else the one talked about before."""
    for said in [*reversed(turn.all_of("product")), turn.typed]:
        hits = catalog.search(said, limit=2) if said else []
        if hits and hits[0].score >= _NAMED:
            return hits[0].product
    before = turn.slot("product")
    if before and not turn.all_of("product") and not turn.all_of("category"):
        hits = catalog.search(before, limit=1)
        if hits and hits[0].score >= _NAMED:
            return hits[0].product
    return None


class ProductSearchAction(KefuAction):
    name: ClassVar[str] = "action_product_search"

    def reply(self, session: Session, turn: Turn, reply: Reply, prepared: object) -> None:
        catalog = CatalogService(session)
        limit = price_limit(turn)
        category = asked_category(catalog, turn)
        found = self._found(catalog, turn, category, limit)
        if category is not None:
            reply.set(category=category.slug)
        if not found:
            self._nothing(catalog, turn, limit, reply)
            return
        reply.set(product=found[0].name)
        under = f" under {money(limit, found[0].currency)}" if limit else ""
        if limit and found[0].price_minor > limit:
            text = f"I have nothing like that{under}. This comes closest:"
        else:
            text = f"This is what I found{f' in {category.name}' if category else ''}{under}:"
        reply.say(
            text, cards=[product_card(product) for product in found], buttons=_after_list(found)
        )

    def _found(
        self, catalog: CatalogService, turn: Turn, category: Category | None, limit: int | None
    ) -> list[Product]:
        """What was asked for within the price; else the cheapest of its kind; else the shelf."""
        kind = some_of_a_kind(catalog, turn, limit=30)
        affordable = [product for product in kind if limit is None or product.price_minor <= limit]
        if affordable:
            return affordable[:_SHOWN]
        if kind:
            return sorted(kind, key=lambda product: product.price_minor)[:_SHOWN]
        hits = catalog.search(asked_text(turn), max_price_minor=limit, limit=_SHOWN)
        return [
            hit.product
            for hit in hits
            if category is None or hit.product.category_id == category.id
        ]

    def _nothing(
        self, catalog: CatalogService, turn: Turn, limit: int | None, reply: Reply
    ) -> None:
        if turn.typed and (turn.entities or limit):
            text = "I could not find anything like that. Here is what we have; what comes closest?"
        else:
            text = "What are you looking for?"
        reply.say(
            text,
            buttons=[
                Button(c.name, "product_search", {"category": c.slug})
                for c in catalog.categories()[:8]
            ],
        )


class ProductAvailabilityAction(KefuAction):
    name: ClassVar[str] = "action_product_availability"

    def reply(self, session: Session, turn: Turn, reply: Reply, prepared: object) -> None:
        catalog = CatalogService(session)
        product = named_product(catalog, turn)
        if product is None:
            offer_choice(catalog, turn, reply, intent="product_availability")
            return
        reply.set(product=product.name)
        buttons = [Button("Tell me more", "product_details", {"product": product.name})]
        if product.stock == 0:
            buttons.append(
                Button("Something similar", "product_recommend", {"product": product.name})
            )
        reply.say(stock_words(product), cards=[product_card(product)], buttons=buttons)


class ProductDetailsAction(KefuAction):
    name: ClassVar[str] = "action_product_details"

    def reply(self, session: Session, turn: Turn, reply: Reply, prepared: object) -> None:
        catalog = CatalogService(session)
        product = named_product(catalog, turn)
        if product is None:
            offer_choice(catalog, turn, reply, intent="product_details")
            return
        reply.set(product=product.name)
        reply.say(
            f"{product.name}: {_first_sentences(product.description)}",
            cards=[product_card(product, facts=6)],
            buttons=[
                Button("Is it in stock?", "product_availability", {"product": product.name}),
                Button("What goes with it?", "product_recommend", {"product": product.name}),
                Button("About the warranty", "warranty_info"),
            ],
        )


class ProductCompareAction(KefuAction):
    name: ClassVar[str] = "action_product_compare"

    def reply(self, session: Session, turn: Turn, reply: Reply, prepared: object) -> None:
        catalog = CatalogService(session)
        chosen: dict[str, Product] = {}
        said = turn.all_of("product") or re.split(
            r"\b(?:vs\.?|versus|or|and|with|to)\b", turn.typed
        )
        for part in said[:6]:
            hits = catalog.search(part, limit=1) if len(part.strip()) > 2 else []
            if hits and hits[0].score >= _NAMED:
                chosen[hits[0].product.sku] = hits[0].product
        if len(chosen) < 2:
            for product in some_of_a_kind(catalog, turn):
                chosen.setdefault(product.sku, product)
        products = list(chosen.values())[:3]
        if len(products) < 2:
            reply.say(
                "Which products should I compare? Tell me two names, or a category.",
                buttons=[
                    Button(c.name, "product_compare", {"category": c.slug})
                    for c in catalog.categories()[:6]
                ],
            )
            return
        reply.say(
            compared(products), cards=[product_card(product, facts=5) for product in products]
        )


def some_of_a_kind(catalog: CatalogService, turn: Turn, *, limit: int = 3) -> list[Product]:
    """Products in stock that fit the words; the category of the words where none does."""
    category = asked_category(catalog, turn)
    # Over the whole shop: within one shelf its own name is in every product and tells nothing.
    hits = catalog.search(asked_text(turn), limit=60)
    if category is not None:
        hits = [hit for hit in hits if hit.product.category_id == category.id]
    best = hits[0].score if hits else 0.0
    found = [hit.product for hit in hits if hit.score >= _ALIKE * best and hit.product.stock]
    if not found and category is not None:
        found = catalog.best_sellers(category_slug=category.slug, limit=limit)
    return found[:limit]


def offer_choice(catalog: CatalogService, turn: Turn, reply: Reply, *, intent: str) -> None:
    """Several products could be meant, or none: let the customer choose."""
    hits = catalog.search(asked_text(turn), limit=_SHOWN) if asked_text(turn) else []
    if not hits and (category := asked_category(catalog, turn)):
        hits = catalog.search(category.name, category_slug=category.slug, limit=_SHOWN)
    if hits:
        names = [hit.product.name for hit in hits]
        reply.say(
            "Which one do you mean?",
            buttons=[Button(name, intent, {"product": name}) for name in names],
        )
        return
    reply.say(
        "Which product is it about? Its name or a link from the shop is enough.",
        buttons=[Button("Browse products", "product_search"), PERSON],
    )


def _after_list(products: list[Product]) -> list[Button]:
    buttons = [
        Button(
            f"More about {products[0].name}"[:60], "product_details", {"product": products[0].name}
        )
    ]
    if len(products) > 1:
        buttons.append(
            Button("Compare them", "product_compare", {"category": products[0].category.slug})
        )
    return buttons


def _first_sentences(text: str, limit: int = 280) -> str:
    """As many whole sentences as fit."""
    sentences = re.split(r"(?<=[.!?])\s+", " ".join(text.split()))
    told = sentences[0]
    for sentence in sentences[1:]:
        if len(told) + len(sentence) > limit:
            break
        told = f"{told} {sentence}"
    return told
