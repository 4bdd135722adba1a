"""The rows of an export, list by list as the register says, never all in memory."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_store.privacy.classified import Classified
from crm_store.privacy.personal import belongs_to, table_of

_BATCH = 500
_TIMES = ("seq", "placed_at", "created_at", "at", "sent_at", "requested_at", "computed_at")
"""What a list is ordered by: the first of these that it shows."""
Row = dict[str, Any]


def exported_rows(
    session: Session,
    line: Classified,
    records: Sequence[UUID],
    *,
    where: Mapping[str, Any] | None = None,
) -> Iterator[Row]:
    """One list: the columns that are theirs to read, as JSON values, in order of time.

    Args:
        session: to read with.
        line: the table.
        records: all records of the person.
        where: only rows with these values, such as the messages of one conversation.
    """
    table = table_of(line)
    statement = select(*(table.c[name] for name in line.shown)).where(
        belongs_to(line, records, theirs_to_read=True)
    )
    for name, value in (where or {}).items():
        statement = statement.where(table.c[name] == value)
    by_time = [table.c[name] for name in _TIMES if name in line.shown][:1]
    order = (*by_time, *table.primary_key)
    rows = session.execute(statement.order_by(*order).execution_options(yield_per=_BATCH))
    for row in rows.mappings():
        yield {name: _plain(value) for name, value in row.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    return str(value) if isinstance(value, UUID) else value
