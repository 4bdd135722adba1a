"""Finding, checking and comparing products."""

import re
from typing import ClassVar

from sqlalchemy.orm import Session

from actions.base import KefuAction
from actions.context import Turn
from actions.offers import notice_pressed
from actions.product_cards import asked_facts, compared, product_card, stock_words
from actions.references import at_places, pointed_at, remember_shown, shown_before
from actions.reply import PERSON, Button, Reply
from actions.wording import money
from crm_store.catalog.service import CatalogService
from crm_store.models import Category, Product

_SHOWN = 4
_NAMED = 0.6
"""From this score on, a search hit is the product that was named rather than one of several."""
_ALIKE = 0.92
"""Hits this close to the best are of the kind that was asked for."""
_AT_MOST = r"(?:under|below|less than|max(?:imum)?(?: of)?|up to|cheaper than|at most|<)\s*"
_UP_TO_HERE = re.compile(rf"{_AT_MOST}$", re.IGNORECASE)
_BARE_PRICE = re.compile(
    rf"{_AT_MOST}(?:eur|€|\$)?\s*(\d{{1,5}})(?:[.,](\d{{2}}))?(?![.,]?\d)", re.IGNORECASE
)
_CHEAPER = re.compile(
    r"\b(?:cheap\w*|less expensive|lower price|too (?:expensive|pricey|dear)|budget)\b", re.I
)
_BUYS = re.compile(r"\b(?:buy|order|cart|basket|take it)\b", re.IGNORECASE)
_IT = re.compile(r"\b(?:it|this|that)\b", re.IGNORECASE)


def price_limit(turn: Turn) -> int | None:
    """The most that the customer wants to pay, in minor units; "under 50" needs no currency."""
    if turn.is_button:
        return None
    for amount in turn.amounts:
        if _UP_TO_HERE.search(turn.text[: amount.start]):
            return amount.minor
    found = _BARE_PRICE.search(turn.typed)
    return int(found.group(1)) * 100 + int(found.group(2) or 0) if found else None


def asked_text(turn: Turn) -> str:
    """The words to search for: what was recognised in this message, else the message itself."""
    named = [value for kind, value in turn.entities if kind in {"product", "category"}]
    return " ".join(dict.fromkeys(named)) or turn.typed


def asked_category(catalog: CatalogService, turn: Turn) -> Category | None:
    """The category that this message names."""
    named = [value for kind, value in turn.entities if kind in {"category", "product"}]
    # "running shoes" may be recognised as two things, and together they name one shelf.
    children = catalog.resolve_category("kids")
    for said in [" ".join(named), *turn.all_of("category"), *turn.all_of("product")]:
        if category := catalog.resolve_category(said):
            for other in turn.all_of("category"):
                # A rain jacket for the kids is on their shelf, not among the jackets.
                if children and (shelf := catalog.resolve_category(other)) is not None:
                    category = shelf if shelf.id == children.id else category
            return category
    return catalog.resolve_category(turn.typed) if turn.typed else None


def named_product(catalog: CatalogService, turn: Turn) -> Product | None:
    """The one product that is meant: shown and pointed at, named now, or talked about before."""
    if pointed := pointed_at(shown_before(catalog, turn), turn.typed):
        return pointed[0]
    before = turn.slot("product")
    if before and not turn.all_of("product") and _IT.search(turn.typed):
        # "Is it available in size 40" is not about a bag that has a 40 in its name.
        hits = catalog.search(before, limit=1)
        if hits and hits[0].score >= _NAMED:
            return hits[0].product
    for said in [*reversed(turn.all_of("product")), turn.typed]:
        hits = [hit for hit in catalog.search(said, limit=8) if hit.score >= _NAMED] if said else []
        if hits:
            # Of "the trail torch" only the noun may have been recognised; the words beside it tell.
            return max(hits, key=lambda hit: (_words_said(hit.product, turn), hit.score)).product
    if before and not turn.all_of("product") and not turn.all_of("category"):
        hits = catalog.search(before, limit=1)
        if hits and hits[0].score >= _NAMED:
            return hits[0].product
    return None


def _words_said(product: Product, turn: Turn) -> int:
    said, name = (
        set(re.findall(r"\w+", re.sub("['’]", "", text.lower())))
        # The value of an entity is spelled right where what was typed is not.
        for text in (" ".join([turn.typed, *turn.all_of("product")]), product.name)
    )
    return len(said & name)


def _now_about(turn: Turn, reply: Reply, product: Product) -> None:
    """One of the things shown, or another: that list stays, or begins anew."""
    shown = turn.slots.get("shown")
    if isinstance(shown, list) and product.name in shown:
        reply.set(product=product.name)
    else:
        remember_shown(reply, [product])


class ProductSearchAction(KefuAction):
    name: ClassVar[str] = "action_product_search"

    def reply(self, session: Session, turn: Turn, reply: Reply, prepared: object) -> None:
        catalog = CatalogService(session)
        limit = price_limit(turn)
        if self._goes_on(turn) and (before := shown_before(catalog, turn)):
            self._more_like(catalog, turn, before, limit, reply)
            return
        category = asked_category(catalog, turn)
        found = self._found(catalog, turn, category, limit)
        if category is not None:
            reply.set(category=category.slug)
        if not found:
            self._nothing(catalog, turn, limit, reply)
            return
        remember_shown(reply, found)
        under = f" under {money(limit, found[0].currency)}" if limit else ""
        if limit and found[0].price_minor > limit:
            text = f"I have nothing like that{under}. This comes closest:"
        else:
            text = f"This is what I found{f' in {category.name}' if category else ''}{under}:"
        reply.say(
            text, cards=[product_card(product) for product in found], buttons=_after_list(found)
        )

    def _goes_on(self, turn: Turn) -> bool:
        """Whether the message narrows what was shown rather than asking for something new."""
        if turn.all_of("product") or turn.all_of("category") or not turn.typed:
            return False
        return price_limit(turn) is not None or _CHEAPER.search(turn.typed) is not None

    def _more_like(
        self,
        catalog: CatalogService,
        turn: Turn,
        before: list[Product],
        limit: int | None,
        reply: Reply,
    ) -> None:
        """The same kind of thing for less."""
        talked_about = next((p for p in before if p.name == turn.slot("product")), before[0])
        most = limit if limit is not None else talked_about.price_minor - 1
        hits = catalog.search(
            talked_about.name.split()[-1], category_slug=talked_about.category.slug, limit=30
        )
        best = hits[0].score if hits else 0.0
        alike = [hit.product for hit in hits if hit.score >= _ALIKE * best]
        if any(product.price_minor <= most for product in before):
            # What was shown is narrower than its last word: "hiking boots", not all boots.
            alike = before
        affordable = [product for product in alike if product.price_minor <= most]
        found = [product for product in affordable if product.stock] or affordable
        money_words = money(limit, talked_about.currency) if limit is not None else ""
        if not found:
            cheapest = min([*alike, talked_about], key=lambda product: product.price_minor)
            than = f"for under {money_words}" if limit is not None else "for less"
            remember_shown(reply, [cheapest])
            reply.say(
                f"I have nothing of that kind {than}, sorry. This one costs least:",
                cards=[product_card(cheapest)],
                buttons=[
                    Button(
                        f"All in {talked_about.category.name}",
                        "product_search",
                        {"category": talked_about.category.slug},
                    )
                ],
            )
            return
        found = sorted(found, key=lambda p: (-_words_said(p, turn), p.price_minor))[:_SHOWN]
        remember_shown(reply, found)
        reply.say(
            f"These are under {money_words}:" if limit is not None else "These cost less:",
            cards=[product_card(product) for product in found],
            buttons=_after_list(found),
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
        _now_about(turn, reply, product)
        buttons = [Button("Tell me more", "product_details", {"product": product.name})]
        if product.stock == 0:
            buttons.append(
                Button(
                    "Something similar", "product_recommend", {"category": product.category.slug}
                )
            )
        if _BUYS.search(turn.typed):
            reply.opening = "I can't take orders in the chat; this leads to its page."
        reply.say(
            " ".join([stock_words(product), *asked_facts(product, turn.typed)]),
            cards=[product_card(product)],
            buttons=buttons,
        )


class ProductDetailsAction(KefuAction):
    name: ClassVar[str] = "action_product_details"

    def reply(self, session: Session, turn: Turn, reply: Reply, prepared: object) -> None:
        catalog = CatalogService(session)
        product = named_product(catalog, turn)
        if product is None:
            offer_choice(catalog, turn, reply, intent="product_details")
            return
        notice_pressed(session, turn, reply, product)
        _now_about(turn, reply, product)
        told = " ".join(asked_facts(product, turn.typed))
        reply.say(
            f"{told} {product.name}: {_first_sentences(product.description)}".strip(),
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
        chosen: dict[str, Product] = {p.sku: p for p in self._pointed_at(catalog, turn)}
        said = turn.all_of("product") or re.split(
            r"\b(?:vs\.?|versus|or|and|with|to)\b", turn.typed
        )
        for part in said[:6] if not chosen else []:
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
        remember_shown(reply, products)
        reply.say(
            compared(products), cards=[product_card(product, facts=5) for product in products]
        )

    def _pointed_at(self, catalog: CatalogService, turn: Turn) -> list[Product]:
        """What "them", "it with the second" or "the first or the third" are."""
        if turn.all_of("product") or turn.all_of("category"):
            return []
        shown = shown_before(catalog, turn)
        pointed = at_places(shown, turn.typed)
        if len(pointed) == 1 or (not pointed and _IT.search(turn.typed)):
            hits = catalog.search(turn.slot("product") or "", limit=1)
            if hits and hits[0].score >= _NAMED and hits[0].product not in pointed:
                pointed.insert(0, hits[0].product)
        return pointed if len(pointed) > 1 else shown[:3]


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
    # Of "tents for 4 people" the ones with a 4 in their name come first.
    return sorted(found, key=lambda product: -_words_said(product, turn))[:limit]


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
        buttons.append(Button("Compare them", "product_compare"))
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
