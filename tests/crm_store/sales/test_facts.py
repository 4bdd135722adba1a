"""What the database counts is what counting by hand gives, on many deals that took odd ways."""

import random
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from statistics import mean, median
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_store.database import Database
from crm_store.models import (
    LeadSource,
    LostReason,
    Opportunity,
    OpportunityStatus,
    Pipeline,
    Stage,
    StageChange,
    StageEvent,
)
from crm_store.sales.facts import SalesFacts, SalesFilter, StagePace, Tally
from foundation.ids import new_id
from tests.factories.sales import NOON, make_pipeline, make_seller

OPEN, WON, LOST = OpportunityStatus.OPEN, OpportunityStatus.WON, OpportunityStatus.LOST
DAY = timedelta(days=1)
# Months end within it, for those who reckon in another time zone at another moment.
SINCE, UNTIL = NOON - timedelta(days=90), datetime(2026, 3, 31, 23, 59, 59, tzinfo=UTC)


def add_deals(session: Session, pipeline: Pipeline, number: int) -> None:
    """Deals that go on, back, and nowhere, each way drawn with the same dice."""
    dice = random.Random(7)
    owners = [None, make_seller(session).user_id, make_seller(session).user_id]
    for _ in range(number):
        at = SINCE + timedelta(hours=dice.randrange(-800, 2_600), minutes=dice.randrange(60))
        way, created = [pipeline.stages[0]], at
        while way[-1].kind is OPEN and dice.random() < 0.75:
            way.append(dice.choice([stage for stage in pipeline.stages if stage is not way[-1]]))
        times = [at]
        for _stage in way[1:]:
            times.append(times[-1] + timedelta(minutes=dice.randrange(-90, 20_000)))
        last, end = way[-1], max(times)
        deal = Opportunity(
            id=new_id(),
            name="Tents",
            pipeline_id=pipeline.id,
            stage_id=last.id,
            stage_since=end,
            status=last.kind,
            amount_minor=dice.randrange(10**9),
            currency=dice.choices([pipeline.currency, "USD"], [9, 1])[0],
            probability=dice.choice([None, None, 35]),
            expected_close=dice.choice([None, (at + 60 * DAY).date()]),
            source=dice.choice(list(LeadSource)),
            owner_id=dice.choice(owners),
            closed_at=None if last.kind is OPEN else end,
            lost_reason=dice.choice(list(LostReason)) if last.kind is LOST else None,
            created_at=created,
            updated_at=end,
        )
        session.add(deal)
        session.flush()
        events = [(StageEvent.MOVED, stage, when) for stage, when in zip(way, times, strict=True)]
        if dice.random() < 0.3:
            events.insert(1, (StageEvent.AMOUNT, way[0], times[0]))
        for seq, (event, stage, when) in enumerate(events, start=1):
            session.add(
                StageChange(
                    opportunity_id=deal.id,
                    seq=seq,
                    event=event,
                    at=when,
                    to_stage_id=stage.id,
                    amount_minor=deal.amount_minor,
                    currency=deal.currency,
                )
            )
    session.flush()


@pytest.fixture
def shop(database: Database) -> Database:
    with database.transaction() as session:
        add_deals(session, make_pipeline(session), 150)
    return database


def facts_of(session: Session, wanted: SalesFilter | None = None) -> tuple[SalesFacts, Pipeline]:
    pipeline = make_pipeline(session)
    facts = SalesFacts(session, pipeline.id, pipeline.currency, wanted or SalesFilter())
    return facts, pipeline


def deals_of(session: Session, pipeline: Pipeline) -> list[Opportunity]:
    ours = select(Opportunity).where(Opportunity.currency == pipeline.currency)
    return list(session.scalars(ours))


def tally(deals: list[Opportunity]) -> Tally:
    return Tally(len(deals), sum(deal.amount_minor for deal in deals))


def test_deals_are_counted_as_by_hand(shop: Database) -> None:
    with shop.transaction() as session:
        facts, pipeline = facts_of(session)
        deals = deals_of(session, pipeline)
        closed = [deal for deal in deals if deal.closed_at and SINCE <= deal.closed_at <= UNTIL]
        by_hand: defaultdict[Any, list[Opportunity]] = defaultdict(list)
        for deal in closed:
            assert deal.closed_at is not None
            by_hand[deal.closed_at.strftime("%Y-%m"), deal.status].append(deal)
        counted = list(facts.closed(facts.month_closed(), SINCE, UNTIL))
        assert {(one.key, one.status): one.deals for one in counted} == {
            key: tally(some) for key, some in by_hand.items()
        }
        assert len(counted) > 4
        owners = facts.closed(Opportunity.owner_id, SINCE, UNTIL)
        assert Counter({(one.key, one.status): one.deals.count for one in owners}) == Counter(
            (deal.owner_id, deal.status) for deal in closed
        )
        today = NOON.date()
        ahead: defaultdict[Any, list[Opportunity]] = defaultdict(list)
        for deal in deals:
            if deal.status is OPEN:
                day = deal.expected_close
                month = day.strftime("%Y-%m") if day and day >= today else ""
                chance = deal.stage.probability if deal.probability is None else deal.probability
                ahead[month, deal.stage_id, chance].append(deal)
        assert {
            (one.key, one.stage_id, one.chance): one.deals
            for one in facts.open(facts.month_expected(today))
        } == {key: tally(some) for key, some in ahead.items()}
        opened = [deal for deal in deals if SINCE <= deal.created_at <= UNTIL]
        assert facts.opened(SINCE, UNTIL) == tally(opened)
        waited = [
            max(0.0, (deal.closed_at - deal.created_at) / DAY)
            for deal in closed
            if deal.status is WON and deal.closed_at
        ]
        assert facts.days_to_win(SINCE, UNTIL) == pytest.approx(median(waited), abs=1e-5)
        mine = SalesFilter(source=LeadSource.EVENT)
        of_events = [deal for deal in opened if deal.source is LeadSource.EVENT]
        assert facts_of(session, mine)[0].opened(SINCE, UNTIL) == tally(of_events)


def test_paces_are_those_counted_by_hand(shop: Database) -> None:
    with shop.transaction() as session:
        facts, pipeline = facts_of(session)
        found = facts.paces(SINCE, UNTIL)
        stages = {stage.id: stage for stage in pipeline.stages}
        wanted = {
            stage.id: _pace_by_hand(session, pipeline, stage, stages)
            for stage in pipeline.stages
            if stage.kind is OPEN
        }
    assert found.keys() == wanted.keys()
    for stage_id, pace in wanted.items():
        got = found[stage_id]
        assert (got.entered, got.advanced, got.lost) == (pace.entered, pace.advanced, pace.lost)
        assert got.median_days == pytest.approx(pace.median_days, abs=1e-5)
        assert got.mean_days == pytest.approx(pace.mean_days, abs=1e-5)
        assert pace.advanced
        assert pace.lost


def _pace_by_hand(
    session: Session, pipeline: Pipeline, stage: Stage, stages: dict[Any, Stage]
) -> StagePace:
    days: list[float] = []
    entered = advanced = lost = 0
    for deal in deals_of(session, pipeline):
        changes = session.scalars(
            select(StageChange)
            .where(
                StageChange.opportunity_id == deal.id,
                StageChange.event != StageEvent.AMOUNT,
                StageChange.at >= SINCE,
            )
            .order_by(StageChange.seq)
        ).all()
        stays = [
            (here, after)
            for here, after in pairwise([*changes, None])
            if here and here.to_stage_id == stage.id and here.at <= UNTIL
        ]
        days += [max(0.0, (after.at - here.at) / DAY) for here, after in stays if after]
        if not stays:
            continue
        entered += 1
        _, after = max(stays, key=lambda stay: (stay[0].at, stay[0].seq))
        if after is not None:
            there = stages[after.to_stage_id]
            lost += there.kind is LOST
            advanced += there.kind is WON or (
                there.kind is OPEN and there.position > stage.position
            )
    return StagePace(entered, advanced, lost, median(days), mean(days))


def test_nothing_is_the_median_of_nothing(database: Database) -> None:
    with database.transaction() as session:
        facts, _ = facts_of(session)
        assert facts.days_to_win(SINCE, UNTIL) is None
        assert facts.paces(SINCE, UNTIL) == {}
        assert facts.opened(SINCE, UNTIL) == Tally()
        assert StagePace().conversion is None
