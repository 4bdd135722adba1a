"""The sales report, from opportunities that were really moved."""

from datetime import date, timedelta

import pytest

from crm_store.asking import AsCustomer
from crm_store.database import Database
from crm_store.models import LeadSource, LostReason, OpportunityStatus
from crm_store.opportunities.service import Move, OpportunityService
from crm_store.pipelines.errors import PipelineNotFound
from crm_store.sales.facts import SalesFilter
from crm_store.sales.service import MIN_CLOSED, Period, SalesReportService
from foundation.errors import Invalid, NotAllowed
from foundation.ids import new_id
from tests.factories.sales import NOON, Clock, make_opportunity, make_pipeline, make_seller


def test_a_quarter(database: Database) -> None:
    clock = Clock()
    with database.transaction() as session:
        ann, bob = make_seller(session, name="Ann"), make_seller(session, name="Bob")
        _, qualified, *_, won, lost = (s.id for s in make_pipeline(session).stages)
        service = OpportunityService(session, clock=clock)
        deals = [
            make_opportunity(session, ann, clock, amount_minor=1_000, source="event"),
            make_opportunity(session, ann, clock, amount_minor=3_000),
            make_opportunity(session, bob, clock, amount_minor=5_000),
            make_opportunity(
                session, bob, clock, amount_minor=7_000, expected_close=date(2026, 5, 4)
            ),
            make_opportunity(session, bob, clock, amount_minor=7_000, currency="USD"),
        ]
        clock.forward(days=4)
        for deal, asker in zip(deals[:3], (ann, ann, bob), strict=True):
            service.move(deal.id, Move(qualified), asker=asker)
        clock.forward(days=6)
        service.move(deals[0].id, Move(won), asker=ann)
        service.edit(deals[1].id, {"amount_minor": 4_000}, asker=ann)
        clock.forward(days=2)
        service.move(deals[1].id, Move(lost, lost_reason=LostReason.PRICE), asker=ann)
        report = SalesReportService(session, clock=clock).report(
            asker=ann, period=Period.last_days(90, clock.at)
        )
    assert (report.opened.count, report.opened.amount_minor) == (4, 17_000)
    assert report.in_other_currencies == 1
    assert (report.outcome.won.amount_minor, report.outcome.lost.amount_minor) == (1_000, 4_000)
    assert report.outcome.win_rate == 0.5
    assert report.days_to_win == 10.0
    assert report.lost_reasons[LostReason.PRICE].count == 1
    # 5,000 in Qualified at 25 %, 7,000 in New at 10 %.
    assert report.forecast.open.amount_minor == 12_000
    assert report.forecast.by_probability_minor == 1_250 + 700
    assert report.forecast.by_history_minor == 1_250 + 700, "too few were closed to say"
    by_stage = {one.stage.name: one for one in report.stages}
    first, second = by_stage["New"].pace, by_stage["Qualified"].pace
    assert (first.entered, first.advanced, first.median_days) == (4, 3, 4.0)
    assert (second.entered, second.advanced, second.lost) == (3, 1, 1)
    assert second.median_days == 7.0
    assert second.conversion == 0.5
    assert by_stage["Qualified"].now.open.amount_minor == 5_000
    names = {report.owner_names[key]: part for key, part in report.by_owner.items() if key}
    assert names["Ann"].outcome.win_rate == 0.5
    assert names["Bob"].forecast.open.count == 2
    assert report.by_source[LeadSource.EVENT].outcome.won.count == 1
    assert report.by_month["2026-05"].forecast.open.amount_minor == 7_000
    assert report.by_month[""].forecast.open.amount_minor == 5_000
    assert report.by_month["2026-03"].outcome.won.count == 1


def test_history_weighs_once_enough_was_closed(database: Database) -> None:
    clock = Clock()
    with database.transaction() as session:
        ann = make_seller(session)
        *_, won, lost = (s.id for s in make_pipeline(session).stages)
        service = OpportunityService(session, clock=clock)
        for number in range(MIN_CLOSED):
            deal = make_opportunity(session, ann, clock)
            move = Move(won) if number < 4 else Move(lost, lost_reason=LostReason.TIMING)
            service.move(deal.id, move, asker=ann)
        make_opportunity(session, ann, clock, amount_minor=10_000)
        clock.forward(days=1)
        reports = SalesReportService(session, clock=clock)
        report = reports.report(asker=ann, period=Period.last_days(30, clock.at))
        assert report.stages[0].past_win_rate == 0.8
        assert report.forecast.by_probability_minor == 1_000
        assert report.forecast.by_history_minor == 8_000
        none = reports.report(
            asker=ann,
            period=Period.last_days(30, clock.at),
            wanted=SalesFilter(source=LeadSource.CHAT),
        )
        assert none.outcome.win_rate is None
        assert none.forecast.open.count == 0
        old = reports.report(
            asker=ann, period=Period(NOON - timedelta(days=90), NOON - timedelta(days=30))
        )
        assert old.outcome.won.count == 0
        assert old.forecast.open.count == 1, "what is open is open now"


def test_refusals(database: Database) -> None:
    with database.transaction() as session:
        ann = make_seller(session)
        reports = SalesReportService(session)
        period = Period.last_days(30, NOON)
        with pytest.raises(PipelineNotFound, match="no pipeline yet"):
            reports.report(asker=ann, period=period)
        with pytest.raises(PipelineNotFound):
            reports.report(asker=ann, period=period, pipeline_id=new_id())
        with pytest.raises(NotAllowed):
            reports.report(asker=AsCustomer(new_id()), period=period)
        with pytest.raises(Invalid):
            Period(NOON, NOON - timedelta(days=1))
        with pytest.raises(Invalid):
            Period.last_days(4_000, NOON)
    assert {stage.value for stage in OpportunityStatus} == {"open", "won", "lost"}
