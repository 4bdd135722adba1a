"""Which customers somebody may see."""

from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from crm_store.asking import AsCustomer, Asker
from crm_store.customers.errors import CustomerNotFound
from crm_store.models import Customer
from crm_store.permissions import Permission, require_or_own
from crm_store.privacy.classified import ERASED_ID


def readable(asker: Asker) -> ColumnElement[bool]:
    """A customer sees themselves; staff and the system see all.

    A merged record is none, and neither is the one that stands for all erased people.

    Raises:
        NotAllowed: a member of staff may not read customers.
    """
    require_or_own(asker, Permission.CUSTOMERS_READ)
    stands = Customer.merged_into_id.is_(None) & (Customer.id != ERASED_ID)
    if isinstance(asker, AsCustomer):
        return stands & (Customer.id == asker.customer_id)
    return stands


def merged_from(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Customers into whom a record was merged for which the condition holds."""
    merged = select(Customer.merged_into_id).where(Customer.merged_into_id.is_not(None), condition)
    return Customer.id.in_(merged.correlate(None))


def follow_merges(session: Session, customer: Customer) -> Customer:
    """The customer whom this record stands for: itself, or the one it was merged into."""
    if customer.merged_into_id is None:
        return customer
    return session.get_one(Customer, customer.merged_into_id)


def find_customer(
    session: Session, customer_id: UUID, *, asker: Asker, lock: bool = False
) -> Customer:
    """The customer, optionally held against other writers; of a merged record, whom it became.

    Raises:
        CustomerNotFound: absent, or outside the asker's scope.
    """
    customer = _read(session, customer_id, asker=asker, lock=lock)
    if customer is None:
        merged_into = session.scalar(
            select(Customer.merged_into_id).where(Customer.id == customer_id)
        )
        if merged_into is not None:
            if asker == AsCustomer(customer_id):
                asker = AsCustomer(merged_into)
            customer = _read(session, merged_into, asker=asker, lock=lock)
    if customer is None:
        raise CustomerNotFound
    return customer


def _read(session: Session, customer_id: UUID, *, asker: Asker, lock: bool) -> Customer | None:
    statement = select(Customer).where(Customer.id == customer_id, readable(asker))
    if lock:
        statement = statement.with_for_update(key_share=True).execution_options(
            populate_existing=True
        )
    return session.scalar(statement)
