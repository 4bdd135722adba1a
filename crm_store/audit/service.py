"""Reading the audit log."""

import builtins
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from crm_store.asking import Asker
from crm_store.models import AuditEntry
from crm_store.pages import Page, fetch_page
from crm_store.permissions import Permission, require
from crm_store.texts import storable

_BATCH = 1_000


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries are wanted; what is None does not matter.

    Attributes:
        actor_id: a user's or a customer's.
        action: one action, or with a dot at the end all that begin so: ``customer.``.
        target_kind: the kind of thing it was done to.
        target_id: that thing.
        since: not before.
        until: before.
    """

    actor_id: UUID | None = None
    action: str | None = None
    target_kind: str | None = None
    target_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None


class AuditService:
    """For those who may read the log; nobody may change it."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def list(
        self,
        *,
        asker: Asker,
        wanted: AuditFilter | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[AuditEntry]:
        """Entries that fit, the newest first.

        Raises:
            NotAllowed: the asker may not read the log.
        """
        require(asker, Permission.AUDIT_READ)
        return fetch_page(
            self._session,
            _matching(wanted or AuditFilter()),
            keys=[(AuditEntry.seq, int)],
            cursor=cursor,
            limit=limit,
            descending=True,
        )

    def export(self, *, asker: Asker, wanted: AuditFilter | None = None) -> Iterator[AuditEntry]:
        """Every entry that fits, the oldest first, a batch in memory at a time.

        Raises:
            NotAllowed: the asker may not read the log.
        """
        require(asker, Permission.AUDIT_READ)
        statement = _matching(wanted or AuditFilter()).order_by(AuditEntry.seq)
        return iter(self._session.scalars(statement, execution_options={"yield_per": _BATCH}))

    def hash_of(self, seq: int, *, asker: Asker) -> str | None:
        """The hash of an entry, to compare with what was noted elsewhere; None when it is gone.

        Raises:
            NotAllowed: the asker may not read the log.
        """
        require(asker, Permission.AUDIT_READ)
        return self._session.scalar(select(AuditEntry.hash).where(AuditEntry.seq == seq))


def entry_as_dict(entry: AuditEntry) -> dict[str, Any]:
    """The whole entry as JSON, with what its seal can be checked by."""
    return {
        "seq": entry.seq,
        "at": entry.at.isoformat(),
        "actor": {
            "kind": entry.actor_kind.value,
            "id": str(entry.actor_id) if entry.actor_id else None,
            "reason": entry.actor_reason,
            "api_key_id": str(entry.api_key_id) if entry.api_key_id else None,
        },
        "action": entry.action,
        "target": {"kind": entry.target_kind, "id": entry.target_id},
        "facts": entry.facts,
        "key_id": entry.key_id,
        "previous_hash": entry.previous_hash,
        "hash": entry.hash,
    }


def _matching(wanted: AuditFilter) -> Select[AuditEntry]:
    statement = select(AuditEntry)
    conditions: builtins.list[Any] = []
    if wanted.actor_id is not None:
        conditions.append(AuditEntry.actor_id == wanted.actor_id)
    if wanted.action:
        action = storable(wanted.action)
        conditions.append(
            AuditEntry.action.startswith(action, autoescape=True)
            if action.endswith(".")
            else AuditEntry.action == action
        )
    if wanted.target_kind:
        conditions.append(AuditEntry.target_kind == storable(wanted.target_kind))
    if wanted.target_id:
        conditions.append(AuditEntry.target_id == storable(wanted.target_id))
    if wanted.since is not None:
        conditions.append(AuditEntry.at >= wanted.since)
    if wanted.until is not None:
        conditions.append(AuditEntry.at < wanted.until)
    return statement.where(*conditions)
