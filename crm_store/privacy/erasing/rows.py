"""A person's rows, table by table as the register says."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, Table, cast, delete, select, update
from sqlalchemy.orm import Session

from crm_store.models import Base, Consent, Customer, Purpose
from crm_store.privacy.classified import ERASED_ID, Classified, Erasure
from crm_store.privacy.personal import belongs_to, table_of
from crm_store.writes import insert_missing

_NAME = "Erased customer"
_NEVER = (Purpose.PROFILING, Purpose.RECOMMENDATIONS)


def erase_rows(session: Session, line: Classified, records: Sequence[UUID]) -> int:
    """Delete or scrub the person's rows of one table; repeated, it does nothing.

    Returns:
        How many rows.
    """
    table = table_of(line)
    theirs = belongs_to(line, records)
    if line.erasure is Erasure.DELETE:
        let_go(session, table, theirs)
        return _count(session, delete(table).where(theirs))
    values = {
        # A value that must stay unique becomes the row's own key.
        name: cast(table.c.id, String) if value is ... else value
        for name, value in line.scrub.items()
    }
    return _count(session, update(table).where(theirs).values(values))


def make_nobody(session: Session) -> None:
    """The customer to whom the orders of all erased people belong, made at the first erasure.

    Analysis leaves them out as it does anybody who objected.
    """
    insert_missing(session, Customer, [{"id": ERASED_ID, "name": _NAME, "locale": "en"}], on="id")
    known = set(
        session.scalars(select(Consent.purpose).where(Consent.customer_id == ERASED_ID)).all()
    )
    for purpose in _NEVER:
        if purpose not in known:
            session.add(
                Consent(customer_id=ERASED_ID, purpose=purpose, granted=False, source="erasure")
            )
    session.flush()


def let_go(session: Session, table: Table, going: ColumnElement[bool]) -> None:
    """Let rows that may point nowhere point nowhere, so that what they point to can go."""
    for other in Base.metadata.sorted_tables:
        for key in other.foreign_keys:
            if key.column.table is table and key.ondelete is None and key.parent.nullable:
                session.execute(
                    update(other)
                    .where(key.parent.in_(select(key.column).where(going)))
                    .values({key.parent.name: None})
                )


def _count(session: Session, statement: Any) -> int:
    result: Any = session.execute(statement)
    return int(result.rowcount)
