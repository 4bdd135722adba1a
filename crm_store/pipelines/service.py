"""Configuring pipelines: admins name the stages, their order and their probabilities."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, exists, or_, select, update
from sqlalchemy.orm import Session, selectinload

from crm_store import fields
from crm_store.acts import note_act
from crm_store.asking import Asker, user_of
from crm_store.editing import hold, touch, unique, write
from crm_store.models import Opportunity, OpportunityStatus, Pipeline, Stage, StageChange
from crm_store.permissions import Permission, require
from crm_store.pipelines.drafts import DEFAULT_STAGES, StageDraft, checked_stages
from crm_store.pipelines.errors import PipelineNotFound, StageNotFound
from foundation.clock import utc_now
from foundation.errors import Conflict, Invalid

_ASIDE = 1_000  # where positions wait while stages change places
_TAKEN = "name: another pipeline has this one"
_CHECKS: dict[str, fields.Check] = {
    "name": fields.line(200),
    "currency": fields.currency,
    "is_default": fields.flag,
    "archived": fields.flag,
}


class PipelineService:
    """Each raises NotAllowed without the permission and PipelineNotFound when it is absent."""

    def __init__(self, session: Session, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._session = session
        self._clock = clock

    def list(self, *, asker: Asker, archived: bool = False) -> Sequence[Pipeline]:
        """Pipelines with their stages, the default first, then by name."""
        require(asker, Permission.SALES_READ)
        statement = select(Pipeline).options(selectinload(Pipeline.stages))
        if not archived:
            statement = statement.where(Pipeline.archived_at.is_(None))
        order = statement.order_by(Pipeline.is_default.desc(), Pipeline.name)
        return self._session.scalars(order).all()

    def get(self, pipeline_id: UUID, *, asker: Asker) -> Pipeline:
        """The pipeline with its stages."""
        require(asker, Permission.SALES_READ)
        return self._get(pipeline_id)

    def default(self) -> Pipeline | None:
        """The pipeline that is taken where none is named."""
        return self._session.scalar(
            select(Pipeline).where(Pipeline.is_default).options(selectinload(Pipeline.stages))
        )

    def default_or_first(self) -> Pipeline:
        """The default pipeline; a store without any pipeline gets its first one.

        Raises:
            Conflict: there are pipelines, and none of them is the default.
        """
        found = self.default()
        if found is not None:
            return found
        if self._session.scalar(select(exists().where(Pipeline.archived_at.is_(None)))):
            raise Conflict("pipeline_id: no pipeline is the default, so one has to be named")
        pipeline = Pipeline(name="Sales", currency="EUR", is_default=True)
        self._fill(pipeline, DEFAULT_STAGES)
        with unique(self._session, "somebody else is making the first pipeline; try again"):
            self._session.add(pipeline)
        return pipeline

    def create(
        self,
        values: Mapping[str, Any],
        *,
        stages: Sequence[StageDraft] = DEFAULT_STAGES,
        asker: Asker,
    ) -> Pipeline:
        """A new pipeline; the first one is the default.

        Raises:
            Invalid: a value is not acceptable, or the stages make no pipeline.
            Conflict: another pipeline has this name.
        """
        require(asker, Permission.SETTINGS_MANAGE)
        given = fields.checked(values, _CHECKS)
        if "name" not in given or "currency" not in given:
            raise Invalid("name: a pipeline has a name and a currency")
        given.pop("archived", None)
        is_first = self._session.scalar(select(Pipeline.id).where(Pipeline.is_default)) is None
        given["is_default"] = bool(given.get("is_default")) or is_first
        if given["is_default"]:
            self._clear_default()
        pipeline = Pipeline(**given, updated_by_id=user_of(asker))
        self._fill(pipeline, checked_stages(stages))
        with unique(self._session, _TAKEN):
            self._session.add(pipeline)
        note_act(self._session, asker, "pipeline.created", pipeline.id)
        return pipeline

    def edit(
        self,
        pipeline_id: UUID,
        changes: Mapping[str, Any],
        *,
        asker: Asker,
        version: int | None = None,
    ) -> Pipeline:
        """Rename it, make it the default, archive it or take it back.

        Raises:
            Invalid: a value is not acceptable.
            Conflict: the default pipeline cannot be archived, or cease to be it.
            ChangedMeanwhile: it is no longer in this version.
        """
        require(asker, Permission.SETTINGS_MANAGE)
        values = fields.checked(changes, _CHECKS)
        pipeline = self._hold(pipeline_id, asker=asker, version=version)
        if values.get("is_default") is False and pipeline.is_default:
            raise Conflict("is_default: make another pipeline the default instead")
        archived = values.pop("archived", pipeline.archived_at is not None)
        if archived and (values.get("is_default") or pipeline.is_default):
            raise Conflict("archived: the default pipeline cannot be archived")
        if archived != (pipeline.archived_at is not None):
            values["archived_at"] = self._clock() if archived else None
        with unique(self._session, _TAKEN):
            if values.get("is_default") and not pipeline.is_default:
                self._clear_default()
            changed = write(self._session, pipeline, values, asker=asker, at=self._clock())
        if changed:
            note_act(self._session, asker, "pipeline.edited", pipeline.id, {"fields": changed})
        return self._get(pipeline_id)

    def set_stages(
        self,
        pipeline_id: UUID,
        drafts: Sequence[StageDraft],
        *,
        asker: Asker,
        version: int | None = None,
    ) -> Pipeline:
        """Replace the stages: drafts with an id keep that stage, the others are new.

        Raises:
            Invalid: the drafts make no pipeline.
            StageNotFound: a draft names a stage of another pipeline.
            Conflict: a stage left out is one in which opportunities are or have been.
            ChangedMeanwhile: the pipeline is no longer in this version.
        """
        require(asker, Permission.SETTINGS_MANAGE)
        drafts = checked_stages(drafts)
        pipeline = self._hold(pipeline_id, asker=asker, version=version)
        there = {stage.id: stage for stage in pipeline.stages}
        if any(draft.id is not None and draft.id not in there for draft in drafts):
            raise StageNotFound
        kept = {draft.id for draft in drafts if draft.id is not None}
        for stage_id, stage in there.items():
            if stage_id not in kept:
                self._remove(stage)
        for draft in drafts:
            if draft.id is not None and there[draft.id].kind is not draft.kind:
                raise Conflict(f"stages: {there[draft.id].name} cannot become {draft.kind.value}")
        self._move_aside(pipeline_id)
        for position, draft in enumerate(drafts):
            if draft.id is None:
                self._session.add(_stage(pipeline_id, position, draft))
                continue
            stage = there[draft.id]
            stage.name, stage.probability = draft.name, draft.probability
            stage.position = position
        touch(pipeline, asker=asker)
        self._session.flush()
        note_act(self._session, asker, "pipeline.stages_set", pipeline_id, {"stages": len(drafts)})
        return self._get(pipeline_id)

    def _hold(self, pipeline_id: UUID, *, asker: Asker, version: int | None) -> Pipeline:
        return hold(
            self._session,
            Pipeline,
            pipeline_id,
            asker=asker,
            version=version,
            absent=PipelineNotFound,
        )

    def _get(self, pipeline_id: UUID) -> Pipeline:
        pipeline = self._session.scalar(
            select(Pipeline)
            .where(Pipeline.id == pipeline_id)
            .options(selectinload(Pipeline.stages))
            .execution_options(populate_existing=True)
        )
        if pipeline is None:
            raise PipelineNotFound
        return pipeline

    def _clear_default(self) -> None:
        self._session.execute(
            update(Pipeline)
            .where(Pipeline.is_default)
            .values(is_default=False, version=Pipeline.version + 1, updated_at=self._clock())
            .execution_options(synchronize_session="fetch")
        )

    def _move_aside(self, pipeline_id: UUID) -> None:
        """Free every name and position, so that stages may change places with one another."""
        self._session.execute(
            update(Stage)
            .where(Stage.pipeline_id == pipeline_id)
            .values(position=Stage.position + _ASIDE, name=Stage.name + "\x7f")
            .execution_options(synchronize_session=False)
        )
        self._session.expire_all()

    def _remove(self, stage: Stage) -> None:
        if stage.kind is not OpportunityStatus.OPEN:
            raise Conflict(f"stages: {stage.name} is an end of the pipeline and has to stay")
        used = select(
            or_(
                exists().where(Opportunity.stage_id == stage.id),
                exists().where(StageChange.to_stage_id == stage.id),
                exists().where(StageChange.from_stage_id == stage.id),
            )
        )
        if self._session.scalar(used):
            raise Conflict(
                f"stages: {stage.name} has opportunities, or had; rename it instead, so that"
                " reports of the past stay true"
            )
        self._session.execute(delete(Stage).where(Stage.id == stage.id))

    @staticmethod
    def _fill(pipeline: Pipeline, drafts: Sequence[StageDraft]) -> None:
        pipeline.stages = [_stage(None, position, draft) for position, draft in enumerate(drafts)]


def _stage(pipeline_id: UUID | None, position: int, draft: StageDraft) -> Stage:
    values: dict[str, Any] = {"pipeline_id": pipeline_id} if pipeline_id else {}
    return Stage(
        **values,
        position=position,
        name=draft.name,
        kind=draft.kind,
        probability=draft.probability,
    )
