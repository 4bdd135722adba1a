"""Noting what a customer says they like or look for, so that recommendations can follow it."""

from sqlalchemy.orm import Session

from actions.context import Turn
from crm_store.catalog.service import CatalogService
from crm_store.insights.service import InsightService

_LOOKING = frozenset(
    {
        "product_search",
        "product_availability",
        "product_details",
        "product_compare",
        "product_recommend",
        "praise",
        "review_leave",
    }
)
_SURE_PRODUCT = 0.8


def is_product_talk(turn: Turn) -> bool:
    """Whether the message says something about what the customer likes."""
    return (
        turn.message_id is not None
        and turn.intent in _LOOKING
        and any(kind in {"category", "product"} for kind, _ in turn.entities)
    )


def record_interests(session: Session, turn: Turn) -> None:
    """Keep each category and product that the message names, weighted by its mood."""
    if turn.message_id is None:
        return
    catalog, insights = CatalogService(session), InsightService(session)
    for kind, term in dict.fromkeys(turn.entities):
        if kind not in {"category", "product"}:
            continue
        category = catalog.resolve_category(term)
        product = None
        if category is None:
            hits = catalog.search(term, limit=1)
            product = hits[0].product if hits and hits[0].score >= _SURE_PRODUCT else None
        if category is None and product is None:
            continue
        insights.record_interest(
            conversation_id=turn.conversation_id,
            message_id=turn.message_id,
            term=term.lower()[:100],
            category_id=category.id if category else product.category_id if product else None,
            product_id=product.id if product else None,
            weight=weight(turn.valence),
        )


def weight(valence: float | None) -> float:
    """How much a mention counts: more when said gladly, against the thing when in disgust."""
    if valence is None:
        return 1.0
    return round(1.0 + valence / 2, 3) if valence > -0.5 else -0.5
