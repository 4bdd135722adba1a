"""An encrypted column as it lies in the database, for SQL that looks at the stored form."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, bindparam, cast, column, func, not_
from sqlalchemy.dialects.postgresql import JSONB

from crm_store.crypto.keyring import Keyring
from crm_store.crypto.sealed import INDEX_CHARS, PREFIX, is_sealed


@dataclass(frozen=True, slots=True)
class Field:
    """A column; ``seal`` says whether its values are to be encrypted, else they become plain.

    JSON columns hold the stored form as a JSON string, so theirs begins with a quotation mark.
    """

    table: str
    name: str
    is_json: bool = False
    indexed: bool = False
    seal: bool = True

    def raw(self, dialect: str) -> ColumnElement[str]:
        """The stored form as text."""
        is_jsonb = self.is_json and dialect == "postgresql"
        return cast(column(self.name), Text) if is_jsonb else column(self.name, Text)

    def bound(self, name: str, dialect: str) -> ColumnElement[Any]:
        """A parameter that carries the stored form as text."""
        given = bindparam(name, type_=Text)
        return cast(given, JSONB) if self.is_json and dialect == "postgresql" else given

    def under(self, key_id: str, dialect: str) -> ColumnElement[bool]:
        """The condition that the value is encrypted under this key."""
        raw, quote = self.raw(dialect), '"' if self.is_json else ""
        middle = f":{key_id}:"
        at = len(quote) + len(PREFIX) + (INDEX_CHARS if self.indexed else 0)
        return and_(
            func.substr(raw, 1, len(quote) + len(PREFIX)) == quote + PREFIX,
            func.substr(raw, at + 1, len(middle)) == middle,
        )

    def unsettled(self, key_id: str, dialect: str) -> ColumnElement[bool]:
        """The condition that the value is not yet as it should be; NULL always is."""
        raw, start = self.raw(dialect), f'"{PREFIX}' if self.is_json else PREFIX
        if self.seal:
            return and_(column(self.name).is_not(None), not_(self.under(key_id, dialect)))
        return func.substr(raw, 1, len(start)) == start

    def settled(self, raw: str, keyring: Keyring) -> str:
        """The stored form as it should be.

        Raises:
            CannotDecrypt: the value cannot be read.
        """
        name = f"{self.table}.{self.name}"
        quote = '"' if self.is_json else ""
        stored = raw[1:-1] if self.is_json and is_sealed(raw[1:]) else raw
        text = keyring.open(stored, name)
        if self.seal or (not self.is_json and is_sealed(text)):
            return quote + keyring.seal(text, name, indexed=self.indexed) + quote
        return text
