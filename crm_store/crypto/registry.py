"""The store's own record of the keys that it is encrypted under."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from crm_store.crypto.keyring import Keyring
from crm_store.crypto.lookup import keyring_of, required_keyring
from crm_store.database import Database
from crm_store.models import DataKeyUse
from crm_store.writes import insert_missing
from foundation.clock import utc_now
from foundation.errors import BadSettings, Unavailable


def register_keys(database: Database) -> None:
    """Note the newest key, after checking that every key in use is the one that we have.

    Raises:
        BadSettings: a key that the store is encrypted under is missing or another one.
    """
    keyring = required_keyring(database.engine.dialect)
    with database.transaction() as session:
        _check(session, keyring)
        newest = keyring.newest
        row = {"key_id": newest.id, "check_value": newest.check, "created_at": utc_now()}
        insert_missing(session, DataKeyUse, [row], on="key_id")
        session.execute(
            update(DataKeyUse).where(DataKeyUse.key_id == newest.id).values(unused_at=None)
        )


def require_keys(database: Database) -> None:
    """Refuse to serve a store that we could only spoil.

    Raises:
        BadSettings: a key that the store is encrypted under is missing or another one.
        Unavailable: its encryption has begun and was not finished.
    """
    keyring = keyring_of(database.engine.dialect)
    with database.reading() as session:
        _check(session, keyring)
        uses = session.scalars(select(DataKeyUse)).all()
    if uses and not any(use.complete_at for use in uses):
        raise Unavailable("the store is not encrypted to its end: run `kefu db upgrade`")


def keys_in_use(database: Database) -> dict[str, str]:
    """The keys that values may be under, each with what tells it from others of its name."""
    with database.reading() as session:
        used = select(DataKeyUse).where(DataKeyUse.unused_at.is_(None))
        return {use.key_id: use.check for use in session.scalars(used)}


def is_complete(database: Database) -> bool:
    """Whether the store was once found encrypted as a whole."""
    with database.reading() as session:
        complete = select(DataKeyUse.key_id).where(DataKeyUse.complete_at.is_not(None)).limit(1)
        return session.scalar(complete) is not None


def mark_complete(database: Database, key_id: str) -> None:
    """Note that every value is under this key."""
    with database.transaction() as session:
        session.execute(
            update(DataKeyUse).where(DataKeyUse.key_id == key_id).values(complete_at=utc_now())
        )


def mark_unused(database: Database, key_ids: list[str]) -> None:
    """Note that no value is under these keys, so that nobody misses them once they are gone."""
    with database.transaction() as session:
        session.execute(
            update(DataKeyUse)
            .where(DataKeyUse.key_id.in_(key_ids), DataKeyUse.unused_at.is_(None))
            .values(unused_at=utc_now())
        )


def _check(session: Session, keyring: Keyring | None) -> None:
    known = {key.id: key.check for key in keyring.keys} if keyring else {}
    for use in session.scalars(select(DataKeyUse).where(DataKeyUse.unused_at.is_(None))):
        if use.key_id not in known:
            raise BadSettings(
                f"KEFU_DATA_KEYS: lacks the key {use.key_id!r}, which the store is encrypted under"
            )
        if known[use.key_id] != use.check:
            raise BadSettings(
                f"KEFU_DATA_KEYS: the key {use.key_id!r} is not the one of this name that the"
                " store is encrypted under"
            )
