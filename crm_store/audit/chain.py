"""What exactly is sealed: one canonical form of an entry, and one of the head."""

import json
from datetime import UTC
from typing import Any

from crm_store.models import AuditEntry, AuditHead
from crm_store.texts import storable_json

FIRST_PREVIOUS = "0" * 64
"""Stands where the first entry would name the one before."""


def canonical_json(value: Any) -> str:
    """The only text of a JSON value: keys sorted, no spaces.

    Raises:
        TypeError: it holds a float, whose text is not the same everywhere, or something that is
            not JSON.
    """
    _refuse_floats(value)
    return json.dumps(
        storable_json(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )


def entry_content(entry: AuditEntry, *, seq: int | None = None) -> bytes:
    """Everything in an entry but its own hash; ``seq`` asks what it would be in another place."""
    return _content(
        "entry",
        entry.seq if seq is None else seq,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.actor_kind,
        _text(entry.actor_id),
        entry.actor_reason,
        _text(entry.api_key_id),
        entry.action,
        entry.target_kind,
        entry.target_id,
        entry.facts_text,
        entry.key_id,
        entry.previous_hash,
    )


def head_content(head: AuditHead) -> bytes:
    """Everything in the head but its own seal."""
    return _content(
        "head", head.first_seq, head.first_previous_hash, head.seq, head.hash, head.key_id
    )


def _content(*fields: str | int | None) -> bytes:
    return json.dumps(fields, separators=(",", ":"), ensure_ascii=True).encode()


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise TypeError("facts of the audit log hold no floats")
    if isinstance(value, dict):
        for item in value.values():
            _refuse_floats(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _refuse_floats(item)
