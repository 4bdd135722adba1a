"""Opportunities: opened, edited, moved through their stages, won, lost, opened again."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from crm_store import fields
from crm_store.acts import note_act
from crm_store.asking import Asker, user_of
from crm_store.bulk import RowResult, edit_each
from crm_store.editing import hold, must_be_staff, must_exist, touch, unique, write
from crm_store.lists import ListQuery
from crm_store.models import (
    Account,
    Campaign,
    Customer,
    LeadSource,
    LostReason,
    Opportunity,
    OpportunityStatus,
    Pipeline,
    Stage,
    StageChange,
    StageEvent,
)
from crm_store.opportunities.errors import OpportunityNotFound
from crm_store.opportunities.repository import (
    OpportunityFilter,
    OpportunityRepository,
    OpportunityRow,
)
from crm_store.pages import Page
from crm_store.permissions import Permission, require
from crm_store.pipelines.errors import StageNotFound
from crm_store.pipelines.service import PipelineService
from foundation.clock import utc_now
from foundation.errors import Invalid
from foundation.money import format_money

_TAKEN = "external_id: another opportunity has this one"
_CHECKS: dict[str, fields.Check] = {
    "external_id": fields.optional_line(128),
    "name": fields.line(200),
    "account_id": fields.maybe(fields.identifier),
    "customer_id": fields.maybe(fields.identifier),
    "amount_minor": fields.amount,
    "currency": fields.currency,
    "probability": fields.maybe(fields.within(0, 100)),
    "expected_close": fields.maybe(fields.day),
    "next_step": fields.optional_line(300),
    "source": fields.one_of(LeadSource),
    "campaign_id": fields.maybe(fields.identifier),
    "notes": fields.prose(20_000),
    "owner_id": fields.maybe(fields.identifier),
}
_MAY_BE_CHOSEN_AT_FIRST = {"pipeline_id": fields.identifier, "stage_id": fields.identifier}


@dataclass(frozen=True, slots=True)
class Move:
    """Where an opportunity shall go; ``lost_reason`` is needed where it is lost."""

    stage_id: UUID
    lost_reason: LostReason | None = None
    note: str | None = None


class OpportunityService:
    """Each raises NotAllowed without the permission and OpportunityNotFound when it is absent."""

    def __init__(self, session: Session, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._session = session
        self._clock = clock
        self._opportunities = OpportunityRepository(session)

    def page(
        self,
        *,
        asker: Asker,
        wanted: OpportunityFilter = OpportunityFilter(),  # noqa: B008  # frozen
        query: ListQuery = ListQuery(),  # noqa: B008  # frozen
    ) -> Page[OpportunityRow]:
        """Opportunities that match, sorted as asked."""
        require(asker, Permission.SALES_READ)
        return self._opportunities.page(wanted, query)

    def get(self, opportunity_id: UUID, *, asker: Asker) -> OpportunityRow:
        """One opportunity."""
        require(asker, Permission.SALES_READ)
        row = self._opportunities.row(opportunity_id)
        if row is None:
            raise OpportunityNotFound
        return row

    def history(self, opportunity_id: UUID, *, asker: Asker) -> Sequence[StageChange]:
        """Its stage changes, oldest first."""
        self.get(opportunity_id, asker=asker)
        return self._opportunities.history(opportunity_id)

    def create(self, values: Mapping[str, Any], *, asker: Asker) -> Opportunity:
        """A new opportunity, in the first stage of the default pipeline unless one is named.

        Without an owner it is its maker's; the currency is the pipeline's by default.

        Raises:
            Invalid: a value is not acceptable, or a reference names nothing.
            StageNotFound: the stage is not one of the pipeline, or is an end of it.
            Conflict: another opportunity has this external id.
        """
        require(asker, Permission.SALES_WRITE)
        given = fields.checked(
            {"owner_id": user_of(asker), "source": LeadSource.OTHER, "amount_minor": 0, **values},
            _CHECKS | _MAY_BE_CHOSEN_AT_FIRST,
        )
        if "name" not in given:
            raise Invalid("name: must not be empty")
        stage = self._first_stage(given.pop("pipeline_id", None), given.pop("stage_id", None))
        given.setdefault("currency", stage.pipeline.currency)
        self._check_references(given)
        now = self._clock()
        opportunity = Opportunity(
            **given,
            pipeline_id=stage.pipeline_id,
            stage_id=stage.id,
            stage=stage,
            stage_since=now,
            status=OpportunityStatus.OPEN,
            created_at=now,
            updated_at=now,
            updated_by_id=user_of(asker),
        )
        with unique(self._session, _TAKEN):
            self._session.add(opportunity)
        self._write_history(opportunity, StageEvent.CREATED, None, asker=asker, at=now)
        self._note(opportunity, "created", f"opened in {stage.name}, {_worth(opportunity)}", asker)
        return opportunity

    def edit(
        self,
        opportunity_id: UUID,
        changes: Mapping[str, Any],
        *,
        asker: Asker,
        version: int | None = None,
    ) -> Opportunity:
        """Change the fields that are given; a new amount is a fact of its history.

        Raises:
            Invalid: a value is not acceptable, or a reference names nothing.
            NotTheRecordsOwner: it is a colleague's.
            ChangedMeanwhile: it is no longer in this version.
        """
        require(asker, Permission.SALES_WRITE)
        values = fields.checked(changes, _CHECKS)
        opportunity = self._hold(opportunity_id, asker=asker, version=version)
        self._check_references(values)
        with unique(self._session, _TAKEN):
            changed = write(self._session, opportunity, values, asker=asker, at=self._clock())
        if {"amount_minor", "currency"} & set(changed):
            self._write_history(
                opportunity,
                StageEvent.AMOUNT,
                opportunity.stage_id,
                asker=asker,
                at=opportunity.updated_at,
            )
        if changed:
            what = f"changed: {fields.said(changed)}"
            self._note(opportunity, "edited", what, asker, {"fields": changed})
        return opportunity

    def edit_many(
        self, ids: Sequence[UUID], changes: Mapping[str, Any], *, asker: Asker
    ) -> list[RowResult]:
        """The same change of several opportunities; see ``crm_store.bulk``."""
        require(asker, Permission.SALES_WRITE)
        return edit_each(
            self._session, ids, lambda one: self.edit(one, changes, asker=asker).version
        )

    def move_many(self, ids: Sequence[UUID], move: Move, *, asker: Asker) -> list[RowResult]:
        """Move several opportunities to one stage; see ``crm_store.bulk``."""
        require(asker, Permission.SALES_WRITE)
        return edit_each(self._session, ids, lambda one: self.move(one, move, asker=asker).version)

    def move(
        self, opportunity_id: UUID, move: Move, *, asker: Asker, version: int | None = None
    ) -> Opportunity:
        """Put the opportunity into another stage of its pipeline; the same one changes nothing.

        A stage of the kind won or lost closes it, an open one opens a closed one again. What
        somebody knew better than the old stage (``probability``) is forgotten with it.

        Raises:
            StageNotFound: the stage is not one of its pipeline.
            Invalid: it is lost without a reason, or has a reason and is not lost.
            NotTheRecordsOwner: it is a colleague's.
            ChangedMeanwhile: it is no longer in this version.
        """
        require(asker, Permission.SALES_WRITE)
        note = fields.optional_line(500)("note", move.note)
        opportunity = self._hold(opportunity_id, asker=asker, version=version)
        stage = self._session.get(Stage, move.stage_id)
        if stage is None or stage.pipeline_id != opportunity.pipeline_id:
            raise StageNotFound
        is_lost = stage.kind is OpportunityStatus.LOST
        if is_lost and move.lost_reason is None:
            raise Invalid(f"lost_reason: one of {', '.join(LostReason)}")
        if not is_lost and move.lost_reason is not None:
            raise Invalid("lost_reason: only what is lost has one")
        if stage.id == opportunity.stage_id:
            return opportunity
        now = self._clock()
        before, was_open = opportunity.stage, opportunity.status is OpportunityStatus.OPEN
        is_open = stage.kind is OpportunityStatus.OPEN
        opportunity.stage, opportunity.stage_since = stage, now
        opportunity.status = stage.kind
        opportunity.closed_at = None if is_open else now
        opportunity.lost_reason = move.lost_reason
        opportunity.lost_note = note if is_lost else None
        opportunity.probability = None
        touch(opportunity, asker=asker, at=now)
        self._session.flush()
        event = _event(stage.kind, was_open)
        self._write_history(opportunity, event, before.id, asker=asker, at=now, note=note)
        self._note(opportunity, event.value, _told(event, before, stage, opportunity), asker)
        return opportunity

    def _hold(self, opportunity_id: UUID, *, asker: Asker, version: int | None) -> Opportunity:
        return hold(
            self._session,
            Opportunity,
            opportunity_id,
            asker=asker,
            version=version,
            absent=OpportunityNotFound,
        )

    def _first_stage(self, pipeline_id: UUID | None, stage_id: UUID | None) -> Stage:
        """The stage named, else the pipeline's first one."""
        if stage_id is not None:
            stage = self._session.get(Stage, stage_id)
            fits = stage is not None and stage.kind is OpportunityStatus.OPEN
            if stage is None or not fits or pipeline_id not in {None, stage.pipeline_id}:
                raise StageNotFound
            return stage
        if pipeline_id is None:
            return PipelineService(self._session).default_or_first().stages[0]
        must_exist(self._session, Pipeline, pipeline_id=pipeline_id)
        return self._session.get_one(Pipeline, pipeline_id).stages[0]

    def _check_references(self, values: Mapping[str, Any]) -> None:
        must_be_staff(self._session, values.get("owner_id"))
        must_exist(self._session, Account, account_id=values.get("account_id"))
        must_exist(self._session, Customer, customer_id=values.get("customer_id"))
        must_exist(self._session, Campaign, campaign_id=values.get("campaign_id"))

    def _write_history(
        self,
        opportunity: Opportunity,
        event: StageEvent,
        from_stage_id: UUID | None,
        *,
        asker: Asker,
        at: datetime,
        note: str | None = None,
    ) -> None:
        # The row of the opportunity is held, so nobody else takes the number meanwhile.
        change = StageChange(
            opportunity_id=opportunity.id,
            seq=self._opportunities.last_seq(opportunity.id) + 1,
            event=event,
            at=at,
            user_id=user_of(asker),
            from_stage_id=from_stage_id,
            to_stage_id=opportunity.stage_id,
            amount_minor=opportunity.amount_minor,
            currency=opportunity.currency,
            note=note,
        )
        self._session.add(change)
        self._session.flush()

    def _note(
        self,
        opportunity: Opportunity,
        act: str,
        what: str,
        asker: Asker,
        more: Mapping[str, Any] | None = None,
    ) -> None:
        facts = {
            "stage_id": str(opportunity.stage_id),
            "amount_minor": opportunity.amount_minor,
            "currency": opportunity.currency,
            **(more or {}),
        }
        note_act(
            self._session,
            asker,
            f"opportunity.{act}",
            opportunity.id,
            facts,
            customer_id=opportunity.customer_id,
            summary=f"Opportunity {opportunity.name}: {what}",
        )


def _event(kind: OpportunityStatus, was_open: bool) -> StageEvent:
    if kind is OpportunityStatus.WON:
        return StageEvent.WON
    if kind is OpportunityStatus.LOST:
        return StageEvent.LOST
    return StageEvent.MOVED if was_open else StageEvent.REOPENED


def _told(event: StageEvent, before: Stage, after: Stage, opportunity: Opportunity) -> str:
    if event is StageEvent.WON:
        return f"won, {_worth(opportunity)}"
    if event is StageEvent.LOST and opportunity.lost_reason is not None:
        return f"lost ({opportunity.lost_reason.value.replace('_', ' ')}), {_worth(opportunity)}"
    verb = "opened again in" if event is StageEvent.REOPENED else "moved to"
    return f"{verb} {after.name} (was in {before.name})"


def _worth(opportunity: Opportunity) -> str:
    return format_money(opportunity.amount_minor, opportunity.currency)
