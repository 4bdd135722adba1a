"""What a search answers."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from crm_store.search.hits import Hit, HitKind


class SearchHit(BaseModel):
    """One thing found. ``label`` is how people refer to it: a number or an address."""

    kind: HitKind
    id: UUID
    title: str
    snippet: str
    """Plain text."""
    marks: list[tuple[int, int]]
    """The ranges of ``snippet`` that matched: start, and end after the last character."""
    label: str | None
    at: datetime
    customer_id: UUID | None
    conversation_id: UUID | None


class SearchAnswer(BaseModel):
    """A page of hits; ``messages_searched`` is false when messages are stored encrypted."""

    items: list[SearchHit]
    next_cursor: str | None
    messages_searched: bool


def search_hit(hit: Hit) -> SearchHit:
    """A hit as callers see it."""
    return SearchHit(
        kind=hit.kind,
        id=hit.id,
        title=hit.title,
        snippet=hit.snippet.text,
        marks=list(hit.snippet.marks),
        label=hit.label,
        at=hit.at,
        customer_id=hit.customer_id,
        conversation_id=hit.conversation_id,
    )
