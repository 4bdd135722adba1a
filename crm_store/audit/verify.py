"""Checking the audit log from its first entry to its last, in bounded memory."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_store.audit.anchor import Anchored
from crm_store.audit.chain import FIRST_PREVIOUS, entry_content, head_content
from crm_store.audit.keys import AuditKeys
from crm_store.database import Database
from crm_store.models import AuditEntry, AuditHead

_BATCH = 1_000


class Fault(StrEnum):
    CHANGED = "changed"
    MISSING = "missing"
    REORDERED = "reordered"
    ADDED = "added"
    TRUNCATED = "truncated"
    UNKNOWN_KEY = "unknown_key"
    HEAD_CHANGED = "head_changed"
    ANCHOR_CHANGED = "anchor_changed"


@dataclass(frozen=True, slots=True)
class Broken:
    """The first thing that is wrong; ``seq`` is None where it is no single entry."""

    seq: int | None
    fault: Fault
    detail: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What was checked: ``entries`` of them, up to the one with ``seq`` and ``hash``."""

    entries: int
    seq: int
    hash: str
    broken: Broken | None


class _Found(Exception):
    """Carries the first fault out of the walk."""

    def __init__(self, seq: int | None, fault: Fault, detail: str) -> None:
        super().__init__(detail)
        self.broken = Broken(seq, fault, detail)


def verify(
    database: Database,
    *,
    anchored: bool = True,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Verified:
    """Check every entry, the head, and the anchor when the database has one.

    What is written meanwhile is not looked at.

    Args:
        database: with the keys that sealed the log.
        anchored: whether the anchor is looked at.
        progress: called with how many entries are done, and of how many.
    """
    walk = _Walk(database.audit_keys, progress)
    try:
        # Before the snapshot: a commit in between must not look like a log cut short.
        noted = _read_anchor(database) if anchored else None
        with database.reading() as session:
            if not database.is_sqlite:
                session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            walk.check(session, noted)
    except _Found as found:
        return Verified(walk.entries, walk.seq, walk.hash, found.broken)
    return Verified(walk.entries, walk.seq, walk.hash, None)


class _Walk:
    """One pass over the log."""

    def __init__(self, keys: AuditKeys, progress: Callable[[int, int], None]) -> None:
        self._keys = keys
        self._progress = progress
        self.entries = 0
        self.seq = 0
        self.hash = FIRST_PREVIOUS

    def check(self, session: Session, anchored: Anchored | None) -> None:
        head = session.get(AuditHead, 1)
        if head is None:
            self._check_empty(session, anchored)
            return
        self._check_head(head)
        self.seq, self.hash = head.first_seq - 1, head.first_previous_hash
        total = head.seq - self.seq
        anchored_hash = self.hash if anchored and anchored.seq == self.seq else None
        for entry in _entries(session):
            self._check_entry(entry, head.seq)
            if anchored is not None and entry.seq == anchored.seq:
                anchored_hash = entry.hash
            self.seq, self.hash = entry.seq, entry.hash
            self.entries += 1
            if self.entries % _BATCH == 0:
                self._progress(self.entries, total)
        self._progress(self.entries, total)
        self._check_end(head)
        self._check_not_shorter(anchored)
        if anchored_hash is not None and anchored is not None and anchored_hash != anchored.hash:
            detail = f"entry {anchored.seq} is not the one that was noted outside the database"
            raise _Found(anchored.seq, Fault.CHANGED, detail)

    def _check_head(self, head: AuditHead) -> None:
        if not self._keys.knows(head.key_id):
            raise _Found(None, Fault.UNKNOWN_KEY, _unknown("the head", head.key_id))
        if not self._keys.fits(head.key_id, head_content(head), head.seal):
            raise _Found(None, Fault.HEAD_CHANGED, "the head does not carry its own seal")

    def _check_entry(self, entry: AuditEntry, last: int) -> None:
        expected = self.seq + 1
        if entry.seq < expected:
            detail = f"entry {entry.seq} stands before the first one, {expected}"
            raise _Found(entry.seq, Fault.ADDED, detail)
        if entry.seq > last:
            detail = f"entry {entry.seq} stands after the last one, {last}"
            raise _Found(entry.seq, Fault.ADDED, detail)
        if entry.seq > expected:
            gone = f"{expected}" if entry.seq == expected + 1 else f"{expected} to {entry.seq - 1}"
            raise _Found(expected, Fault.MISSING, f"entry {gone} is missing")
        if not self._keys.knows(entry.key_id):
            detail = _unknown(f"entry {entry.seq}", entry.key_id)
            raise _Found(entry.seq, Fault.UNKNOWN_KEY, detail)
        if not self._keys.fits(entry.key_id, entry_content(entry), entry.hash):
            raise self._changed_or_moved(entry, last)
        if entry.previous_hash != self.hash:
            detail = f"entry {entry.seq} was not written after the one before it"
            raise _Found(entry.seq, Fault.REORDERED, detail)

    def _changed_or_moved(self, entry: AuditEntry, last: int) -> _Found:
        for seq in range(1, last + 1):
            if self._keys.fits(entry.key_id, entry_content(entry, seq=seq), entry.hash):
                detail = f"entry {entry.seq} was written as entry {seq}"
                return _Found(entry.seq, Fault.REORDERED, detail)
        detail = f"entry {entry.seq} does not carry its own seal: something in it was changed"
        return _Found(entry.seq, Fault.CHANGED, detail)

    def _check_empty(self, session: Session, anchored: Anchored | None) -> None:
        if session.scalar(select(AuditEntry.seq).limit(1)) is not None:
            raise _Found(None, Fault.HEAD_CHANGED, "the head is missing")
        self._check_not_shorter(anchored)

    def _check_not_shorter(self, anchored: Anchored | None) -> None:
        if anchored is not None and anchored.seq > self.seq:
            detail = f"the log ends at {self.seq}, but once went on to {anchored.seq}"
            raise _Found(self.seq + 1, Fault.TRUNCATED, detail)

    def _check_end(self, head: AuditHead) -> None:
        if self.seq < head.seq:
            detail = f"the log ends at {self.seq}; {head.seq} was its last entry"
            raise _Found(self.seq + 1, Fault.TRUNCATED, detail)
        if self.hash != head.hash:
            raise _Found(self.seq, Fault.CHANGED, f"entry {self.seq} is not the one of the head")


def _read_anchor(database: Database) -> Anchored | None:
    try:
        return database.anchor.read() if database.anchor is not None else None
    except ValueError as error:
        raise _Found(None, Fault.ANCHOR_CHANGED, str(error)) from error


def _entries(session: Session) -> Iterator[AuditEntry]:
    """All entries in order, a batch in memory at a time."""
    after = 0
    size = _BATCH
    statement = select(AuditEntry).order_by(AuditEntry.seq)
    while True:
        try:
            batch = session.scalars(statement.where(AuditEntry.seq > after).limit(size)).all()
        except (ValueError, LookupError, TypeError) as error:
            # A value that is none of its column's type; SQLite takes it. Find out whose.
            if size == 1:
                detail = f"the entry after {after} cannot be read: something in it was changed"
                raise _Found(after + 1, Fault.CHANGED, detail) from error
            size = 1
            continue
        if not batch:
            return
        for entry in batch:
            yield entry
            after = entry.seq
        session.expunge_all()


def _unknown(what: str, key_id: str) -> str:
    return f"{what} is sealed under the key {key_id!r}, which KEFU_SECRET_KEYS does not hold"
