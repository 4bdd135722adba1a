"""What customers come for: which questions are personal, and how each is put in words."""

PERSONAL_GOALS = frozenset(
    {
        "order_status",
        "order_history",
        "order_change",
        "order_cancel",
        "delivery_delayed",
        "delivery_lost",
        "delivery_damaged",
        "delivery_wrong_item",
        "delivery_address_change",
        "return_start",
        "return_exchange",
        "refund_status",
        "payment_double_charge",
        "invoice_request",
        "account_edit",
        "account_delete",
        "newsletter_subscribe",
        "newsletter_unsubscribe",
        "data_export",
        "warranty_claim",
        "ticket_status",
    }
)

_OPENINGS = {
    "order_status": "Happy to check that for you.",
    "order_cancel": "I can help with cancelling.",
    "order_change": "Let me see what can still be changed.",
    "delivery_delayed": "I'm sorry that your parcel keeps you waiting. Let me look into it.",
    "delivery_lost": "I'm sorry about that. Let me look for your parcel.",
    "delivery_damaged": "I'm sorry that it arrived like that. Let's put it right.",
    "delivery_wrong_item": "I'm sorry that the wrong thing arrived. Let's put it right.",
    "delivery_address_change": "I can see whether the address can still be changed.",
    "return_start": "Of course, let's set up the return.",
    "return_exchange": "Of course, let's set up the exchange.",
    "refund_status": "Let me check where your refund is.",
    "payment_double_charge": "I'm sorry about that. Let me check the payments.",
    "invoice_request": "I can get you the invoice.",
    "account_delete": "I can pass that on.",
    "warranty_claim": "I'm sorry that it broke. Let's look at the warranty.",
}
_SECURITY = "First I need to know who you are."
_NEEDS_REASON = frozenset(
    {"account_edit", "newsletter_subscribe", "newsletter_unsubscribe", "data_export"}
    | {"order_history", "ticket_status", "account_delete"}
)

# As they read on a button when the bot asks what was meant.
TITLES = {
    "order_status": "Where is my order?",
    "order_history": "My orders",
    "order_change": "Change an order",
    "order_cancel": "Cancel an order",
    "delivery_time": "When does it arrive?",
    "delivery_options": "Delivery options",
    "delivery_delayed": "My parcel is late",
    "delivery_lost": "My parcel is missing",
    "delivery_damaged": "It arrived damaged",
    "delivery_wrong_item": "I got the wrong item",
    "delivery_address_change": "Change the address",
    "return_start": "Return something",
    "return_exchange": "Exchange something",
    "refund_status": "Where is my refund?",
    "return_policy": "How returns work",
    "refund_policy": "How refunds work",
    "payment_methods": "Ways to pay",
    "payment_failed": "My payment failed",
    "payment_double_charge": "I was charged twice",
    "invoice_request": "I need an invoice",
    "discount_code": "Discount codes",
    "account_create": "Open an account",
    "account_edit": "Change my details",
    "account_delete": "Delete my account",
    "password_reset": "Reset my password",
    "newsletter_subscribe": "Get the newsletter",
    "newsletter_unsubscribe": "Stop the newsletter",
    "data_export": "A copy of my data",
    "data_privacy": "Data and privacy",
    "product_search": "Find a product",
    "product_availability": "Is it in stock?",
    "product_details": "Product details",
    "product_compare": "Compare products",
    "product_recommend": "Recommend me something",
    "warranty_info": "About the warranty",
    "warranty_claim": "Claim the warranty",
    "store_hours": "Opening hours",
    "shipping_cost": "Shipping costs",
    "shipping_countries": "Where you ship to",
    "gift_card": "Gift cards",
    "complaint": "Make a complaint",
    "praise": "Give praise",
    "review_leave": "Write a review",
    "human_handoff": "Talk to a person",
    "ticket_status": "My request so far",
    "help": "What can you do?",
}


def opening(goal: str | None) -> str | None:
    """The first sentence when a personal question starts, before we ask who it is."""
    if goal in _NEEDS_REASON:
        return f"{_OPENINGS.get(goal, 'Gladly.')} {_SECURITY}"
    return _OPENINGS.get(goal or "")
