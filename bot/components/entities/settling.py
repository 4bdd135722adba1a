"""One reading for each stretch of a text."""

from collections.abc import Iterable

from bot.components.entities.found import Found

# Between readings of equal length: "ticket 1234567" is a ticket, although orders look the same.
_PRIORITY = ("email", "ticket_number", "order_number", "phone", "date", "amount")
_RANK = {entity: rank for rank, entity in enumerate(_PRIORITY)}


def settle(found: Iterable[Found]) -> list[Found]:
    """The longest of what overlaps, then the first by kind, in the order of the text.

    Rules know nothing of each other: seven digits are an order, a ticket or a piece of a phone
    number, and the longest match has seen most of what stands around them.
    """
    kept: list[Found] = []
    for one in sorted(found, key=lambda f: (f.start - f.end, _RANK[f.entity], f.start)):
        if all(one.end <= other.start or one.start >= other.end for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda f: f.start)
