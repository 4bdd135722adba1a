"""Writing the audit log: entries wait until the commit, and are sealed onto the chain there.

The place in the chain is taken last of all, under a lock on the head that is held for the commit
alone, so acts of different transactions do not wait for one another while they are under way. On
PostgreSQL they do not wait for one another's disk writes either: see ``durability``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import event, select
from sqlalchemy.orm import Session, SessionTransaction

from crm_store.asking import AsCustomer, Asker, AsStaff, AsSystem
from crm_store.audit.anchor import Anchor, Anchored
from crm_store.audit.chain import FIRST_PREVIOUS, canonical_json, entry_content, head_content
from crm_store.audit.durability import Flush, flush_after_commit
from crm_store.audit.keys import AuditKeys
from crm_store.models import ActorKind, AuditEntry, AuditHead
from crm_store.texts import shorten, storable
from crm_store.writes import insert_missing
from foundation.clock import utc_now

_INFO = "kefu_audit"
_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Waiting:
    """An act of a transaction that has not committed yet."""

    values: dict[str, Any]
    within: tuple[SessionTransaction, ...]
    """The savepoints around it: rolled back with any of them, it did not happen."""


@dataclass(slots=True)
class AuditTrail:
    """What one transaction records; ``Database.transaction`` attaches it to its session."""

    keys: AuditKeys
    anchor: Anchor | None
    waiting: list[_Waiting] = field(default_factory=list)
    sealed: Anchored | None = None
    flush: Flush | None = None

    def attach(self, session: Session) -> None:
        """Let ``record`` find this trail."""
        session.info[_INFO] = self

    def listen(self, session: Session) -> None:
        """Seal at the commit; forget what a savepoint takes back."""
        event.listen(session, "before_commit", self._seal)
        event.listen(session, "after_commit", self._finish)
        event.listen(session, "after_soft_rollback", self._forget)

    def _seal(self, session: Session) -> None:
        if session.in_nested_transaction() or not self.waiting:
            return
        session.flush()
        self.flush = flush_after_commit(session)
        head = lock_head(session, self.keys)
        for act in self.waiting:
            entry = AuditEntry(
                seq=head.seq + 1,
                key_id=self.keys.newest,
                previous_hash=head.hash,
                **act.values,
            )
            entry.hash = self.keys.seal(entry.key_id, entry_content(entry))
            session.add(entry)
            head.seq, head.hash = entry.seq, entry.hash
        self.waiting.clear()
        seal_head(head, self.keys)
        session.flush()
        self.sealed = Anchored(head.seq, head.hash)

    def _finish(self, _session: Session) -> None:
        if self.flush is not None:
            self.flush()
        if self.sealed is None or self.anchor is None:
            return
        try:
            self.anchor.advance(self.sealed)
        except OSError as error:
            # The act is committed and sealed; that its second witness is behind must not undo it.
            _log.error("audit anchor not written", reason=error.strerror)

    def _forget(self, _session: Session, gone: SessionTransaction) -> None:
        self.waiting = [act for act in self.waiting if gone not in act.within]


def record(  # noqa: PLR0917  # callers read like a sentence: who, what, to what
    session: Session,
    asker: Asker,
    action: str,
    target_kind: str | None = None,
    target_id: UUID | str | None = None,
    facts: Mapping[str, Any] | None = None,
    *,
    at: datetime | None = None,
) -> None:
    """Write an act into the audit log, together with what the transaction changes.

    Args:
        session: of ``Database.transaction``; the entry is sealed at its commit.
        asker: who acts.
        action: what was done, like ``customer.merged``.
        target_kind: the kind of thing it was done to, like ``customer``.
        target_id: its id, or its number.
        facts: JSON without floats and without personal data: ids, counts, names of fields.
        at: when; now by default.

    Raises:
        RuntimeError: the session only reads, so that nothing would be kept.
    """
    trail = _trail_of(session)
    if not trail.waiting and trail.sealed is None:
        trail.listen(session)
    trail.waiting.append(
        _Waiting(
            {
                "at": at or utc_now(),
                **_actor(asker),
                "action": action,
                "target_kind": target_kind,
                "target_id": None if target_id is None else storable(str(target_id))[:64],
                "facts_text": canonical_json(dict(facts or {})),
            },
            _savepoints(session),
        )
    )


def keys_of(session: Session) -> AuditKeys:
    """The keys of the database that the transaction belongs to."""
    return _trail_of(session).keys


def lock_head(session: Session, keys: AuditKeys) -> AuditHead:
    """The head, held until the transaction ends; made when the log is empty."""
    head = session.scalar(_HEAD)
    if head is None:
        first = AuditHead(
            id=1, first_seq=1, first_previous_hash=FIRST_PREVIOUS, seq=0, hash=FIRST_PREVIOUS
        )
        seal_head(first, keys)
        columns = {c.key: getattr(first, c.key) for c in AuditHead.__table__.columns}
        insert_missing(session, AuditHead, [columns], on="id")
        head = session.scalars(_HEAD).one()
    return head


def seal_head(head: AuditHead, keys: AuditKeys) -> None:
    """Seal what the head says now."""
    head.key_id = keys.newest
    head.seal = keys.seal(head.key_id, head_content(head))


_HEAD = (
    select(AuditHead)
    .where(AuditHead.id == 1)
    .with_for_update()
    .execution_options(populate_existing=True)
)


def _trail_of(session: Session) -> AuditTrail:
    trail: AuditTrail | None = session.info.get(_INFO)
    if trail is None:
        raise RuntimeError("an act is recorded within Database.transaction")
    return trail


def _savepoints(session: Session) -> tuple[SessionTransaction, ...]:
    found = []
    transaction = session.get_nested_transaction()
    while transaction is not None:
        found.append(transaction)
        transaction = transaction.parent
    return tuple(found)


def _actor(asker: Asker) -> dict[str, Any]:
    match asker:
        case AsStaff():
            return {
                "actor_kind": ActorKind.STAFF,
                "actor_id": asker.user_id,
                "api_key_id": asker.api_key_id,
            }
        case AsCustomer():
            return {"actor_kind": ActorKind.CUSTOMER, "actor_id": asker.customer_id}
        case AsSystem():
            reason = shorten(storable(asker.reason), 200)
            return {"actor_kind": ActorKind.SYSTEM, "actor_reason": reason}
