"""Cutting the oldest entries off; what is left can still be checked."""

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from crm_store.asking import Asker
from crm_store.audit.recording import keys_of, lock_head, record, seal_head
from crm_store.models import AuditEntry
from crm_store.permissions import Permission, require


def cut_audit_log(session: Session, *, before: datetime, limit: int, asker: Asker) -> int:
    """Delete the oldest entries, at most ``limit``, up to the first one that is not too old.

    The head remembers where the log begins now and the hash that the first entry left refers to.

    Returns:
        How many are gone; call again, in a transaction of its own, until it is 0.

    Raises:
        NotAllowed: the asker may not manage how long data is kept.
    """
    require(asker, Permission.PRIVACY_MANAGE)
    keys = keys_of(session)
    head = lock_head(session, keys)
    first_kept = session.scalar(
        select(func.min(AuditEntry.seq)).where(
            AuditEntry.seq >= head.first_seq, AuditEntry.at >= before
        )
    )
    end = min(first_kept or head.seq + 1, head.first_seq + limit)
    gone = end - head.first_seq
    if gone == 0:
        return 0
    last = session.scalars(select(AuditEntry).where(AuditEntry.seq == end - 1)).one()
    head.first_seq, head.first_previous_hash = end, last.hash
    seal_head(head, keys)
    session.flush()
    session.execute(
        delete(AuditEntry).where(AuditEntry.seq < end).execution_options(synchronize_session=False)
    )
    record(session, asker, "audit.cut", facts={"entries": gone, "first_seq": end})
    return gone
