"""Opportunities by id, with the stages of the pipeline that new ones take."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm_store.importing.cleaning.table import CleanBatch
from crm_store.importing.mapping import ConflictPolicy
from crm_store.importing.upsert.base import Outcome, Rows
from crm_store.importing.upsert.loading import insert_rows
from crm_store.importing.upsert.people import People, Whose
from crm_store.importing.upsert.records import Record, Records, blank
from crm_store.importing.upsert.sales import accounts_by_name
from crm_store.models import (
    Account,
    LeadSource,
    LostReason,
    Opportunity,
    OpportunityStatus,
    Stage,
    StageChange,
    StageEvent,
)
from crm_store.pipelines.service import PipelineService
from foundation.clock import utc_now
from foundation.ids import new_id

_COLUMNS = (
    "name", "account_id", "customer_id", "amount_minor", "currency", "expected_close",
    "next_step", "source", "notes",
)  # fmt: skip
_STAGE = ("stage_id", "stage_since", "status", "closed_at", "lost_reason")
_WHOSE = ("customer_external_id", "customer_email", "customer_phone")
_ENDS = {
    "won": OpportunityStatus.WON, "closed won": OpportunityStatus.WON,
    "gewonnen": OpportunityStatus.WON, "赢单": OpportunityStatus.WON,
    "lost": OpportunityStatus.LOST, "closed lost": OpportunityStatus.LOST,
    "verloren": OpportunityStatus.LOST, "输单": OpportunityStatus.LOST,
}  # fmt: skip


class OpportunityUpserter:
    """Adds opportunities, changes and moves those that are known; each move is in the history."""

    def __init__(self, policy: ConflictPolicy, column_of: Mapping[str, str]) -> None:
        self._policy = policy
        self._column_of = column_of

    def apply(self, session: Session, batch: CleanBatch) -> Outcome:
        """Bring the batch's opportunities into the store."""
        return _Batch(session, batch, self._policy, self._column_of).apply()


class _Batch:
    def __init__(
        self,
        session: Session,
        batch: CleanBatch,
        policy: ConflictPolicy,
        column_of: Mapping[str, str],
    ) -> None:
        self._session = session
        self._policy = policy
        self._rows = Rows(batch, column_of)
        self._deals = Records(session, Opportunity, (*_COLUMNS, *_STAGE))
        self._known = self._deals.find("external_id", [row["external_id"] for row in batch.rows])
        self._whose = Whose(People(session), batch.rows)
        self._pipeline = PipelineService(session).default_or_first()
        self._stages = {stage.name.casefold(): stage for stage in self._pipeline.stages}
        accounts = Records(session, Account, ())
        named = [row["account"] for row in batch.rows if "account" in row]
        self._by_name = accounts_by_name(accounts, named)
        ids = [row["account_external_id"] for row in batch.rows if "account_external_id" in row]
        self._by_id = accounts.find("external_id", ids)
        self._history: list[dict[str, Any]] = []
        self._seqs = self._last_seqs()

    def apply(self) -> Outcome:
        for at, row in self._rows:
            given, problem = self._values(row)
            current = self._known.get(row["external_id"])
            if problem is None and current is None:
                problem = self._add(row, given)
                if problem is None:
                    self._rows.outcome.created += 1
            elif problem is None and current is not None:
                self._rows.outcome.count(self._change(current, row, given))
            if problem is not None:
                self._rows.reject(at, *problem)
        self._deals.write()
        insert_rows(self._session, StageChange, self._history)
        return self._rows.outcome

    def _values(self, row: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[str, str] | None]:
        given = {name: row[name] for name in ("name", "next_step", "notes") if name in row}
        if "amount" in row:
            given |= {"amount_minor": row["amount"], "currency": row["currency"]}
        if "expected_close" in row:
            given["expected_close"] = row["expected_close"].date()
        if "source" in row:
            given["source"] = LeadSource(row["source"])
        if any(name in row for name in _WHOSE):
            person, field, reason = self._whose.of(dict(row))
            if person is None:
                return given, (field, reason)
            given["customer_id"] = person["id"]
        for name, known in (("account_external_id", self._by_id), ("account", self._by_name)):
            if name in row and "account_id" not in given:
                account = known.get(row[name].lower() if name == "account" else row[name])
                if account is None:
                    return given, (name, "no account is called so")
                given["account_id"] = account["id"]
        if "stage" in row and self._stage_named(row["stage"]) is None:
            stages = ", ".join(stage.name for stage in self._pipeline.stages)
            return given, ("stage", f"none of {stages}")
        return given, None

    def _stage_named(self, name: str) -> Stage | None:
        found = self._stages.get(name.casefold())
        if found is not None:
            return found
        end = _ENDS.get(name.casefold())
        return next((stage for stage in self._pipeline.stages if stage.kind is end), None)

    def _add(self, row: Mapping[str, Any], given: dict[str, Any]) -> tuple[str, str] | None:
        missing = next((name for name in ("name", "stage") if name not in row), None)
        if missing is not None:
            return missing, "needed for a new opportunity"
        stage = self._stage_named(row["stage"])
        if stage is None:
            return "stage", "none of the pipeline's"
        created = row.get("created_at", utc_now())
        deal = blank(("external_id", *_COLUMNS), dict(row) | given) | {
            "id": new_id(),
            "account_id": given.get("account_id"),
            "customer_id": given.get("customer_id"),
            "pipeline_id": self._pipeline.id,
            "amount_minor": given.get("amount_minor", 0),
            "currency": given.get("currency", self._pipeline.currency),
            "expected_close": given.get("expected_close"),
            "source": given.get("source", LeadSource.IMPORT),
            "notes": given.get("notes", ""),
            "created_at": created,
            **_standing(stage, row, since=row.get("closed_at", created)),
        }
        self._deals.add(deal)
        self._known[deal["external_id"]] = deal
        self._note(deal, StageEvent.CREATED, None, at=created)
        return None

    def _change(
        self, deal: Record, row: Mapping[str, Any], given: dict[str, Any]
    ) -> dict[str, Any]:
        worth = (deal["amount_minor"], deal["currency"])
        found = self._deals.change(deal, given, self._policy)
        stage = self._stage_named(row["stage"]) if "stage" in row else None
        before = deal["stage_id"]
        moves = stage is not None and stage.id != before
        if stage is not None and moves and self._policy is ConflictPolicy.UPDATE:
            now = utc_now()
            moved = _standing(stage, row, since=row.get("closed_at", now))
            reopened = deal["closed_at"] is not None and moved["closed_at"] is None
            self._deals.set(deal, moved)
            self._note(
                deal, StageEvent.REOPENED if reopened else _EVENTS[stage.kind], before, at=now
            )
            return found | moved
        if worth != (deal["amount_minor"], deal["currency"]):
            self._note(deal, StageEvent.AMOUNT, before, at=utc_now())
        return found

    def _note(self, deal: Record, event: StageEvent, before: Any, *, at: datetime) -> None:
        seq = self._seqs.get(deal["id"], 0) + 1
        self._seqs[deal["id"]] = seq
        self._history.append(
            {
                "id": new_id(),
                "opportunity_id": deal["id"],
                "seq": seq,
                "event": event,
                "at": at,
                "user_id": None,
                "from_stage_id": before,
                "to_stage_id": deal["stage_id"],
                "amount_minor": deal["amount_minor"],
                "currency": deal["currency"],
                "note": None,
            }
        )

    def _last_seqs(self) -> dict[Any, int]:
        ids = [deal["id"] for deal in self._known.values()]
        if not ids:
            return {}
        rows = self._session.execute(
            select(StageChange.opportunity_id, func.max(StageChange.seq))
            .where(StageChange.opportunity_id.in_(ids))
            .group_by(StageChange.opportunity_id)
        )
        return {row[0]: row[1] for row in rows}


_EVENTS = {
    OpportunityStatus.OPEN: StageEvent.MOVED,
    OpportunityStatus.WON: StageEvent.WON,
    OpportunityStatus.LOST: StageEvent.LOST,
}


def _standing(stage: Stage, row: Mapping[str, Any], *, since: datetime) -> dict[str, Any]:
    """What follows from the stage: the status, when it closed, and why it was lost."""
    lost = stage.kind is OpportunityStatus.LOST
    return {
        "stage_id": stage.id,
        "stage_since": since,
        "status": stage.kind,
        "closed_at": None if stage.kind is OpportunityStatus.OPEN else since,
        "lost_reason": LostReason(row.get("lost_reason", "other")) if lost else None,
    }
