"""The facts behind the sales report, counted and summed by the database."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Double, Subquery, case, cast, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from crm_store.models import (
    LeadSource,
    Opportunity,
    OpportunityStatus,
    Stage,
    StageChange,
    StageEvent,
)

K = TypeVar("K")
Key = ColumnElement[Any] | InstrumentedAttribute[Any]

_WON, _LOST, _OPEN = OpportunityStatus.WON, OpportunityStatus.LOST, OpportunityStatus.OPEN
_SECONDS_A_DAY = 86_400


@dataclass(frozen=True, slots=True)
class SalesFilter:
    """Which opportunities a report is about; None is no condition."""

    owner: UUID | None = None
    source: LeadSource | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """As conditions of a query on opportunities."""
        found: list[ColumnElement[bool]] = []
        if self.owner is not None:
            found.append(Opportunity.owner_id == self.owner)
        if self.source is not None:
            found.append(Opportunity.source == self.source)
        return found


@dataclass(frozen=True, slots=True)
class Tally:
    """Deals counted and summed."""

    count: int = 0
    amount_minor: int = 0

    def plus(self, other: "Tally") -> "Tally":
        """With other deals as well."""
        return Tally(self.count + other.count, self.amount_minor + other.amount_minor)


@dataclass(frozen=True, slots=True)
class ClosedDeals(Generic[K]):
    """Deals of one key that were closed alike."""

    key: K
    status: OpportunityStatus
    deals: Tally


@dataclass(frozen=True, slots=True)
class OpenDeals(Generic[K]):
    """Open deals of one key in one stage, of one ``chance`` in percent."""

    key: K
    stage_id: UUID
    chance: int
    deals: Tally


@dataclass(frozen=True, slots=True)
class StagePace:
    """How opportunities passed through a stage; several stays of one count once.

    Attributes:
        entered: opportunities that came into it.
        advanced: those of them that, the last time, left it for a stage further on, or were won.
        lost: those of them that, the last time, left it to be lost.
        median_days: of the stays that are over; None of none.
        mean_days: the same.
    """

    entered: int = 0
    advanced: int = 0
    lost: int = 0
    median_days: float | None = None
    mean_days: float | None = None

    @property
    def conversion(self) -> float | None:
        """The share (0 to 1) of what has left the stage that went on."""
        left = self.advanced + self.lost
        return self.advanced / left if left else None


class SalesFacts:
    """Reads a pipeline's facts in one currency; the service has checked who asks."""

    def __init__(
        self, session: Session, pipeline_id: UUID, currency: str, wanted: SalesFilter
    ) -> None:
        self._session = session
        self._sqlite = session.get_bind().dialect.name == "sqlite"
        self._of = [
            Opportunity.pipeline_id == pipeline_id,
            Opportunity.currency == currency,
            *wanted.conditions(),
        ]

    def opened(self, since: datetime, until: datetime) -> Tally:
        """What was created within the period."""
        within = Opportunity.created_at.between(since, until)
        deals = select(Opportunity.amount_minor).where(*self._of, within).subquery()
        return _tally(*self._session.execute(select(*_tallied(deals))).one())

    def closed(self, key: Key, since: datetime, until: datetime) -> Iterator[ClosedDeals[Any]]:
        """What was won and lost within the period."""
        deals = (
            select(key.label("key"), Opportunity.status, Opportunity.amount_minor)
            .where(
                *self._of, Opportunity.status != _OPEN, Opportunity.closed_at.between(since, until)
            )
            .subquery()
        )
        alike = (deals.c.key, deals.c.status)
        rows = self._session.execute(select(*alike, *_tallied(deals)).group_by(*alike))
        for value, status, count, amount in rows:
            yield ClosedDeals(value, status, _tally(count, amount))

    def open(self, key: Key) -> Iterator[OpenDeals[Any]]:
        """What is open at present."""
        deals = (
            select(
                key.label("key"),
                Opportunity.stage_id,
                func.coalesce(Opportunity.probability, Stage.probability).label("chance"),
                Opportunity.amount_minor,
            )
            .join(Stage, Stage.id == Opportunity.stage_id)
            .where(*self._of, Opportunity.status == _OPEN)
            .subquery()
        )
        alike = (deals.c.key, deals.c.stage_id, deals.c.chance)
        rows = self._session.execute(select(*alike, *_tallied(deals)).group_by(*alike))
        for value, stage_id, percent, count, amount in rows:
            yield OpenDeals(value, stage_id, percent, _tally(count, amount))

    def month_closed(self) -> ColumnElement[str]:
        """The month (UTC) in which a deal was closed, as ``2026-03``: a key."""
        if self._sqlite:
            return func.strftime("%Y-%m", Opportunity.closed_at)
        return func.to_char(func.timezone("UTC", Opportunity.closed_at), "YYYY-MM")

    def month_expected(self, today: date) -> ColumnElement[str]:
        """The month in which a deal is to close; "" where none is named, or it is over: a key."""
        day = Opportunity.expected_close
        month = func.strftime("%Y-%m", day) if self._sqlite else func.to_char(day, "YYYY-MM")
        return case((or_(day.is_(None), day < today), ""), else_=month)

    def days_to_win(self, since: datetime, until: datetime) -> float | None:
        """The median of days from the start to the win, of what was won within the period."""
        days = self._days(Opportunity.created_at, Opportunity.closed_at).label("days")
        won = select(days, Opportunity.pipeline_id.label("part")).where(
            *self._of, Opportunity.status == _WON, Opportunity.closed_at.between(since, until)
        )
        return next(iter(self._medians(won.subquery()).values()), None)

    def paces(self, since: datetime, until: datetime) -> dict[UUID, StagePace]:
        """How opportunities passed through each stage, of the stays that began in the period."""
        stays = self._stays(since, until)
        over = select(stays.c.stage_id.label("part"), stays.c.days)
        over_days = over.where(stays.c.days.is_not(None)).subquery()
        medians = self._medians(over_days)
        means: dict[UUID, float] = dict(
            self._session.execute(
                select(over_days.c.part, func.avg(over_days.c.days)).group_by(over_days.c.part)
            ).all()
        )
        rows = self._session.execute(
            select(
                stays.c.stage_id,
                func.count(),
                func.sum(case((stays.c.went_on, 1), else_=0)),
                func.sum(case((stays.c.next_kind == _LOST, 1), else_=0)),
            )
            .where(stays.c.from_last == 1)
            .group_by(stays.c.stage_id)
        )
        return {
            stage: StagePace(
                entered, int(advanced), int(lost), medians.get(stage), _round(means.get(stage))
            )
            for stage, entered, advanced, lost in rows
        }

    def _stays(self, since: datetime, until: datetime) -> Subquery:
        """Every stay in a stage that began within the period, numbered from the last one.

        A history row that only changed the amount begins no stay.
        """
        deal, place = StageChange.opportunity_id, StageChange.seq
        changes = (
            select(
                StageChange.opportunity_id,
                StageChange.seq,
                StageChange.to_stage_id.label("stage_id"),
                StageChange.at.label("entered_at"),
                func.lead(StageChange.at, type_=StageChange.at.type)
                .over(partition_by=deal, order_by=place)
                .label("left"),
                func.lead(StageChange.to_stage_id, type_=StageChange.to_stage_id.type)
                .over(partition_by=deal, order_by=place)
                .label("next_id"),
            )
            .join(Opportunity, Opportunity.id == StageChange.opportunity_id)
            # What follows a stay is later than it: older rows tell nothing.
            .where(*self._of, StageChange.event != StageEvent.AMOUNT, StageChange.at >= since)
            .subquery()
        )
        here, there = aliased(Stage), aliased(Stage)
        last_first = (changes.c.entered_at.desc(), changes.c.seq.desc())
        return (
            select(
                changes.c.stage_id,
                self._days(changes.c.entered_at, changes.c.left).label("days"),
                there.kind.label("next_kind"),
                or_(
                    there.kind == _WON, (there.kind == _OPEN) & (there.position > here.position)
                ).label("went_on"),
                func.row_number()
                .over(
                    partition_by=(changes.c.stage_id, changes.c.opportunity_id),
                    order_by=last_first,
                )
                .label("from_last"),
            )
            .join(here, here.id == changes.c.stage_id)
            .outerjoin(there, there.id == changes.c.next_id)
            .where(changes.c.entered_at.between(since, until), here.kind == _OPEN)
            .subquery()
        )

    def _days(self, begin: Any, end: Any) -> ColumnElement[float]:
        """From one time to another; a clock that went back makes nothing shorter than nothing."""
        if self._sqlite:
            days = func.julianday(end) - func.julianday(begin)
        else:
            days = cast(func.extract("epoch", end - begin), Double) / _SECONDS_A_DAY
        return case((days < 0, 0.0), else_=days)

    def _medians(self, values: Subquery) -> dict[Any, float | None]:
        """The median of ``days`` in each ``part``; the mean of the middle two of an even number."""
        place = func.row_number().over(partition_by=values.c.part, order_by=values.c.days)
        number = func.count().over(partition_by=values.c.part)
        placed = select(
            values.c.part, values.c.days, place.label("place"), number.label("number")
        ).subquery()
        twice = 2 * placed.c.place
        rows = self._session.execute(
            select(placed.c.part, func.avg(placed.c.days))
            .where(twice.between(placed.c.number, placed.c.number + 2))
            .group_by(placed.c.part)
        )
        return {part: _round(days) for part, days in rows}

    def closed_from(self, since: datetime) -> dict[UUID, tuple[int, int]]:
        """By stage: of the deals that came into it since then, how many are won, and closed."""
        who = StageChange.opportunity_id.distinct()
        won = case((Opportunity.status == _WON, StageChange.opportunity_id))
        rows = self._session.execute(
            select(StageChange.to_stage_id, func.count(won.distinct()), func.count(who))
            .join(Opportunity, Opportunity.id == StageChange.opportunity_id)
            .where(
                *self._of,
                Opportunity.status != _OPEN,
                StageChange.at >= since,
                StageChange.event != StageEvent.AMOUNT,
            )
            .group_by(StageChange.to_stage_id)
        )
        return {row[0]: (row[1], row[2]) for row in rows}

    def left_out(self) -> int:
        """How many opportunities of the pipeline are in another currency."""
        pipeline, currency, *others = self._of
        count = select(func.count(Opportunity.id)).where(pipeline, ~currency, *others)
        return self._session.scalar(count) or 0


def _tallied(deals: Subquery) -> tuple[ColumnElement[int], ColumnElement[Any]]:
    return func.count(), func.coalesce(func.sum(deals.c.amount_minor), 0)


def _tally(count: int, amount: Any) -> Tally:
    return Tally(count, int(amount))  # PostgreSQL's sum of whole numbers is a Decimal


def _round(days: float | None) -> float | None:
    """To a tenth of a second: SQLite's days carry no more."""
    return None if days is None else round(float(days), 6)
