"""Column types that encrypt on the way in and decrypt on the way out."""

import json
from typing import Any

from sqlalchemy import ColumnElement, Computed, Dialect, String, Text
from sqlalchemy.orm import MappedColumn, mapped_column
from sqlalchemy.sql.operators import OperatorType, eq, is_, is_not
from sqlalchemy.types import TypeDecorator

from crm_store.crypto.errors import NotComparable
from crm_store.crypto.keyring import Keyring
from crm_store.crypto.lookup import keyring_of, required_keyring
from crm_store.crypto.sealed import INDEX_CHARS, INDEX_FROM, is_sealed
from crm_store.models.base import Json

_to_json = json.JSONEncoder(ensure_ascii=False).encode


class Encrypted(TypeDecorator[Any]):
    """What the two types share.

    Args:
        column: ``table.column``; a value opens under this name only.
        by_choice: stays plain unless ``KEFU_ENCRYPT_MESSAGES`` is on; either way both forms can
            be read.
    """

    impl: Any = Text
    cache_ok = True

    def __init__(self, column: str, *, by_choice: bool = False) -> None:
        super().__init__()
        self.column = column
        self.by_choice = by_choice

    class Comparator(TypeDecorator.Comparator[Any]):
        """Lets SQL ask whether there is a value, and nothing else."""

        def operate(self, op: OperatorType, *other: Any, **kwargs: Any) -> ColumnElement[Any]:
            kind = self.expr.type
            if (
                op in (is_, is_not)
                or (isinstance(kind, Encrypted) and kind.by_choice)
                # SQLAlchemy itself compares columns with each other, in dictionaries.
                or (op is eq and isinstance(other[0], ColumnElement))
            ):
                return super().operate(op, *other, **kwargs)
            raise NotComparable(getattr(kind, "column", str(self.expr)))

        reverse_operate = operate

    comparator_factory: Any = Comparator

    def seals(self, keyring: Keyring | None) -> bool:
        """Whether new values of this column are encrypted."""
        return not self.by_choice or (keyring is not None and keyring.encrypts_messages)


class EncryptedText(Encrypted):
    """A text under AES-256-GCM.

    Args:
        column: ``table.column``.
        indexed: carry the blind index for a ``blind_index`` column beside it.
        by_choice: encrypted only if the operator chose so.
    """

    cache_ok = True

    def __init__(self, column: str, *, indexed: bool = False, by_choice: bool = False) -> None:
        super().__init__(column, by_choice=by_choice)
        self.indexed = indexed

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else self.store(value, dialect)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None or not is_sealed(value):
            return value
        return required_keyring(dialect).open(value, self.column)

    def store(self, text: str, dialect: Dialect) -> str:
        """The stored form; a plain text that looks like a sealed one is sealed in any case."""
        if not self.seals(keyring_of(dialect)) and not is_sealed(text):
            return text
        return required_keyring(dialect).seal(text, self.column, indexed=self.indexed)


class EncryptedJson(Encrypted):
    """JSON under AES-256-GCM: the ciphertext is stored as a JSON string."""

    impl = Json
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else self.store(value, dialect)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        if not isinstance(value, str) or not is_sealed(value):
            return value
        return json.loads(required_keyring(dialect).open(value, self.column))

    def store(self, value: Any, dialect: Dialect) -> Any:
        """What the JSON column holds for this value: itself, or a string."""
        looks_sealed = isinstance(value, str) and is_sealed(value)
        if not self.seals(keyring_of(dialect)) and not looks_sealed:
            return value
        return required_keyring(dialect).seal(_to_json(value), self.column)


def blind_index(column: str) -> MappedColumn[str | None]:
    """The indexed column by which an ``EncryptedText(…, indexed=True)`` column is found.

    The database computes it from the stored form, so no writer can forget it.
    """
    return mapped_column(String(INDEX_CHARS), blind_index_of(column), index=True, deferred=True)


def blind_index_of(column: str, *, persisted: bool = True) -> Computed:
    """How the database computes the index; SQLite can add only a column that is not persisted."""
    return Computed(f"substr({column}, {INDEX_FROM}, {INDEX_CHARS})", persisted=persisted)
