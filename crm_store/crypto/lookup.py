"""Asking for encrypted values in SQL."""

from typing import Any

from sqlalchemy import ColumnElement, Dialect, Engine, false
from sqlalchemy.orm import InstrumentedAttribute, Session

from crm_store.crypto.errors import NoDataKeys
from crm_store.crypto.keyring import Keyring


def put_on(engine: Engine, keyring: Keyring | None) -> None:
    """Give the engine's connections their keyring; the column types find it by the dialect."""
    dialect: Any = engine.dialect
    dialect.kefu_keyring = keyring


def keyring_of(dialect: Dialect) -> Keyring | None:
    """The keyring of the database that this dialect belongs to."""
    found: Keyring | None = getattr(dialect, "kefu_keyring", None)
    return found


def required_keyring(dialect: Dialect) -> Keyring:
    """The same, where there must be one.

    Raises:
        NoDataKeys: the database was opened without.
    """
    keyring = keyring_of(dialect)
    if keyring is None:
        raise NoDataKeys
    return keyring


def matches(
    session: Session, index: InstrumentedAttribute[Any], text: str | None
) -> ColumnElement[bool]:
    """The condition that the column beside this ``…_index`` holds the text.

    Case and outer blanks do not matter. While keys rotate, rows under each key are found.
    """
    if not text or not text.strip():
        return false()
    column = index.class_.__table__.c[index.key]
    name = f"{column.table.name}.{column.name.removesuffix('_index')}"
    keyring = required_keyring(session.get_bind().dialect)
    return index.in_(keyring.indexes(text, name))


def messages_are_encrypted(session: Session) -> bool:
    """Whether the operator chose to encrypt what is said in conversations."""
    keyring = keyring_of(session.get_bind().dialect)
    return keyring is not None and keyring.encrypts_messages
