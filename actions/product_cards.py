"""A product in words and as a card."""

import re
from typing import Any

from actions.reply import Card
from actions.wording import listing, money, plural
from crm_store.models import Product

_SHORT = 40
_ASKED: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"\bwater ?proof|\brain\b", ("waterproof", "membrane", "water_column", "rain_cover")),
    (r"\bheavy\b|\bweigh|\blight(?:er|est|weight)?\b", ("weight",)),
    (r"\bwarm|\bcold\b|\btemperature\b", ("comfort_temperature", "temperature")),
    (r"\bbright|\blumens?\b", ("brightness",)),
    (r"\bmade of\b|\bmaterials?\b", ("material",)),
)
_COLOURS: tuple[str, ...] = ("black", "white", "grey", "gray", "blue", "navy", "red", "green")
_COLOURS += ("yellow", "orange", "brown", "purple", "pink", "beige", "rust")
PRODUCT_PAGE = "/shop/p/{slug}"


def product_card(product: Product, *, reason: str | None = None, facts: int = 2) -> Card:
    """A product's price, stock and first facts; ``reason`` says why it is shown."""
    shown = [(_label(name), _value(value)) for name, value in product.attributes.items()]
    return Card(
        kind="product",
        title=product.name,
        subtitle=reason or money(product.price_minor, product.currency),
        url=PRODUCT_PAGE.format(slug=product.slug),
        facts=(
            *((("Price", money(product.price_minor, product.currency)),) if reason else ()),
            *shown[:facts],
        ),
        status=("In stock", "good") if product.stock else (_short_stock(product), "warn"),
    )


def stock_words(product: Product) -> str:
    """Whether the product can be had, and when."""
    if product.stock > 5:
        return f"Yes, the {product.name} is in stock."
    if product.stock:
        return f"Yes, but only {product.stock} of the {product.name} are left."
    if product.restock_days is not None:
        return (
            f"The {product.name} is sold out right now. We expect it back in about "
            f"{plural(product.restock_days, 'day')}."
        )
    return f"The {product.name} is sold out, and no new delivery is planned yet."


def asked_facts(product: Product, text: str) -> list[str]:
    """What a question about price, colour, size or weight wants to hear first, in sentences."""
    said = text.lower()
    told = []
    if re.search(r"\b(?:how much|price|cost|costs)\b", said):
        told.append(f"It costs {money(product.price_minor, product.currency)}.")
    for pattern, names in _ASKED:
        name = next((name for name in names if name in product.attributes), None)
        if name is not None and re.search(pattern, said):
            told.append(f"{_label(name)}: {_value(product.attributes[name])}.")
    colour = next((word for word in _COLOURS if re.search(rf"\b{word}\b", said)), None)
    if colour or re.search(r"\bcolou?rs?\b", said):
        told.append(_colour_words(product, colour))
    if re.search(r"\bsizes?\b|\b(?:xs|s|m|l|xl|xxl|3[0-9]|4[0-9])\b\W*$", said):
        sizes = product.attributes.get("sizes") or product.attributes.get("size")
        told.append(f"Sizes: {_value(sizes)}." if sizes else "Its sizes are on its page.")
    return told


def _colour_words(product: Product, colour: str | None) -> str:
    known = product.attributes.get("colours")
    if not known:
        return "I have no other colours of it on file."
    wanted = "gray" if colour == "grey" else colour
    has = colour is not None and any(
        word in _value(known).lower() for word in (colour, wanted or "")
    )
    if colour and not has:
        return f"Not in {colour}, though: it comes in {_value(known)}."
    return f"It comes in {_value(known)}."


def compared(products: list[Product]) -> str:
    """What sets two or three products apart, in words."""
    by_price = sorted(products, key=lambda product: product.price_minor)
    cheap, dear = by_price[0], by_price[-1]
    sentences = []
    if cheap.price_minor != dear.price_minor:
        difference = money(dear.price_minor - cheap.price_minor, cheap.currency)
        sentences.append(f"The {cheap.name} costs {difference} less than the {dear.name}.")
    shared = [
        name
        for name in products[0].attributes
        if all(name in product.attributes for product in products)
        and len({_value(product.attributes[name]) for product in products}) > 1
        and all(len(_value(product.attributes[name])) <= _SHORT for product in products)
    ]
    for name in shared[:3]:
        values = [f"{_value(p.attributes[name])} ({p.name})" for p in products]
        sentences.append(f"{_label(name)}: {listing(values)}.")
    sold_out = [product.name for product in products if not product.stock]
    if sold_out:
        sentences.append(f"Sold out at the moment: {listing(sold_out)}.")
    return " ".join(sentences) or "These are alike in everything that I can compare."


def _short_stock(product: Product) -> str:
    if product.restock_days is not None:
        return f"Back in {plural(product.restock_days, 'day')}"
    return "Sold out"


def _label(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return listing([str(item) for item in value])
    return str(value)
