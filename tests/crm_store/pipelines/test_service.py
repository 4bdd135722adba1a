"""Configuring pipelines."""

import pytest

from crm_store.database import Database
from crm_store.models import OpportunityStatus, Pipeline, Role
from crm_store.opportunities.service import Move, OpportunityService
from crm_store.pipelines.drafts import DEFAULT_STAGES, StageDraft
from crm_store.pipelines.errors import PipelineNotFound, StageNotFound
from crm_store.pipelines.service import PipelineService
from foundation.errors import Conflict, Invalid, NotAllowed
from foundation.ids import new_id
from tests.factories.sales import make_opportunity, make_pipeline, make_seller

WON, LOST = OpportunityStatus.WON, OpportunityStatus.LOST
ENDS = (StageDraft("Won", 100, WON), StageDraft("Lost", 0, LOST))


def drafts_of(pipeline: Pipeline) -> list[StageDraft]:
    return [StageDraft(s.name, s.probability, s.kind, s.id) for s in pipeline.stages]


def test_the_first_opportunity_makes_the_first_pipeline(database: Database) -> None:
    with database.transaction() as session:
        ann = make_seller(session)
        assert PipelineService(session).list(asker=ann) == []
        opportunity = make_opportunity(session, ann)
        (pipeline,) = PipelineService(session).list(asker=ann)
        assert (pipeline.is_default, pipeline.currency) == (True, "EUR")
        assert opportunity.stage_id == pipeline.stages[0].id
        assert [stage.name for stage in pipeline.stages] == [d.name for d in DEFAULT_STAGES]


def test_one_pipeline_is_the_default(database: Database) -> None:
    with database.transaction() as session:
        ada = make_seller(session, role=Role.ADMIN)
        service = PipelineService(session)
        first = service.create({"name": "Shops", "currency": "EUR"}, asker=ada)
        second = service.create({"name": "Clubs", "currency": "chf"}, asker=ada)
        assert (first.is_default, second.is_default, second.currency) == (True, False, "CHF")
        with pytest.raises(Conflict, match="default"):
            service.edit(first.id, {"archived": True}, asker=ada)
        with pytest.raises(Conflict, match="default"):
            service.edit(first.id, {"is_default": False}, asker=ada)
        with pytest.raises(Conflict, match="name"):
            service.edit(first.id, {"name": "Clubs"}, asker=ada)
        service.edit(second.id, {"is_default": True}, asker=ada)
        service.edit(first.id, {"archived": True}, asker=ada)
        assert [p.name for p in service.list(asker=ada)] == ["Clubs"]
        assert [p.name for p in service.list(asker=ada, archived=True)] == ["Clubs", "Shops"]
        with pytest.raises(NotAllowed):
            service.create({"name": "X", "currency": "EUR"}, asker=make_seller(session))
        with pytest.raises(PipelineNotFound):
            service.get(new_id(), asker=ada)


def test_stages_change_places_and_names(database: Database) -> None:
    with database.transaction() as session:
        ada = make_seller(session, role=Role.ADMIN)
        pipeline = make_pipeline(session)
        drafts = drafts_of(pipeline)
        first, second = drafts[0], drafts[1]
        wanted = [
            StageDraft(first.name, 20, id=second.id),
            StageDraft(second.name, 15, id=first.id),
            StageDraft("Trial", 60),
            *drafts[2:],
        ]
        changed = PipelineService(session).set_stages(pipeline.id, wanted, asker=ada, version=1)
        assert [(s.name, s.probability) for s in changed.stages][:3] == [
            ("New", 20),
            ("Qualified", 15),
            ("Trial", 60),
        ]
        assert changed.stages[0].id == second.id
        assert [s.position for s in changed.stages] == list(range(7))
        assert changed.version == 2


def test_a_stage_with_a_past_stays(database: Database) -> None:
    with database.transaction() as session:
        ada = make_seller(session, role=Role.ADMIN)
        opportunity = make_opportunity(session, ada)
        pipeline = PipelineService(session).list(asker=ada)[0]
        drafts = drafts_of(pipeline)
        OpportunityService(session).move(opportunity.id, Move(drafts[1].id), asker=ada)
        for at in (0, 1):  # where it was, and where it is
            with pytest.raises(Conflict, match=drafts[at].name):
                PipelineService(session).set_stages(
                    pipeline.id, drafts[:at] + drafts[at + 1 :], asker=ada
                )
        kept = drafts[:2] + drafts[3:]
        found = PipelineService(session).set_stages(pipeline.id, kept, asker=ada)
        assert [stage.name for stage in found.stages] == [draft.name for draft in kept]


@pytest.mark.parametrize(
    "drafts",
    [
        ENDS,
        (StageDraft("A", 10), ENDS[0]),
        (StageDraft("A", 10), *ENDS, StageDraft("Won too", 100, WON)),
        (StageDraft("A", 10), StageDraft("a", 20), *ENDS),
        (StageDraft("", 10), *ENDS),
        (StageDraft("A", 101), *ENDS),
        (*(StageDraft(f"S{n}", 10) for n in range(19)), *ENDS),
    ],
)
def test_what_makes_no_pipeline(database: Database, drafts: tuple[StageDraft, ...]) -> None:
    with database.transaction() as session:
        ada = make_seller(session, role=Role.ADMIN)
        with pytest.raises(Invalid, match="stages"):
            PipelineService(session).create(
                {"name": "P", "currency": "EUR"}, stages=drafts, asker=ada
            )


def test_stages_of_others_and_ends_that_change(database: Database) -> None:
    with database.transaction() as session:
        ada = make_seller(session, role=Role.ADMIN)
        service = PipelineService(session)
        pipeline = make_pipeline(session)
        other = service.create({"name": "Other", "currency": "EUR"}, asker=ada)
        drafts = drafts_of(pipeline)
        with pytest.raises(StageNotFound):
            service.set_stages(
                pipeline.id, [StageDraft("A", 5, id=other.stages[0].id), *ENDS], asker=ada
            )
        with pytest.raises(Conflict, match="end of the pipeline"):
            service.set_stages(pipeline.id, [*drafts[:4], *ENDS], asker=ada)
        won, lost = drafts[4], drafts[5]
        swapped = [
            *drafts[:4],
            StageDraft("Won", 100, WON, lost.id),
            StageDraft("Lost", 0, LOST, won.id),
        ]
        with pytest.raises(Conflict, match="cannot become"):
            service.set_stages(pipeline.id, swapped, asker=ada)
