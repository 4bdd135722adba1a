"""Entries for the timeline, many at once; what is there already stays."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_store.importing.upsert.loading import insert_rows
from crm_store.models import Interaction

_AT_ONCE = 2_000
SUMMARY_CHARS = 500


def known_keys(session: Session, keys: Sequence[str]) -> set[str]:
    """Which of these sources the timeline has."""
    found: set[str] = set()
    for at in range(0, len(keys), _AT_ONCE):
        found.update(
            session.scalars(
                select(Interaction.source_key).where(
                    Interaction.source_key.in_(keys[at : at + _AT_ONCE])
                )
            )
        )
    return found


def add_entries(session: Session, entries: Sequence[dict[str, Any]]) -> None:
    """Write entries whose sources the timeline does not have yet."""
    known = known_keys(session, [entry["source_key"] for entry in entries])
    new = {entry["source_key"]: entry for entry in entries if entry["source_key"] not in known}
    insert_rows(session, Interaction, list(new.values()))
