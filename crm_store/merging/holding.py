"""Holding two customers and all that is theirs against other writers.

A chat or an order locks its own row first, and the customer's when it writes to the timeline; so
does a merge: rows first, table by table in one order for all, then the customers in the order of
their keys. Two merges, or a merge and a chat, then wait for each other instead of stopping each
other. What slips in between the two (a row made in that moment) the database settles by ending one
of the two transactions, and the merge is done again.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Table, or_, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from crm_store.database import Database
from crm_store.merging.references import references_to
from crm_store.models import Customer

T = TypeVar("T")

_ATTEMPTS = 5
_DEADLOCK = "40P01"


def hold(session: Session, customer_ids: Sequence[UUID]) -> dict[UUID, Customer]:
    """The customers, as they are now, held with their rows until the transaction ends.

    On SQLite the transaction holds the whole database from its start.
    """
    table = Customer.__table__
    assert isinstance(table, Table)
    if session.get_bind().dialect.name != "sqlite":
        for column in references_to(table):
            own = column.table.primary_key.columns
            if column.table is not table:
                rows = select(*own).where(column.in_(customer_ids)).order_by(*own)
                session.execute(rows.with_for_update(key_share=True)).all()
    found = session.scalars(
        select(Customer)
        .where(or_(Customer.id.in_(customer_ids), Customer.merged_into_id.in_(customer_ids)))
        .order_by(Customer.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    return {customer.id: customer for customer in found if customer.id in set(customer_ids)}


def done_whole(database: Database, work: Callable[[Session], T]) -> T:
    """Do the work in a transaction of its own; again, where the database ended it in a deadlock."""
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            with database.transaction() as session:
                return work(session)
        except OperationalError as error:
            ended = getattr(error.orig, "sqlstate", None) == _DEADLOCK
            if not ended or attempt == _ATTEMPTS:
                raise
    raise AssertionError("every attempt returns or raises")
