"""How every sortable list is asked for: ``?sort=-created_at&cursor=…&limit=…``."""

from typing import Annotated, Any

from fastapi import Depends, Query

from crm_store.lists import ListQuery, Sorts
from gateway.paging import Cursor, Limit


def listing(sorts: Sorts) -> Any:
    """A dependency that reads the page wanted and documents what the list can be sorted by.

    Example:
        >>> LeadPage = Annotated[ListQuery, listing(LEAD_SORTS)]
        >>> def list_leads(page: LeadPage, ...) -> ListOf[LeadView]: ...
    """
    description = (
        f"Keys joined by commas, a minus for descending: {', '.join(sorts.names)}."
        f" Rows without a value come last. Default: {sorts.default}."
    )

    def asked(
        sort: Annotated[str | None, Query(max_length=100, description=description)] = None,
        cursor: Cursor = None,
        limit: Limit = 50,
    ) -> ListQuery:
        return ListQuery(sort=sort or None, cursor=cursor or None, limit=limit)

    return Depends(asked)
