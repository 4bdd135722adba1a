"""The SQL about leads."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from crm_store.asking import Asker
from crm_store.crypto import matches
from crm_store.customers.contacts import has_email, has_phone, normalise_email, normalise_phone
from crm_store.customers.scope import readable
from crm_store.lists import ListQuery, SortKey, Sorts
from crm_store.models import (
    Customer,
    Identity,
    Lead,
    LeadConversion,
    LeadSource,
    LeadStatus,
)
from crm_store.pages import Page
from crm_store.texts import storable

_BATCH = 500
_CANDIDATES = 20

LEAD_SORTS = Sorts(
    {
        "name": SortKey(func.lower(Lead.name), str),
        "company": SortKey(func.lower(Lead.company), str, nullable=True),
        "score": SortKey(Lead.score, int),
        "created_at": SortKey(Lead.created_at, datetime),
        "updated_at": SortKey(Lead.updated_at, datetime),
    },
    default="-created_at",
    unique=Lead.id,
)


@dataclass(frozen=True, slots=True)
class LeadFilter:
    """What a lead must be like; None and empty are no condition."""

    q: str | None = None
    status: Sequence[LeadStatus] = ()
    source: Sequence[LeadSource] = ()
    owner: UUID | None = None
    unowned: bool = False
    min_score: int | None = None
    campaign_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A customer who may be the lead; ``verified`` tells whether the shop knows them for sure."""

    customer: Customer
    same_email: bool
    same_phone: bool
    verified: bool


class LeadRepository:
    """Reads and writes leads; the service has checked who asks."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, lead_id: UUID) -> Lead | None:
        """The lead."""
        return self._session.get(Lead, lead_id)

    def by_key(self, idempotency_key: str) -> Lead | None:
        """The lead that was made under this key."""
        return self._session.scalar(select(Lead).where(Lead.idempotency_key == idempotency_key))

    def page(self, wanted: LeadFilter, query: ListQuery) -> Page[Lead]:
        """Leads that match every condition."""
        statement = select(Lead)
        q = storable(wanted.q or "").strip()
        if q:
            found = [
                func.lower(Lead.name).contains(q.lower(), autoescape=True),
                func.lower(Lead.company).contains(q.lower(), autoescape=True),
            ]
            email, phone = normalise_email(q), normalise_phone(q)
            if email:
                found = [matches(self._session, Lead.email_index, email)]
            elif phone:
                found.append(matches(self._session, Lead.phone_index, phone))
            statement = statement.where(or_(*found))
        if wanted.status:
            statement = statement.where(Lead.status.in_(wanted.status))
        if wanted.source:
            statement = statement.where(Lead.source.in_(wanted.source))
        if wanted.owner is not None:
            statement = statement.where(Lead.owner_id == wanted.owner)
        if wanted.unowned:
            statement = statement.where(Lead.owner_id.is_(None))
        if wanted.min_score is not None:
            statement = statement.where(Lead.score >= wanted.min_score)
        if wanted.campaign_id is not None:
            statement = statement.where(Lead.campaign_id == wanted.campaign_id)
        return LEAD_SORTS.page(self._session, statement, query)

    def candidates(self, lead: Lead, *, asker: Asker) -> list[Candidate]:
        """Customers with the lead's e-mail address or phone number, those surely known first."""
        conditions = []
        if lead.email:
            conditions.append(has_email(self._session, lead.email))
        if lead.phone:
            conditions.append(has_phone(self._session, lead.phone))
        if not conditions:
            return []
        verified = (
            select(Identity.id)
            .where(Identity.customer_id == Customer.id, Identity.verified_at.is_not(None))
            .exists()
        )
        rows = self._session.execute(
            select(Customer, verified)
            .where(or_(*conditions), readable(asker))
            .order_by(Customer.created_at, Customer.id)
            .limit(_CANDIDATES)
        )
        found = [
            Candidate(
                customer=customer,
                same_email=lead.email is not None and customer.email == lead.email,
                same_phone=lead.phone is not None and customer.phone == lead.phone,
                verified=bool(known),
            )
            for customer, known in rows
        ]
        return sorted(found, key=lambda one: (not one.verified, not one.same_email))

    def conversion(self, lead_id: UUID) -> LeadConversion | None:
        """The conversion of the lead that is in force."""
        return self._session.scalar(
            select(LeadConversion).where(
                LeadConversion.lead_id == lead_id, LeadConversion.undone_at.is_(None)
            )
        )

    def batches(self) -> Iterator[Sequence[Lead]]:
        """Every lead that is not converted, some hundred at a time, oldest first."""
        last: UUID | None = None
        while True:
            statement = select(Lead).where(Lead.status != LeadStatus.CONVERTED)
            if last is not None:
                statement = statement.where(Lead.id > last)
            leads = self._session.scalars(statement.order_by(Lead.id).limit(_BATCH)).all()
            if not leads:
                return
            yield leads
            last = leads[-1].id
