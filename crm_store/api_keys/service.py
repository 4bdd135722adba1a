"""API keys: made, listed, revoked, and recognised."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session, joinedload

from crm_store.asking import Asker, AsStaff
from crm_store.audit import record
from crm_store.ended_access import Access, note_ended
from crm_store.models import ApiKey, User
from crm_store.pages import Page, fetch_page
from crm_store.permissions import PERMISSIONS, Permission, may, require
from crm_store.texts import storable
from foundation.clock import utc_now
from foundation.errors import Conflict, Invalid, NotAllowed, NotAuthenticated, NotFound
from foundation.ids import new_token, token_digest

KEY_BEGINS = "kefu_"
_PREFIX_CHARS = 12
_USED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class NewApiKey:
    """A key just made; ``secret`` is the one copy of it."""

    key: ApiKey
    secret: str


class ApiKeyService:
    """A key never carries more than its maker may, and ends with its maker's account."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(
        self,
        *,
        name: str,
        permissions: Iterable[Permission],
        maker: User,
        expires_at: datetime | None = None,
        asker: Asker,
    ) -> NewApiKey:
        """A new key in the name of ``maker``.

        Args:
            name: for people, 1 to 200 characters.
            permissions: at least one.
            maker: whose key it is: the asker, or whom the operator makes it for.
            expires_at: from when on it opens nothing; None for never.
            asker: who adds it.

        Raises:
            NotAllowed: the asker may not manage users, or has less than the key would carry.
            Invalid: a bad name, no permission, one that the maker's role lacks, or a time gone by.
            Conflict: the maker is disabled.
        """
        require(asker, Permission.USERS_MANAGE)
        name = " ".join(storable(name).split())
        if not 1 <= len(name) <= 200:
            raise Invalid("name: 1 to 200 characters")
        wanted = sorted(set(permissions))
        if not wanted:
            raise Invalid("permissions: at least one")
        if expires_at is not None and expires_at <= utc_now():
            raise Invalid("expires_at: has to lie in the future")
        if maker.disabled_at is not None:
            raise Conflict("this user is disabled")
        self._refuse_more_than_they_have(wanted, maker, asker)
        secret = KEY_BEGINS + new_token()
        key = ApiKey(
            name=name,
            prefix=secret[:_PREFIX_CHARS],
            digest=token_digest(secret),
            permissions=[permission.value for permission in wanted],
            created_by=maker.id,
            expires_at=expires_at,
        )
        self._session.add(key)
        self._session.flush()
        facts = {"for": str(maker.id), "permissions": key.permissions}
        record(self._session, asker, "api_key.added", "api_key", key.id, facts)
        return NewApiKey(key, secret)

    def list(self, *, asker: Asker, cursor: str | None = None, limit: int = 50) -> Page[ApiKey]:
        """Keys with their makers, the newest first; those that ended too.

        Raises:
            NotAllowed: the asker may not manage users.
        """
        require(asker, Permission.USERS_MANAGE)
        return fetch_page(
            self._session,
            select(ApiKey).options(joinedload(ApiKey.maker)),
            keys=[(ApiKey.created_at, datetime), (ApiKey.id, UUID)],
            cursor=cursor,
            limit=limit,
            descending=True,
        )

    def revoke(self, key_id: UUID, *, asker: Asker) -> ApiKey:
        """End a key at once and for good; ending it again changes nothing.

        Raises:
            NotAllowed: the asker may not manage users.
            NotFound: no such key.
        """
        require(asker, Permission.USERS_MANAGE)
        key = self._session.get(ApiKey, key_id)
        if key is None:
            raise NotFound("no such API key")
        if key.revoked_at is None:
            key.revoked_at = utc_now()
            self._session.flush()
            record(self._session, asker, "api_key.revoked", "api_key", key.id)
        note_ended(self._session, Access.API_KEY, key.id, key.revoked_at)
        return key

    def authenticate(self, secret: str) -> ApiKey:
        """The key with this secret, its maker loaded.

        It is looked up by its digest, so that the time it takes tells nothing of other keys.

        Raises:
            NotAuthenticated: unknown, revoked or expired, or its maker is disabled; the same error
                for each.
        """
        key = self._session.scalar(
            select(ApiKey)
            .join(ApiKey.maker)
            .options(joinedload(ApiKey.maker))
            .where(
                ApiKey.digest == token_digest(storable(secret)),
                ApiKey.revoked_at.is_(None),
                or_(ApiKey.expires_at.is_(None), ApiKey.expires_at > utc_now()),
                User.disabled_at.is_(None),
            )
        )
        if key is None:
            raise NotAuthenticated("the API key is not valid")
        return key

    def note_use(self, key: ApiKey) -> None:
        """Keep when the key was used last, to the minute."""
        self._session.execute(
            update(ApiKey)
            .where(ApiKey.id == key.id, _is_stale(utc_now()))
            .values(last_used_at=utc_now())
            .execution_options(synchronize_session=False)
        )

    @staticmethod
    def _refuse_more_than_they_have(
        wanted: Iterable[Permission], maker: User, asker: Asker
    ) -> None:
        for permission in wanted:
            if permission not in PERMISSIONS[maker.role]:
                raise Invalid(f"permissions: the role {maker.role.value} has no {permission.value}")
            if not may(asker, permission):
                raise NotAllowed(f"a key with {permission.value} needs that permission itself")


def asker_of(key: ApiKey) -> AsStaff:
    """Who asks when this key is shown: its maker, held to what the key carries."""
    return AsStaff(key.created_by, key.maker.role, frozenset(key.permissions), key.id)


def use_is_stale(key: ApiKey) -> bool:
    """Whether ``note_use`` would write anything."""
    return key.last_used_at is None or key.last_used_at <= utc_now() - _USED_EVERY


def _is_stale(now: datetime) -> ColumnElement[bool]:
    return or_(ApiKey.last_used_at.is_(None), ApiKey.last_used_at <= now - _USED_EVERY)
