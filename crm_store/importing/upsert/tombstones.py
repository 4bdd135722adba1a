"""Rows of people who were erased: they are not brought back."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_store.models import Tombstone
from crm_store.privacy.tombstones import is_erased


def erased_rows(session: Session, rows: Sequence[dict[str, Any]]) -> set[int]:
    """The places of the rows whose person was erased; one look where nobody ever was."""
    known = session.scalar(select(Tombstone.id).where(Tombstone.lifted_at.is_(None)).limit(1))
    if known is None:
        return set()
    return {
        at
        for at, row in enumerate(rows)
        if is_erased(
            session,
            external_id=row.get("external_id"),
            email=row.get("email"),
            phone=row.get("phone"),
        )
    }
