"""Order numbers of other shops."""

from crm_store.orders.numbers import normalise_order_number

_LIMIT = 32


def order_number(text: str) -> str:
    """An order's number as it is stored: ours in our form, another shop's in capitals."""
    ours = normalise_order_number(text) if text[:1] in "kK" else None
    return ours or text.lstrip("#").strip().upper()[:_LIMIT]
