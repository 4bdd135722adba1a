"""Reading customers as linkage compares them: decrypted in this process, a batch at a time."""

from collections.abc import Collection, Iterator, Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm_store.database import Database
from crm_store.linkage.records import LinkRecord, make_record
from crm_store.models import Customer, Identity
from crm_store.privacy.classified import ERASED_ID

BATCH = 5_000
_STANDS = (Customer.merged_into_id.is_(None), Customer.id != ERASED_ID)


def count_customers(database: Database) -> int:
    """How many records can be linked."""
    with database.reading() as session:
        count = select(func.count()).select_from(Customer).where(*_STANDS)
        return session.scalar(count) or 0


def read_records(
    database: Database, *, new: Collection[UUID] | None = None
) -> Iterator[list[LinkRecord]]:
    """Every customer's record, in batches.

    Args:
        database: where they are.
        new: whose pairs are wanted; None wants everybody's.
    """
    after = UUID(int=0)
    while True:
        with database.reading() as session:
            batch = _read(session, after, new)
        if not batch:
            return
        yield batch
        after = UUID(batch[-1].id)


def _read(session: Session, after: UUID, new: Collection[UUID] | None) -> list[LinkRecord]:
    rows = session.execute(
        select(
            Customer.id,
            Customer.name,
            Customer.email,
            Customer.phone,
            Customer.street,
            Customer.postal_code,
            Customer.city,
        )
        .where(Customer.id > after, *_STANDS)
        .order_by(Customer.id)
        .limit(BATCH)
    ).all()
    emails, phones = _vouched(session, [row.id for row in rows])
    return [
        make_record(
            row.id,
            name=row.name,
            email=row.email,
            phone=row.phone,
            street=row.street,
            postal_code=row.postal_code,
            city=row.city,
            vouched_emails=emails.get(row.id, ()),
            vouched_phones=phones.get(row.id, ()),
            is_new=new is None or row.id in new,
        )
        for row in rows
    ]


def _vouched(
    session: Session, customer_ids: Sequence[UUID]
) -> tuple[dict[UUID, list[str]], dict[UUID, list[str]]]:
    emails: dict[UUID, list[str]] = {}
    phones: dict[UUID, list[str]] = {}
    if not customer_ids:
        return emails, phones
    rows = session.execute(
        select(Identity.customer_id, Identity.verified_email, Identity.verified_phone)
        .join(Customer, Customer.id == Identity.customer_id)
        .where(
            Customer.id.between(customer_ids[0], customer_ids[-1]),
            Identity.verified_at.is_not(None),
        )
    )
    for customer_id, email, phone in rows:
        if email:
            emails.setdefault(customer_id, []).append(email)
        if phone:
            phones.setdefault(customer_id, []).append(phone)
    return emails, phones
