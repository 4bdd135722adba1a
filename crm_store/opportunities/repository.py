"""The SQL about opportunities."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, contains_eager

from crm_store.lists import ListQuery, SortKey, Sorts
from crm_store.models import (
    Account,
    Customer,
    LeadSource,
    Opportunity,
    OpportunityStatus,
    Stage,
    StageChange,
)
from crm_store.pages import Page
from crm_store.texts import storable

OPPORTUNITY_SORTS = Sorts(
    {
        "name": SortKey(func.lower(Opportunity.name), str),
        "amount": SortKey(Opportunity.amount_minor, int),
        "expected_close": SortKey(Opportunity.expected_close, date, nullable=True),
        "stage_since": SortKey(Opportunity.stage_since, datetime),
        "closed_at": SortKey(Opportunity.closed_at, datetime, nullable=True),
        "created_at": SortKey(Opportunity.created_at, datetime),
        "updated_at": SortKey(Opportunity.updated_at, datetime),
    },
    default="-created_at",
    unique=Opportunity.id,
)


@dataclass(frozen=True, slots=True)
class OpportunityFilter:
    """What an opportunity must be like; None and empty are no condition."""

    q: str | None = None
    pipeline_id: UUID | None = None
    stage_id: UUID | None = None
    status: Sequence[OpportunityStatus] = ()
    source: Sequence[LeadSource] = ()
    owner: UUID | None = None
    unowned: bool = False
    account_id: UUID | None = None
    customer_id: UUID | None = None
    closes_from: date | None = None
    closes_until: date | None = None
    closed_since: datetime | None = None
    min_amount_minor: int | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """All of it as conditions of a query on opportunities."""
        found: list[ColumnElement[bool]] = []
        q = storable(self.q or "").strip().lower()
        if q:
            found.append(func.lower(Opportunity.name).contains(q, autoescape=True))
        for column, value in (
            (Opportunity.pipeline_id, self.pipeline_id),
            (Opportunity.stage_id, self.stage_id),
            (Opportunity.owner_id, self.owner),
            (Opportunity.account_id, self.account_id),
            (Opportunity.customer_id, self.customer_id),
        ):
            if value is not None:
                found.append(column == value)
        if self.status:
            found.append(Opportunity.status.in_(self.status))
        if self.source:
            found.append(Opportunity.source.in_(self.source))
        if self.unowned:
            found.append(Opportunity.owner_id.is_(None))
        if self.closes_from is not None:
            found.append(Opportunity.expected_close >= self.closes_from)
        if self.closes_until is not None:
            found.append(Opportunity.expected_close <= self.closes_until)
        if self.closed_since is not None:
            found.append(Opportunity.closed_at >= self.closed_since)
        if self.min_amount_minor is not None:
            found.append(Opportunity.amount_minor >= self.min_amount_minor)
        return found


@dataclass(frozen=True, slots=True)
class OpportunityRow:
    """An opportunity, its stage loaded, with the names of whom it is with."""

    opportunity: Opportunity
    account_name: str | None
    customer_name: str | None


@dataclass(frozen=True, slots=True)
class StageSum:
    """What is in one stage in one currency; ``weighted_minor`` takes each by its probability."""

    stage_id: UUID
    currency: str
    count: int
    amount_minor: int
    weighted_minor: int


class OpportunityRepository:
    """Reads and writes opportunities; the service has checked who asks."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def row(self, opportunity_id: UUID) -> OpportunityRow | None:
        """The opportunity."""
        found = self._session.execute(_rows().where(Opportunity.id == opportunity_id)).first()
        return OpportunityRow(*found) if found else None

    def page(self, wanted: OpportunityFilter, query: ListQuery) -> Page[OpportunityRow]:
        """Opportunities that match every condition."""
        statement = _rows().where(*wanted.conditions())
        page = OPPORTUNITY_SORTS.page(self._session, statement, query)
        return page.map(lambda row: OpportunityRow(row[0], row[1], row[2]))

    def sums(self, wanted: OpportunityFilter) -> list[StageSum]:
        """What matches, counted and summed by stage and currency."""
        chance = func.coalesce(Opportunity.probability, Stage.probability)
        rows = self._session.execute(
            select(
                Opportunity.stage_id,
                Opportunity.currency,
                func.count(),
                func.sum(Opportunity.amount_minor),
                func.sum(Opportunity.amount_minor * chance),
            )
            .join(Stage, Stage.id == Opportunity.stage_id)
            .where(*wanted.conditions())
            .group_by(Opportunity.stage_id, Opportunity.currency)
        )
        return [
            StageSum(row[0], row[1], row[2], int(row[3]), (int(row[4]) + 50) // 100) for row in rows
        ]

    def history(self, opportunity_id: UUID) -> Sequence[StageChange]:
        """Its stage changes, oldest first."""
        return self._session.scalars(
            select(StageChange)
            .where(StageChange.opportunity_id == opportunity_id)
            .order_by(StageChange.seq)
        ).all()

    def last_seq(self, opportunity_id: UUID) -> int:
        """The number of its newest stage change; 0 before the first."""
        newest = select(func.max(StageChange.seq)).where(
            StageChange.opportunity_id == opportunity_id
        )
        return self._session.scalar(newest) or 0


def _rows() -> Select[Opportunity, str, str]:
    return (
        select(Opportunity, Account.name, Customer.name)
        .join(Opportunity.stage)
        .outerjoin(Account, Account.id == Opportunity.account_id)
        .outerjoin(Customer, Customer.id == Opportunity.customer_id)
        .options(contains_eager(Opportunity.stage))
    )
