"""What "the first one", "it" and "the last order" point at: what the bot itself has just shown."""

import re
from collections.abc import Sequence
from typing import Any, TypeVar

from rapidfuzz import fuzz

from actions.context import Turn
from actions.reply import Reply
from crm_store.catalog.service import CatalogService
from crm_store.models import Order, Product

T = TypeVar("T")

LAST = -1
_PLACES = {"first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3}
_PLACES |= {"4th": 3, "fifth": 4, "5th": 4, "last": LAST}
_PLACE = re.compile(
    rf"\b(?:the |my )?({'|'.join(_PLACES)})\b(?! (?:week|month|year|night|time|name))"
)
_COUNTED = re.compile(r"(?:\b(?:number|no\.?|nr\.?|option)\s*|^\s*#?)([1-5])\s*[.)!]?\s*$")
_NEWEST = re.compile(
    r"(?<!at )\b(?:last|latest|newest|most recent)\b(?! (?:week|month|year|night|time))"
)
_PLACED = re.compile(
    r"\b(?:ordered|bought|placed|purchased"
    r"|(?:order|purchase|stuff|things?) (?:of|from|on|i made))\b",
    re.IGNORECASE,
)
_EXTREME = re.compile(
    r"\b(cheapest|least expensive|most expensive|dearest|priciest)(?: one| of them)?\W*$",
    re.IGNORECASE,
)
_CHEAP = frozenset({"cheapest", "least expensive"})
_NAMED = 0.9
_SAME_WORD = 85
_KEPT = 5


def places_said(text: str) -> list[int]:
    """The places in a list that a text names, from 0; ``LAST`` for the last."""
    said = text.lower()
    places = [_PLACES[found] for found in _PLACE.findall(said)]
    if not places and (counted := _COUNTED.search(said)):
        places.append(int(counted.group(1)) - 1)
    return list(dict.fromkeys(places))


def at_places(items: Sequence[T], text: str) -> list[T]:
    """The items of a list that a text names by their place."""
    return [items[place] for place in places_said(text) if place < len(items)] if items else []


def pointed_at(products: Sequence[Product], text: str) -> list[Product]:
    """The products of a list that a text names by their place, or as the cheapest or dearest."""
    pointed = at_places(products, text)
    if not pointed and products and (extreme := _EXTREME.search(text)):
        by_price = sorted(products, key=lambda product: product.price_minor)
        pointed = [by_price[0 if extreme.group(1).lower() in _CHEAP else -1]]
    return pointed


def remember_shown(reply: Reply, products: Sequence[Product]) -> None:
    """The products that the customer sees now, for "tell me more about the second one"."""
    reply.set(shown=[product.name for product in products[:_KEPT]], product=products[0].name)


def shown_before(catalog: CatalogService, turn: Turn) -> list[Product]:
    """What ``remember_shown`` kept, as far as the shop still has it."""
    names = turn.slots.get("shown")
    found = []
    for name in names if isinstance(names, list) else []:
        hits = catalog.search(str(name), limit=1)
        if hits and hits[0].score >= _NAMED:
            found.append(hits[0].product)
    return found


def remember_orders(reply: Reply, orders: Sequence[Order], *, action: str, turn: Turn) -> None:
    """The orders that the customer may choose from, and what goes on with the one chosen."""
    numbers = [order.number for order in orders]
    reply.set(choice={"action": action, "orders": numbers, "turn_id": turn.turn_id})


def pending_choice(turn: Turn) -> dict[str, Any] | None:
    """The orders that the message before offered, if it did."""
    choice = turn.slots.get("choice")
    if not isinstance(choice, dict):
        return None
    before = [said.turn_id for said in turn.past[-2:-1]]
    return choice if choice.get("turn_id") in before else None


def chosen_number(turn: Turn) -> str | None:
    """The order that "the second one" means, after a list of orders."""
    choice = pending_choice(turn)
    if choice is None or not turn.typed:
        return None
    offered = [str(number) for number in choice["orders"]]
    if offered and _NEWEST.search(turn.typed.lower()):
        return offered[0]  # The list begins with the newest, and "my last order" is that one.
    numbers = at_places(offered, turn.typed)
    return numbers[0] if numbers else None


def order_described(turn: Turn, orders: Sequence[Order]) -> Order | None:
    """The one order that a text means without its number.

    The one with the tent, the one that was placed last Tuesday, or the newest.
    """
    if not orders or not turn.typed:
        return None
    named = [value.lower() for kind, value in turn.entities if kind in {"product", "category"}]
    holding = [order for order in orders if any(_holds(order, name) for name in named)]
    if len(holding) == 1:
        return holding[0]
    if turn.days and _PLACED.search(turn.typed):
        placed = [
            order
            for order in holding or orders
            if any(order.placed_at.date() in days for days in turn.days)
        ]
        if len(placed) == 1:
            return placed[0]
    return orders[0] if not holding and _NEWEST.search(turn.typed.lower()) else None


def _holds(order: Order, name: str) -> bool:
    words = re.findall(r"\w{3,}", name)
    return bool(words) and any(
        all(
            any(fuzz.ratio(word, other) >= _SAME_WORD for other in line.name.lower().split())
            for word in words
        )
        for line in order.lines
    )
