"""The audit log: who did what, each entry sealed onto the one before."""

import json
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from crm_store.models.base import Base, str_enum


class ActorKind(StrEnum):
    CUSTOMER = "customer"
    STAFF = "staff"
    SYSTEM = "system"


class AuditEntry(Base):
    """One act; written once, never changed. Holds ids, never personal data."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        CheckConstraint("seq > 0", name="seq_positive"),
        Index("ix_audit_entries_action_seq", "action", "seq"),
        Index("ix_audit_entries_actor_id_seq", "actor_id", "seq"),
        Index("ix_audit_entries_target_kind_target_id_seq", "target_kind", "target_id", "seq"),
        Index("ix_audit_entries_at", "at"),
    )

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor_kind: Mapped[ActorKind] = mapped_column(str_enum(ActorKind, "actor_kind"))
    actor_id: Mapped[UUID | None]
    """A user's or a customer's; no foreign key: the log outlives those it tells of."""
    actor_reason: Mapped[str | None] = mapped_column(String(200))
    """What the system acted for."""
    api_key_id: Mapped[UUID | None]
    action: Mapped[str] = mapped_column(String(64))
    target_kind: Mapped[str | None] = mapped_column(String(32))
    target_id: Mapped[str | None] = mapped_column(String(64))
    facts_text: Mapped[str] = mapped_column("facts", Text)
    """Canonical JSON as text: a JSON column would let the database rewrite what was sealed."""
    key_id: Mapped[str] = mapped_column(String(16))
    previous_hash: Mapped[str] = mapped_column(String(64), unique=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)

    @property
    def facts(self) -> dict[str, Any]:
        """What else is known of the act."""
        facts: dict[str, Any] = json.loads(self.facts_text)
        return facts


class AuditHead(Base):
    """The one row that says where the log begins and ends, sealed like the entries."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    first_seq: Mapped[int] = mapped_column(BigInteger)
    """Entries before it were cut off by retention."""
    first_previous_hash: Mapped[str] = mapped_column(String(64))
    seq: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str] = mapped_column(String(64))
    key_id: Mapped[str] = mapped_column(String(16))
    seal: Mapped[str] = mapped_column(String(64))
