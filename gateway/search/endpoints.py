"""``/api/v1/search``."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime

from crm_store.search.hits import HitKind
from crm_store.search.service import SearchService
from gateway.auth.staff import StaffDep
from gateway.paging import Cursor, Limit
from gateway.parts import PartsDep
from gateway.search.schemas import SearchAnswer, search_hit

router = APIRouter(prefix="/search", tags=["search"])


@router.get("")
def search(
    *,
    staff: StaffDep,
    parts: PartsDep,
    q: Annotated[str, Query(min_length=1, max_length=400)],
    kind: Annotated[list[HitKind] | None, Query(max_length=len(HitKind))] = None,
    customer_id: UUID | None = None,
    since: AwareDatetime | None = None,
    until: AwareDatetime | None = None,
    cursor: Cursor = None,
    limit: Limit = 20,
) -> SearchAnswer:
    """Messages, customers, tickets, articles and the sales side by their words, newest first.

    Every word has to be there, the last may go on; case and accents do not matter. A whole order
    or ticket number, e-mail address or phone number comes first, names a letter off come last.
    Without ``kind`` all kinds are looked for that the caller may see.
    """
    with parts.database.reading() as session:
        answer = SearchService(session).search(
            q,
            kinds=kind or (),
            customer_id=customer_id,
            since=since,
            until=until,
            cursor=cursor,
            limit=limit,
            asker=staff.asker,
        )
        return SearchAnswer(
            items=[search_hit(hit) for hit in answer.items],
            next_cursor=answer.next_cursor,
            messages_searched=answer.messages_searched,
        )
