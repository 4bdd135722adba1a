"""Calls, e-mails and notes: entries of the timeline that never change."""

import hashlib
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from crm_store.importing.cleaning.table import CleanBatch
from crm_store.importing.mapping import ConflictPolicy
from crm_store.importing.upsert.base import Outcome, Rows
from crm_store.importing.upsert.loading import insert_rows
from crm_store.importing.upsert.people import People, Person, Whose
from crm_store.importing.upsert.timeline import SUMMARY_CHARS, known_keys
from crm_store.models import Interaction, InteractionKind
from crm_store.texts import shorten
from foundation.ids import new_id


class InteractionUpserter:
    """Adds entries; one that is there already, by its id or by all that it says, is unchanged."""

    def __init__(self, policy: ConflictPolicy, column_of: Mapping[str, str]) -> None:
        self._policy = policy
        self._column_of = column_of

    def apply(self, session: Session, batch: CleanBatch) -> Outcome:
        """Bring the batch's entries into the store."""
        rows = Rows(batch, self._column_of)
        whose = Whose(People(session), batch.rows)
        entries: dict[str, dict[str, Any]] = {}
        repeated = 0
        for at, row in rows:
            person, field, reason = whose.of(row)
            if person is None:
                rows.reject(at, field, reason)
                continue
            key = _key(row, person)
            repeated += key in entries
            entries.setdefault(key, _entry(row, person, key))
        known = known_keys(session, list(entries))
        new = [entry for key, entry in entries.items() if key not in known]
        insert_rows(session, Interaction, new)
        rows.outcome.created = len(new)
        rows.outcome.unchanged = repeated + len(entries) - len(new)
        return rows.outcome


def _key(row: dict[str, Any], person: Person) -> str:
    """The same for the same entry, whichever file it stands in."""
    if "external_id" in row:
        return f"import:{row['kind']}:{row['external_id']}"[:128]
    told = "\x00".join(
        (person["id"].hex, row["kind"], row["at"].isoformat(), row.get("summary", ""),
         row.get("text", ""))
    )  # fmt: skip
    return f"import:{hashlib.sha256(told.encode()).hexdigest()}"


def _entry(row: dict[str, Any], person: Person, key: str) -> dict[str, Any]:
    text = row.get("text")
    return {
        "id": new_id(),
        "customer_id": person["id"],
        "kind": InteractionKind(row["kind"]),
        "at": row["at"],
        "summary": shorten(row.get("summary") or text or "", SUMMARY_CHARS),
        "data": {"event": "imported"} | ({"text": text} if text else {}),
        "conversation_id": None,
        "order_id": None,
        "source_key": key,
    }
