"""The SQL about accounts and their contacts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, insert, literal, select, update
from sqlalchemy.orm import Session

from crm_store.countries import country_codes
from crm_store.lists import ListQuery, SortKey, Sorts
from crm_store.models import (
    Account,
    AccountContact,
    Customer,
    LeadConversion,
    Opportunity,
    OpportunityStatus,
    Task,
)
from crm_store.pages import Page
from crm_store.texts import storable

ACCOUNT_SORTS = Sorts(
    {
        "name": SortKey(func.lower(Account.name), str),
        "created_at": SortKey(Account.created_at, datetime),
        "updated_at": SortKey(Account.updated_at, datetime),
        "employees": SortKey(Account.employees, int, nullable=True),
    },
    default="-created_at",
    unique=Account.id,
)
IN_FORCE = Account.merged_into_id.is_(None)


@dataclass(frozen=True, slots=True)
class AccountFilter:
    """What an account must be like; None is no condition."""

    q: str | None = None
    owner: UUID | None = None
    unowned: bool = False
    industry: str | None = None
    country: str | None = None
    customer_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """An account's opportunities of one state and currency."""

    status: OpportunityStatus
    currency: str
    count: int
    amount_minor: int


class AccountRepository:
    """Reads and writes accounts; the service has checked who asks."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, account_id: UUID) -> Account | None:
        """The account, unless it was merged away."""
        return self._session.scalar(select(Account).where(Account.id == account_id, IN_FORCE))

    def page(self, wanted: AccountFilter, query: ListQuery) -> Page[Account]:
        """Accounts that match every condition."""
        statement = select(Account).where(IN_FORCE)
        if wanted.q and wanted.q.strip():
            part = storable(wanted.q).strip().lower()
            statement = statement.where(func.lower(Account.name).contains(part, autoescape=True))
        if wanted.owner is not None:
            statement = statement.where(Account.owner_id == wanted.owner)
        if wanted.unowned:
            statement = statement.where(Account.owner_id.is_(None))
        if wanted.industry:
            statement = statement.where(Account.industry == storable(wanted.industry))
        if wanted.country:
            code = country_codes().get(storable(wanted.country).strip().casefold(), "")
            statement = statement.where(Account.country == code)
        if wanted.customer_id is not None:
            of = select(AccountContact.account_id).where(
                AccountContact.customer_id == wanted.customer_id
            )
            statement = statement.where(Account.id.in_(of))
        return ACCOUNT_SORTS.page(self._session, statement, query)

    def contacts(self, account_id: UUID) -> Sequence[tuple[AccountContact, Customer]]:
        """Who speaks for the account, the main contact first."""
        rows = self._session.execute(
            select(AccountContact, Customer)
            .join(Customer, Customer.id == AccountContact.customer_id)
            .where(AccountContact.account_id == account_id)
            .order_by(AccountContact.is_main.desc(), AccountContact.created_at, Customer.id)
        )
        return [(row[0], row[1]) for row in rows]

    def contact(self, account_id: UUID, customer_id: UUID) -> AccountContact | None:
        """The customer as a contact of the account."""
        return self._session.get(AccountContact, (account_id, customer_id))

    def clear_main(self, account_id: UUID) -> None:
        """Leave the account without a main contact."""
        self._session.execute(
            update(AccountContact)
            .where(AccountContact.account_id == account_id, AccountContact.is_main)
            .values(is_main=False)
            .execution_options(synchronize_session="fetch")
        )

    def standing(self, account_id: UUID) -> list[Standing]:
        """Its opportunities, counted and summed by state and currency."""
        rows = self._session.execute(
            select(
                Opportunity.status,
                Opportunity.currency,
                func.count(),
                func.sum(Opportunity.amount_minor),
            )
            .where(Opportunity.account_id == account_id)
            .group_by(Opportunity.status, Opportunity.currency)
            .order_by(Opportunity.status, Opportunity.currency)
        )
        return [Standing(row[0], row[1], row[2], int(row[3])) for row in rows]

    def move_all(self, loser_id: UUID, survivor_id: UUID) -> dict[str, int]:
        """Give everything of one account to the other; returns how many rows of each kind."""
        moved = {"contacts": self._move_contacts(loser_id, survivor_id)}
        for name, model in (
            ("opportunities", Opportunity),
            ("tasks", Task),
            ("conversions", LeadConversion),
        ):
            found = self._session.execute(
                update(model)
                .where(model.account_id == loser_id)
                .values(account_id=survivor_id)
                .execution_options(synchronize_session=False)
                .returning(model.id)
            )
            moved[name] = len(found.all())
        # What was merged into the loser earlier now points past it, so that no chain grows.
        self._session.execute(
            update(Account)
            .where(Account.merged_into_id == loser_id)
            .values(merged_into_id=survivor_id)
            .execution_options(synchronize_session=False)
        )
        self._session.expire_all()
        return moved

    def _move_contacts(self, loser_id: UUID, survivor_id: UUID) -> int:
        there = select(AccountContact.customer_id).where(AccountContact.account_id == survivor_id)
        new = insert(AccountContact).from_select(
            ["account_id", "customer_id", "title", "is_main", "created_at"],
            select(
                literal(survivor_id, AccountContact.account_id.type),
                AccountContact.customer_id,
                AccountContact.title,
                literal(False),
                AccountContact.created_at,
            ).where(
                AccountContact.account_id == loser_id, AccountContact.customer_id.not_in(there)
            ),
        )
        moved = self._session.execute(new.returning(AccountContact.customer_id)).all()
        self._session.execute(
            delete(AccountContact)
            .where(AccountContact.account_id == loser_id)
            .execution_options(synchronize_session=False)
        )
        return len(moved)
