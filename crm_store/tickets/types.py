"""What sort of matter a topic is."""

from crm_store.models import TicketType

_TYPES: tuple[tuple[str, TicketType], ...] = (
    ("complaint", TicketType.COMPLAINT),
    ("return", TicketType.RETURN),
    ("refund", TicketType.REFUND),
    ("delivery", TicketType.PROBLEM),
    ("payment", TicketType.PROBLEM),
    ("warranty", TicketType.PROBLEM),
    ("product", TicketType.QUESTION),
)


def type_of(topic: str) -> TicketType:
    """The type of a ticket about this topic of the dialogue, such as ``delivery_lost``."""
    return next((kind for start, kind in _TYPES if topic.startswith(start)), TicketType.OTHER)
