"""Which customers somebody may see."""

from uuid import UUID

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from crm_store.asking import AsCustomer, Asker
from crm_store.customers.errors import CustomerNotFound
from crm_store.models import Customer


def readable(asker: Asker) -> ColumnElement[bool]:
    """A customer sees themselves; staff and the system see all."""
    if isinstance(asker, AsCustomer):
        return Customer.id == asker.customer_id
    return true()


def find_customer(
    session: Session, customer_id: UUID, *, asker: Asker, lock: bool = False
) -> Customer:
    """The customer, optionally held against other writers.

    Raises:
        CustomerNotFound: absent, or outside the asker's scope.
    """
    statement = select(Customer).where(Customer.id == customer_id, readable(asker))
    if lock:
        statement = statement.with_for_update(key_share=True).execution_options(
            populate_existing=True
        )
    customer = session.scalar(statement)
    if customer is None:
        raise CustomerNotFound
    return customer
