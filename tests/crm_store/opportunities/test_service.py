"""Opportunities through their stages."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import select

from crm_store.database import Database
from crm_store.editing import ChangedMeanwhile
from crm_store.lists import ListQuery
from crm_store.models import (
    Interaction,
    LostReason,
    OpportunityStatus,
    Pipeline,
    Role,
    StageEvent,
)
from crm_store.opportunities.board import BoardService
from crm_store.opportunities.errors import OpportunityNotFound
from crm_store.opportunities.repository import OpportunityFilter
from crm_store.opportunities.service import Move, OpportunityService
from crm_store.pipelines.errors import StageNotFound
from crm_store.pipelines.service import PipelineService
from foundation.errors import Invalid
from foundation.ids import new_id
from tests.factories import make_customer
from tests.factories.sales import Clock, make_opportunity, make_pipeline, make_seller


def stage_ids(pipeline: Pipeline) -> dict[str, object]:
    return {stage.name: stage.id for stage in pipeline.stages}


def test_every_move_is_a_fact(database: Database) -> None:
    clock = Clock()
    with database.transaction() as session:
        ann = make_seller(session)
        customer = make_customer(session)
        pipeline = make_pipeline(session)
        new, qualified, *_, won, lost = (stage.id for stage in pipeline.stages)
        one = make_opportunity(session, ann, clock, customer_id=customer.id, probability=80)
        service = OpportunityService(session, clock=clock)
        clock.forward(days=2)
        service.move(one.id, Move(qualified), asker=ann, version=1)
        assert one.probability is None, "what was known of the old stage is forgotten"
        service.edit(one.id, {"amount_minor": 250_000}, asker=ann)
        clock.forward(days=3)
        service.move(one.id, Move(won), asker=ann)
        assert (one.status, one.closed_at) == (OpportunityStatus.WON, clock.at)
        clock.forward(days=-1)  # a clock may go back
        service.move(one.id, Move(new, note="They changed their mind"), asker=ann)
        assert (one.status, one.closed_at) == (OpportunityStatus.OPEN, None)
        service.move(one.id, Move(lost, lost_reason=LostReason.PRICE, note="Too dear"), asker=ann)
        assert (one.lost_reason, one.lost_note) == (LostReason.PRICE, "Too dear")
        history = service.history(one.id, asker=ann)
        assert [
            (h.seq, h.event, h.from_stage_id, h.to_stage_id, h.amount_minor) for h in history
        ] == [
            (1, StageEvent.CREATED, None, new, 100_000),
            (2, StageEvent.MOVED, new, qualified, 100_000),
            (3, StageEvent.AMOUNT, qualified, qualified, 250_000),
            (4, StageEvent.WON, qualified, won, 250_000),
            (5, StageEvent.REOPENED, won, new, 250_000),
            (6, StageEvent.LOST, new, lost, 250_000),
        ]
        assert {h.user_id for h in history} == {ann.user_id}
        told = session.scalars(select(Interaction.summary).order_by(Interaction.id)).all()
        assert told == [
            "Opportunity Forty tents: opened in New, €1,000.00",
            "Opportunity Forty tents: moved to Qualified (was in New)",
            "Opportunity Forty tents: changed: amount",
            "Opportunity Forty tents: won, €2,500.00",
            "Opportunity Forty tents: opened again in New (was in Won)",
            "Opportunity Forty tents: lost (price), €2,500.00",
        ]


def test_moves_that_are_refused(database: Database) -> None:
    with database.transaction() as session:
        ann, ada = make_seller(session), make_seller(session, role=Role.ADMIN)
        pipeline = make_pipeline(session)
        other = PipelineService(session).create({"name": "Other", "currency": "EUR"}, asker=ada)
        one = make_opportunity(session, ann)
        service = OpportunityService(session)
        lost, won = pipeline.stages[-1].id, pipeline.stages[-2].id
        with pytest.raises(Invalid, match="lost_reason"):
            service.move(one.id, Move(lost), asker=ann)
        with pytest.raises(Invalid, match="lost_reason"):
            service.move(one.id, Move(won, lost_reason=LostReason.PRICE), asker=ann)
        with pytest.raises(StageNotFound):
            service.move(one.id, Move(other.stages[0].id), asker=ann)
        with pytest.raises(ChangedMeanwhile):
            service.move(one.id, Move(won), asker=ann, version=9)
        with pytest.raises(OpportunityNotFound):
            service.move(new_id(), Move(won), asker=ann)
        service.move(one.id, Move(pipeline.stages[0].id), asker=ann)
        assert one.version == 1, "it is there already"
        with pytest.raises(StageNotFound):
            make_opportunity(session, ann, stage_id=won)
        with pytest.raises(Invalid, match="customer_id"):
            make_opportunity(session, ann, customer_id=new_id())


def test_two_who_move_at_once_do_not_write_over_each_other(database: Database) -> None:
    with database.transaction() as session:
        ann = make_seller(session)
        pipeline = make_pipeline(session)
        one = make_opportunity(session, ann)

    def move(stage_id: object) -> str:
        try:
            with database.transaction() as session:
                OpportunityService(session).move(one.id, Move(stage_id), asker=ann, version=1)  # type: ignore[arg-type]
        except ChangedMeanwhile:
            return "refused"
        return "moved"

    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(move, [stage.id for stage in pipeline.stages[1:5]]))
    assert sorted(results) == ["moved", "refused", "refused", "refused"]
    with database.reading() as session:
        history = OpportunityService(session).history(one.id, asker=ann)
        assert [change.seq for change in history] == [1, 2]


def test_finding(database: Database) -> None:
    with database.transaction() as session:
        ann, bob = make_seller(session), make_seller(session)
        customer = make_customer(session, name="Cora")
        make_opportunity(
            session, ann, name="Tents", customer_id=customer.id, expected_close=date(2026, 4, 1)
        )
        make_opportunity(session, bob, name="Ropes", amount_minor=900, source="event")
        service = OpportunityService(session)
        for wanted, names in (
            (OpportunityFilter(q="ENT"), ["Tents"]),
            (OpportunityFilter(owner=bob.user_id), ["Ropes"]),
            (OpportunityFilter(customer_id=customer.id), ["Tents"]),
            (OpportunityFilter(min_amount_minor=1_000), ["Tents"]),
            (OpportunityFilter(closes_from=date(2026, 4, 1)), ["Tents"]),
            (OpportunityFilter(closes_until=date(2026, 3, 31)), []),
            (OpportunityFilter(status=[OpportunityStatus.WON]), []),
            (OpportunityFilter(), ["Tents", "Ropes"]),
        ):
            page = service.page(asker=bob, wanted=wanted, query=ListQuery("expected_close"))
            assert [row.opportunity.name for row in page.items] == names, wanted
        row = service.page(asker=bob, wanted=OpportunityFilter(q="tents")).items[0]
        assert (row.customer_name, row.account_name) == ("Cora", None)


def test_a_board_sums_each_stage(database: Database) -> None:
    clock = Clock()
    with database.transaction() as session:
        ann = make_seller(session)
        pipeline = make_pipeline(session)
        ids = stage_ids(pipeline)
        service = OpportunityService(session, clock=clock)
        for amount in (10_000, 20_001):
            make_opportunity(session, ann, clock, amount_minor=amount)
        make_opportunity(session, ann, clock, amount_minor=5, currency="USD")
        make_opportunity(session, ann, clock, amount_minor=1_000, probability=90)
        old = make_opportunity(session, ann, clock)
        service.move(old.id, Move(pipeline.stages[-2].id), asker=ann)
        clock.forward(days=31)
        fresh = make_opportunity(session, ann, clock)
        service.move(fresh.id, Move(pipeline.stages[-2].id), asker=ann)
        board = BoardService(session, clock=clock).read(pipeline.id, asker=ann, limit=2)
        by_id = {column.stage.id: column for column in board.columns}
        new, won = by_id[ids["New"]], by_id[ids["Won"]]
        assert (new.count, new.amount_minor, new.in_other_currencies) == (4, 31_001, 1)
        assert new.weighted_minor == 3_900  # (30,001 × 10 % + 1,000 × 90 %), rounded once
        assert len(new.rows) == 2
        assert new.next_cursor is not None
        assert [row.opportunity.id for row in won.rows] == [fresh.id], "long closed is not shown"
