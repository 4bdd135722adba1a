"""Consents: a decision a row, appended to each customer's history."""

from collections.abc import Container, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from crm_store.importing.ahead import Made
from crm_store.importing.cleaning.table import CleanBatch
from crm_store.importing.mapping import ConflictPolicy
from crm_store.importing.upsert.base import Outcome, Rows
from crm_store.importing.upsert.loading import insert_columns, insert_rows
from crm_store.importing.upsert.people import People, Whose
from crm_store.models import Consent, Purpose, Recommendation, SegmentMembership
from foundation.clock import utc_now
from foundation.ids import new_id, new_keys

_SOURCE = "import"
_STORED: dict[Purpose, tuple[type[SegmentMembership] | type[Recommendation], ...]] = {
    Purpose.PROFILING: (SegmentMembership, Recommendation),
    Purpose.RECOMMENDATIONS: (Recommendation,),
}
_AT_ONCE = 2_000
Decision = tuple[UUID, Purpose, bool]


class ConsentWriter:
    """Writes decisions down; one that is in force already changes nothing."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def decide(self, decisions: Iterable[Decision], *, new: Container[UUID] = ()) -> set[UUID]:
        """Decisions as of now; returns the customers for whom something changed.

        Args:
            decisions: who, about what, and how.
            new: customers of whom the store can know nothing yet.
        """
        given = list(decisions)
        in_force = self.in_force({who for who, _, _ in given if who not in new})
        now = utc_now()
        made = [
            consent(customer_id, purpose, granted, now)
            for customer_id, purpose, granted in given
            if _differs(in_force.get((customer_id, purpose)) if in_force else None, granted)
        ]
        if in_force:
            ended = (in_force.get((row["customer_id"], row["purpose"])) for row in made)
            self.supersede([one["id"] for one in ended if one is not None], now)
        insert_rows(self._session, Consent, made)
        return {row["customer_id"] for row in made}

    def in_force(self, customers: set[UUID]) -> dict[tuple[UUID, Purpose], dict[str, Any]]:
        """What holds now, for these customers."""
        found: dict[tuple[UUID, Purpose], dict[str, Any]] = {}
        wanted = list(customers)
        for at in range(0, len(wanted), _AT_ONCE):
            for row in self._session.execute(
                select(
                    Consent.id, Consent.customer_id, Consent.purpose, Consent.granted, Consent.at
                ).where(
                    Consent.customer_id.in_(wanted[at : at + _AT_ONCE]),
                    Consent.superseded_at.is_(None),
                )
            ).mappings():
                found[row["customer_id"], row["purpose"]] = dict(row)
        return found

    def supersede(self, ids: list[UUID], at: datetime) -> None:
        """End decisions that a later one takes the place of."""
        for start in range(0, len(ids), _AT_ONCE):
            self._session.execute(
                update(Consent)
                .where(Consent.id.in_(ids[start : start + _AT_ONCE]))
                .values(superseded_at=at)
                .execution_options(synchronize_session=False)
            )

    def forget(self, decisions: Iterable[Mapping[str, Any]]) -> None:
        """What analysis has stored for a purpose goes when the customer withdraws it."""
        for purpose, models in _STORED.items():
            gone = [
                one["customer_id"]
                for one in decisions
                if one["purpose"] is purpose and not one["granted"]
            ]
            for model in models if gone else ():
                self._session.execute(
                    delete(model)
                    .where(model.customer_id.in_(gone))
                    .execution_options(synchronize_session=False)
                )


class ConsentUpserter:
    """Brings in the decisions of another system, with the day they were made."""

    def __init__(self, policy: ConflictPolicy, column_of: Mapping[str, str]) -> None:
        self._policy = policy
        self._column_of = column_of

    def apply(self, session: Session, batch: CleanBatch) -> Outcome:
        """The newest decision about each purpose is in force; older ones are its history."""
        rows = Rows(batch, self._column_of)
        whose = Whose(People(session), batch.rows)
        writer = ConsentWriter(session)
        people = [whose.of(row) for row in batch.rows]
        current = writer.in_force({person["id"] for person, _, _ in people if person})
        new: dict[UUID, dict[str, Any]] = {}
        ended: list[tuple[UUID, datetime]] = []
        for at, row in rows:
            person, field, reason = people[at]
            if person is None:
                rows.reject(at, field, reason)
                continue
            key = (person["id"], Purpose(row["purpose"]))
            now = current.get(key)
            if now is not None and (
                now["granted"] == row["granted"]
                or now["at"] >= row["at"]
                or self._policy is not ConflictPolicy.UPDATE
            ):
                rows.outcome.unchanged += 1
                continue
            made = consent(*key, row["granted"], row["at"])
            made["wording"] = row.get("wording")
            made["evidence"] = {"note": row["note"]} if "note" in row else None
            if now is None:
                rows.outcome.created += 1
            else:
                rows.outcome.updated += 1
                if now["id"] in new:
                    new[now["id"]]["superseded_at"] = row["at"]
                else:
                    ended.append((now["id"], row["at"]))
            new[made["id"]] = made
            current[key] = made
        for consent_id, moment in ended:
            writer.supersede([consent_id], moment)
        writer.forget([row for row in new.values() if row["superseded_at"] is None])
        insert_rows(session, Consent, list(new.values()))
        return rows.outcome


def grant_to_new(session: Session, customers: list[str], purpose: Purpose, at: datetime) -> None:
    """Consents of customers who are new in this transaction.

    Args:
        session: the transaction.
        customers: their keys as hex digits.
        purpose: what all of them consent to.
        at: when.
    """
    if customers:
        number = len(customers)
        made = Made({"id": new_keys(number), "customer_id": customers})
        given = {"purpose": purpose, "granted": True, "at": at, "source": _SOURCE}
        columns = {name: [value] * number for name, value in given.items()}
        insert_columns(session, Consent, columns, made=made)


def consent(customer_id: UUID, purpose: Purpose, granted: bool, at: datetime) -> dict[str, Any]:
    """A new decision as a row."""
    return {
        "id": new_id(),
        "customer_id": customer_id,
        "purpose": purpose,
        "granted": granted,
        "at": at,
        "source": _SOURCE,
        "wording": None,
        "evidence": None,
        "user_id": None,
        "superseded_at": None,
    }


def _differs(current: dict[str, Any] | None, granted: bool) -> bool:
    """No consent where none was given is no news: nothing may be sent either way."""
    return current["granted"] != granted if current is not None else granted
