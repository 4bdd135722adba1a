"""``/api/v1/pipelines``."""

from uuid import UUID

from fastapi import APIRouter

from crm_store.pipelines.drafts import DEFAULT_STAGES
from crm_store.pipelines.service import PipelineService
from gateway.auth.staff import StaffDep
from gateway.editing import sent
from gateway.parts import PartsDep
from gateway.pipelines.schemas import (
    NewPipeline,
    PipelineEdit,
    PipelineList,
    PipelineView,
    StagesPut,
)

router = APIRouter(prefix="/pipelines", tags=["sales"])


@router.get("")
def list_pipelines(staff: StaffDep, parts: PartsDep, archived: bool = False) -> PipelineList:
    """Pipelines with their stages, the default first."""
    with parts.database.reading() as session:
        found = PipelineService(session).list(asker=staff.asker, archived=archived)
        return PipelineList(items=[PipelineView.model_validate(one) for one in found])


@router.post("", status_code=201)
def create_pipeline(body: NewPipeline, staff: StaffDep, parts: PartsDep) -> PipelineView:
    """A new pipeline; the first one is the default."""
    values = sent(body)
    values.pop("stages", None)
    stages = DEFAULT_STAGES if body.stages is None else [stage.draft() for stage in body.stages]
    with parts.database.transaction() as session:
        made = PipelineService(session).create(values, stages=stages, asker=staff.asker)
        return PipelineView.model_validate(made)


@router.get("/{pipeline_id}")
def get_pipeline(pipeline_id: UUID, staff: StaffDep, parts: PartsDep) -> PipelineView:
    """One pipeline with its stages."""
    with parts.database.reading() as session:
        found = PipelineService(session).get(pipeline_id, asker=staff.asker)
        return PipelineView.model_validate(found)


@router.patch("/{pipeline_id}")
def edit_pipeline(
    pipeline_id: UUID, body: PipelineEdit, staff: StaffDep, parts: PartsDep
) -> PipelineView:
    """Rename a pipeline, make it the default, archive it or take it back."""
    with parts.database.transaction() as session:
        edited = PipelineService(session).edit(
            pipeline_id, sent(body), asker=staff.asker, version=body.version
        )
        return PipelineView.model_validate(edited)


@router.put("/{pipeline_id}/stages")
def set_pipeline_stages(
    pipeline_id: UUID, body: StagesPut, staff: StaffDep, parts: PartsDep
) -> PipelineView:
    """Replace the stages; those in which opportunities are or have been stay."""
    with parts.database.transaction() as session:
        edited = PipelineService(session).set_stages(
            pipeline_id,
            [stage.draft() for stage in body.stages],
            asker=staff.asker,
            version=body.version,
        )
        return PipelineView.model_validate(edited)
