"""Leads by id or e-mail, accounts by id or name."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func
from sqlalchemy.orm import Session

from crm_store.crypto.lookup import required_keyring
from crm_store.importing.cleaning.table import CleanBatch
from crm_store.importing.mapping import ConflictPolicy
from crm_store.importing.upsert.base import Outcome, Rows
from crm_store.importing.upsert.customers import join_names
from crm_store.importing.upsert.records import Record, Records, blank
from crm_store.models import Account, Lead, LeadSource, LeadStatus
from crm_store.privacy.tombstones import erased_among
from foundation.clock import utc_now
from foundation.ids import new_id

_LEAD = ("name", "email", "phone", "company", "source", "status", "notes")
_ACCOUNT = ("name", "website", "industry", "employees", "country", "notes")


class LeadUpserter:
    """Adds leads, and changes those that are known; a converted one keeps its status."""

    def __init__(self, policy: ConflictPolicy, column_of: Mapping[str, str]) -> None:
        self._policy = policy
        self._column_of = column_of

    def apply(self, session: Session, batch: CleanBatch) -> Outcome:
        """Bring the batch's leads into the store."""
        rows = Rows(batch, self._column_of)
        for row in batch.rows:
            join_names(row)
        erased = erased_among(session, batch.rows)
        leads = Records(session, Lead, _LEAD)
        by_id = leads.find("external_id", _given(batch, "external_id"))
        by_email = _by_email(session, leads, _given(batch, "email", without="external_id"))
        for at, row in rows:
            if at in erased:
                rows.outcome.erased += 1
                continue
            given = _lead_values(row)
            key, known = _key(row, "email", by_id, by_email)
            current = known.get(key) if key is not None else None
            if current is not None:
                if current["status"] is LeadStatus.CONVERTED:
                    given.pop("status", None)
                rows.outcome.count(leads.change(current, given, self._policy))
                continue
            if "name" not in row:
                rows.reject(at, "name", "needed for a new lead")
                continue
            made = _new_lead(given, row)
            leads.add(made)
            if key is not None:
                known[key] = made
            rows.outcome.created += 1
        leads.write()
        return rows.outcome


class AccountUpserter:
    """Adds accounts, and changes those that are known."""

    def __init__(self, policy: ConflictPolicy, column_of: Mapping[str, str]) -> None:
        self._policy = policy
        self._column_of = column_of

    def apply(self, session: Session, batch: CleanBatch) -> Outcome:
        """Bring the batch's accounts into the store."""
        rows = Rows(batch, self._column_of)
        accounts = Records(session, Account, _ACCOUNT)
        by_id = accounts.find("external_id", _given(batch, "external_id"))
        by_name = accounts_by_name(accounts, _given(batch, "name", without="external_id"))
        for at, row in rows:
            row["folded"] = row.get("name", "").lower()
            key, known = _key(row, "folded", by_id, by_name)
            current = known.get(key) if key else None
            if current is not None:
                rows.outcome.count(accounts.change(current, row, self._policy))
                continue
            if "name" not in row:
                rows.reject(at, "name", "needed for a new account")
                continue
            made = blank(("external_id", *_ACCOUNT), row) | {
                "id": new_id(),
                "notes": row.get("notes", ""),
                "created_at": row.get("created_at", utc_now()),
            }
            accounts.add(made)
            if key:
                known[key] = made
            rows.outcome.created += 1
        accounts.write()
        return rows.outcome


def accounts_by_name(accounts: Records, names: list[str]) -> dict[str, Record]:
    """Accounts by their name in small letters."""
    lowered = [name.lower() for name in names]
    return accounts.find("name", lowered, under=func.lower(Account.__table__.c.name))


def _key(
    row: Mapping[str, Any], other: str, by_id: dict[str, Record], by_other: dict[str, Record]
) -> tuple[str | None, dict[str, Record]]:
    """What the row is found by, and among which."""
    if "external_id" in row:
        return row["external_id"], by_id
    return row.get(other), by_other


def _given(batch: CleanBatch, name: str, *, without: str | None = None) -> list[str]:
    return [row[name] for row in batch.rows if name in row and without not in row]


def _by_email(session: Session, leads: Records, emails: list[str]) -> dict[str, Record]:
    keyring = required_keyring(session.get_bind().dialect)
    indexes = {index: email for email in emails for index in keyring.indexes(email, "leads.email")}
    found = leads.find("email_index", indexes)
    return {indexes[index]: record for index, record in found.items()}


def _lead_values(row: Mapping[str, Any]) -> dict[str, Any]:
    given = {name: row[name] for name in _LEAD if name in row}
    if "source" in given:
        given["source"] = LeadSource(given["source"])
    if "status" in given:
        given["status"] = LeadStatus(given["status"])
    return given


def _new_lead(given: Mapping[str, Any], row: Mapping[str, Any]) -> Record:
    return blank(("external_id", *_LEAD), dict(row) | dict(given)) | {
        "id": new_id(),
        "source": given.get("source", LeadSource.IMPORT),
        "status": given.get("status", LeadStatus.NEW),
        "notes": given.get("notes", ""),
        "created_at": row.get("created_at", utc_now()),
    }
