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
    # Keys are UUIDv7: the order of the primary key is the order of time.
    order = [table.c.seq] if where and "seq" in table.c else list(table.primary_key)
    rows = session.execute(statement.order_by(*order).execution_options(yield_per=_BATCH))
    for row in rows.mappings():
        yield {name: _plain(value) for name, value in row.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    return str(value) if isinstance(value, UUID) else value
