"""The cards and buttons that the assistant adds to an answer, by the tags of an authored line."""

from collections.abc import Mapping
from typing import Any

from crm_store.seeding.shelves import CURRENCY, ProductDraft
from foundation.money import format_money

_BUTTONS = {
    "person": [("Talk to a person", "/human_handoff")],
    "start": [
        ("Where is my order?", "/order_status"),
        ("Return something", "/return_start"),
        ("Find a product", "/product_recommend"),
    ],
    "late": [("It's taking too long", "/delivery_delayed")],
    "cancel": [("Change the address", "/delivery_address_change"), ("Cancel it", "/order_cancel")],
    "yesno": [("Yes, cancel it", "/affirm"), ("No, keep it", "/deny")],
    "refundchoice": [("Money back", "/inform"), ("Exchange", "/inform")],
    "pay": [("Ways to pay", "/payment_methods"), ("Talk to a person", "/human_handoff")],
    "review": [("Write a review", "/review_leave")],
}


def shown(tags: frozenset[str], facts: Mapping[str, str], draft: ProductDraft) -> dict[str, Any]:
    """The payload's ``cards`` and ``buttons``, each only if there are any."""
    payload: dict[str, Any] = {}
    cards = _cards(tags, facts, draft)
    if cards:
        payload["cards"] = cards
    buttons = dict(button for tag in _BUTTONS if tag in tags for button in _BUTTONS[tag])
    if buttons:
        payload["buttons"] = [
            {"title": title, "payload": chosen} for title, chosen in buttons.items()
        ]
    return payload


def _cards(
    tags: frozenset[str], facts: Mapping[str, str], draft: ProductDraft
) -> list[dict[str, Any]]:
    cards: list[dict[str, Any]] = []
    if "order" in tags:
        told = (("Placed", facts["placed"]), ("Total", facts["total"]))
        cards.append(
            {
                "kind": "order",
                "title": f"Order {facts['number']}",
                "subtitle": facts["contents"],
                "facts": [{"label": label, "value": value} for label, value in told],
            }
        )
    if "ticket" in tags:
        cards.append({"kind": "ticket", "title": facts["new_ticket"], "facts": []})
    if "product" in tags:
        cards.append(
            {
                "kind": "product",
                "title": draft.name,
                "subtitle": format_money(draft.price_minor, CURRENCY),
                "url": f"/shop/p/{draft.slug}",
                "facts": [],
            }
        )
    return cards
