"""Rows that were written to a merged record after all, by somebody who had read its key before.

A chat or an order may hold a customer's key while the customer is merged away, and write a moment
later. Such rows are looked for now and then and follow the others.
"""

import json
from functools import partial
from uuid import UUID

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from crm_store.database import Database
from crm_store.merging.fold import Fold
from crm_store.merging.holding import done_whole, hold
from crm_store.merging.pairs import PAIRS
from crm_store.merging.references import references_to
from crm_store.models import Customer, CustomerMerge

_LEFT = frozenset({PAIRS, "customers"})


def settle_stragglers(database: Database) -> int:
    """Bring rows of merged records to those they were merged into; says of how many records."""
    with database.reading() as session:
        found = _records_with_rows(session)
    for record_id in found:
        done_whole(database, partial(_settle, record_id=record_id))
    return len(found)


def _records_with_rows(session: Session) -> list[UUID]:
    merged = select(Customer.id).where(Customer.merged_into_id.is_not(None))
    found: set[UUID] = set()
    for column in references_to(_table()):
        if column.table.name not in _LEFT:
            found |= set(session.scalars(select(column).where(column.in_(merged)).distinct()))
    return sorted(found)


def _settle(session: Session, record_id: UUID) -> None:
    pointer = session.get(Customer, record_id)
    if pointer is None or pointer.merged_into_id is None:
        return
    held = hold(session, [record_id, pointer.merged_into_id])
    if held[record_id].merged_into_id != pointer.merged_into_id:
        return  # merged on, or undone, this very moment: the next look finds what is left
    merge = session.scalar(
        select(CustomerMerge).where(
            CustomerMerge.loser_id == record_id, CustomerMerge.undone_at.is_(None)
        )
    )
    if merge is None:
        return
    fold = Fold(session)
    fold.point(_table(), record_id, pointer.merged_into_id, leave=_LEFT)
    kept_aside = json.loads(merge.kept_aside)
    before = len(kept_aside["removed"])
    steps = [
        step | {"removed": step["removed"] + before} if "removed" in step else step
        for step in fold.steps
    ]
    merge.changes = [*merge.changes, *steps]
    kept_aside["removed"] += fold.removed
    merge.kept_aside = json.dumps(kept_aside, ensure_ascii=False)
    session.flush()


def _table() -> Table:
    table = Customer.__table__
    assert isinstance(table, Table)
    return table
