"""A customer who has a row in every table that may hold something of a customer.

The rows are made from the schema itself, so a new table is covered by itself; where a constraint
wants certain values, they are in ``FITTING``.
"""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Enum,
    Float,
    Integer,
    LargeBinary,
    String,
    Table,
    Uuid,
)
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeDecorator

from crm_store.models import Base, Customer
from crm_store.models.encrypted import EncryptedJson
from crm_store.privacy.classified import Classified, Erasure
from crm_store.privacy.personal import personal, register
from foundation.clock import utc_now
from foundation.ids import new_id

# Values that a check constraint asks for, or without which the row is not of the person.
FITTING: dict[str, dict[str, Any]] = {
    "conversations": {"owner": "bot", "owner_user_id": None, "queued_at": None},
    "orders": {"status": "delivered", "items_minor": 1, "shipping_minor": 1, "total_minor": 2},
    "returns": {"status": "refunded"},
    "turns": {"status": "done", "lease_owner": None},
    "socket_tickets": {"user_id": None},
    "tickets": {"merged_into_id": None},
    "leads": {"status": "converted"},
    "opportunities": {"status": "lost"},
    "campaigns": {"ends_at": None},
    "tasks": {"closed_at": None},
    "campaign_members": {"lead_id": None},
    "campaign_touches": {"status": "sent", "skip_reason": None},
    "outreach_messages": {"status": "delivered", "texts": None, "expires_at": None},
    "duplicate_pairs": {"status": "rejected", "score": 0.5},
    "accounts": {"merged_into_id": None},
    "customers": {"merged_into_id": None},
    "messages": {"in_reply_to": None, "visibility": "public", "author": "customer"},
    "decisions": {"outcome": "pending", "outcome_at": None},
    "consents": {"superseded_at": None},
    "stages": {"kind": "open", "probability": 50},
    "lead_conversions": {"undone_at": None},
}
_PLAIN: dict[type[Any], Any] = {
    Boolean: False,
    DateTime: utc_now() + timedelta(hours=1),
    Date: date(2026, 6, 1),
    LargeBinary: b"",
    Integer: 1,
    Float: 0.5,
}
ONE_OF = {"tasks": ("customer_id",)}
"""Of several foreign keys only these are set."""


class Everything:
    """One person's rows; ``marks`` are the texts that name them."""

    def __init__(self, session: Session, word: str) -> None:
        self.word = word
        self.name = f"{word.title()} Quastenflosser"
        self.email = f"{word}@quastenflosser.example"
        self.phone = "+4915799" + "".join(str(ord(letter) % 10) for letter in word[:6])
        self.street = f"{word.title()}gasse 77"
        self.said = f"my secret is {word}-confidential"
        self.keys: dict[str, dict[str, Any]] = {}
        self._session = session
        for table in Base.metadata.sorted_tables:
            if table.name in {line.table for line in personal()}:
                self._make(table)
        self.customer_id: UUID = self.keys["customers"]["id"]

    @property
    def marks(self) -> tuple[str, ...]:
        """The rare word alone as well: an index may hold words apart."""
        return (self.word, self.name, self.email, self.phone, self.street, self.said)

    def _make(self, table: Table) -> dict[str, Any]:
        if table.name in self.keys:
            return self.keys[table.name]
        line = register()[table.name]
        row: dict[str, Any] = {}
        for column in table.columns:
            if column.computed is None:
                row[column.name] = self._value(line, column)
        row |= FITTING.get(table.name, {})
        if table.name == "customers":
            row |= {
                "name": self.name,
                "email": self.email,
                "phone": self.phone,
                "street": self.street,
            }
        if table.name == "duplicate_pairs":
            row["first_id"], row["second_id"] = sorted((row["first_id"], self._other()))
        if table.name == "customer_merges":
            row["loser_id"] = self._other(merged_into=row["survivor_id"])
        self._session.execute(table.insert().values(row))
        self.keys[table.name] = row
        return row

    def _other(self, merged_into: UUID | None = None) -> UUID:
        # A record that was merged is the person's, too; whoever only looks alike is not.
        name, email = (self.name, self.email) if merged_into else ("Somebody Else", None)
        other = Customer(name=name, email=email, merged_into_id=merged_into)
        self._session.add(other)
        self._session.flush()
        return other.id

    def _value(self, line: Classified, column: Column[Any]) -> Any:
        keys = list(column.foreign_keys)
        if keys:
            target = keys[0].column.table
            skipped = line.table in ONE_OF and column.name not in ONE_OF[line.table]
            if target is column.table or skipped or (target.name == "users" and column.nullable):
                return None
            return self._make(target)[keys[0].column.name]
        return self._plain(line, column)

    def _plain(self, line: Classified, column: Column[Any]) -> Any:
        kind: Any = column.type
        if isinstance(kind, EncryptedJson):
            return {"text": self.said}
        if isinstance(kind, TypeDecorator):
            kind = kind.impl_instance
        if isinstance(kind, Enum):
            return next(iter(kind.enum_class)) if kind.enum_class else kind.enums[0]
        if isinstance(kind, Uuid):
            return self._loose_key(column)
        if isinstance(kind, JSON):
            return {"text": self.said} if self._tells(line, column) else {}
        if isinstance(kind, String):
            return self._text(line, column, kind.length)
        return next(value for sort, value in _PLAIN.items() if isinstance(kind, sort))

    def _loose_key(self, column: Column[Any]) -> UUID:
        """What has no foreign key, such as an event's conversation."""
        target = Base.metadata.tables.get(f"{column.name.removesuffix('_id')}s")
        if target is None or column.primary_key:
            return new_id()
        key: UUID = self._make(target)["id"]
        return key

    def _text(self, line: Classified, column: Column[Any], length: int | None) -> str:
        unique = column.unique or column.primary_key or length is None or length >= 32
        text = f"{new_id().hex[-12:]}" if unique else ""
        if self._tells(line, column):
            text = f"{text} {self.name} {self.email} {self.said}"
        return (text or "EUR")[:length]

    def _tells(self, line: Classified, column: Column[Any]) -> bool:
        """Whether the register says that words of the person may stand there."""
        return line.erasure is Erasure.DELETE or column.name in line.scrub
