"""Staff: accounts, passwords, sessions."""

import builtins
import hmac
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from crm_store.asking import Asker, AsStaff, AsSystem
from crm_store.audit import record
from crm_store.audit.recording import keys_of
from crm_store.customers.contacts import normalise_email
from crm_store.editing import unique
from crm_store.ended_access import Access, note_ended
from crm_store.models import Role, User, UserSession
from crm_store.permissions import Permission, require
from crm_store.texts import storable
from foundation.clock import utc_now
from foundation.errors import Invalid, NotAllowed, NotAuthenticated, NotFound
from foundation.ids import new_token, token_digest

MIN_PASSWORD = 10
MAX_PASSWORD = 200


@dataclass(frozen=True, slots=True)
class StaffTokens:
    """The one copy of a new session's tokens; the store keeps their digests."""

    session_token: str
    csrf_token: str


class UserService:
    """Adds staff, logs them in and out."""

    def __init__(self, session: Session, *, hasher: PasswordHasher | None = None) -> None:
        self._session = session
        self._hasher = hasher or PasswordHasher()

    def add(self, *, email: str, name: str, password: str, role: Role, asker: Asker) -> User:
        """A new member of staff.

        Raises:
            NotAllowed: the asker may not manage users.
            Invalid: the e-mail, name or password (10 to 200 characters) is not acceptable.
            Conflict: the e-mail is taken.
        """
        require(asker, Permission.USERS_MANAGE)
        address = normalise_email(email)
        if address is None:
            raise Invalid("email: not an e-mail address")
        name = storable(name).strip()
        if not 1 <= len(name) <= 200:
            raise Invalid("name: 1 to 200 characters")
        user = User(email=address, name=name, password_hash=self._hash(password), role=role)
        with unique(self._session, "email: somebody has this address already"):
            self._session.add(user)
        record(self._session, asker, "user.added", "user", user.id, {"role": role.value})
        return user

    def get(self, user_id: UUID) -> User:
        """The user.

        Raises:
            NotFound: absent.
        """
        user = self._session.get(User, user_id)
        if user is None:
            raise NotFound("no such user")
        return user

    def by_email(self, email: str) -> User:
        """The user with this address.

        Raises:
            NotFound: absent.
        """
        return self._require(email)

    def authenticate(self, email: str, password: str) -> User:
        """The user with this e-mail and password.

        An unknown address costs the same time as a wrong password.

        Raises:
            NotAuthenticated: unknown, disabled or wrong; the same error for each.
        """
        user = self._by_email(email)
        password = storable(password)[:MAX_PASSWORD]
        if user is None:
            self._hasher.hash(password)
        if user is None or not self._fits(user, password) or user.disabled_at is not None:
            raise NotAuthenticated("e-mail or password is wrong")
        if self._hasher.check_needs_rehash(user.password_hash):
            user.password_hash = self._hasher.hash(password)
            self._session.flush()
        return user

    def start_session(self, user: User, *, hours: float) -> StaffTokens:
        """Log a browser in for some hours."""
        tokens = StaffTokens(session_token=new_token(), csrf_token=new_token())
        self._session.add(
            UserSession(
                user_id=user.id,
                token_digest=token_digest(tokens.session_token),
                csrf_digest=token_digest(tokens.csrf_token),
                expires_at=utc_now() + timedelta(hours=hours),
            )
        )
        self._session.flush()
        record(self._session, AsStaff(user.id, user.role), "user.logged_in", "user", user.id)
        return tokens

    def note_failed_login(self, email: str) -> None:
        """Write down that somebody failed to log in as this user, or with an unknown address.

        An address is not kept, only a keyed digest of it. Call it in a transaction of its own: the
        failed one leaves nothing.
        """
        user = self._by_email(email)
        asker = AsSystem("somebody who is not logged in")
        if user is not None:
            record(self._session, asker, "user.login_failed", "user", user.id)
            return
        facts = {"unknown": keys_of(self._session).digest(email.strip().lower())}
        record(self._session, asker, "user.login_failed", facts=facts)

    def by_session(self, token: str) -> tuple[User, UserSession]:
        """Who is logged in with this token.

        Raises:
            NotAuthenticated: unknown, expired, or the user is disabled.
        """
        row = self._session.execute(
            select(User, UserSession)
            .join(UserSession, UserSession.user_id == User.id)
            .where(
                UserSession.token_digest == token_digest(token),
                UserSession.expires_at > utc_now(),
                User.disabled_at.is_(None),
            )
        ).one_or_none()
        if row is None:
            raise NotAuthenticated
        return row[0], row[1]

    def require_logged_in(self, user_id: UUID) -> User:
        """The user, as long as they are logged in anywhere; for what outlives a request.

        Raises:
            NotAuthenticated: disabled, or every session of theirs has ended.
        """
        logged_in = exists().where(
            UserSession.user_id == User.id, UserSession.expires_at > utc_now()
        )
        user = self._session.scalar(
            select(User).where(User.id == user_id, User.disabled_at.is_(None), logged_in)
        )
        if user is None:
            raise NotAuthenticated
        return user

    def check_csrf(self, user_session: UserSession, csrf_token: str) -> None:
        """Make sure that a request comes from our own page.

        Raises:
            NotAllowed: it is not this session's CSRF token.
        """
        if not hmac.compare_digest(user_session.csrf_digest, token_digest(csrf_token)):
            raise NotAllowed("the CSRF token does not belong to this session")

    def end_session(self, token: str) -> None:
        """Log a browser out; an unknown token changes nothing."""
        user = self._session.execute(
            select(User.id, User.role)
            .join(UserSession, UserSession.user_id == User.id)
            .where(UserSession.token_digest == token_digest(token))
        ).one_or_none()
        if user is None:
            return
        self._session.execute(
            delete(UserSession).where(UserSession.token_digest == token_digest(token))
        )
        record(self._session, AsStaff(user.id, user.role), "user.logged_out", "user", user.id)

    def end_every_session(self, *, asker: Asker) -> None:
        """Log everybody out, e.g. when an old state of the store was put back.

        Raises:
            NotAllowed: the asker may not manage users.
        """
        require(asker, Permission.USERS_MANAGE)
        self._session.execute(delete(UserSession))
        record(self._session, asker, "user.all_logged_out")

    def set_password(self, email: str, password: str, *, asker: Asker) -> User:
        """Set a new password and log the user out everywhere.

        Raises:
            NotAllowed: the asker may not manage users.
            NotFound: no such user.
            Invalid: the password is not acceptable.
        """
        require(asker, Permission.USERS_MANAGE)
        user = self._require(email)
        user.password_hash = self._hash(password)
        self._end_all_sessions(user)
        record(self._session, asker, "user.password_set", "user", user.id)
        return user

    def disable(self, email: str, *, asker: Asker) -> User:
        """Keep a user and their API keys out for good, and log them out everywhere.

        Raises:
            NotAllowed: the asker may not manage users.
            NotFound: no such user.
        """
        require(asker, Permission.USERS_MANAGE)
        user = self._require(email)
        user.disabled_at = user.disabled_at or utc_now()
        note_ended(self._session, Access.USER, user.id, user.disabled_at)
        self._end_all_sessions(user)
        record(self._session, asker, "user.disabled", "user", user.id)
        return user

    def _hash(self, password: str) -> str:
        if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
            raise Invalid(f"password: {MIN_PASSWORD} to {MAX_PASSWORD} characters")
        return self._hasher.hash(storable(password))

    def _fits(self, user: User, password: str) -> bool:
        try:
            return self._hasher.verify(user.password_hash, password)
        except (VerificationError, InvalidHashError):
            return False

    def _by_email(self, email: str) -> User | None:
        return self._session.scalar(select(User).where(User.email == normalise_email(email)))

    def _require(self, email: str) -> User:
        user = self._by_email(email)
        if user is None:
            raise NotFound("no such user")
        return user

    def _end_all_sessions(self, user: User) -> None:
        self._session.execute(delete(UserSession).where(UserSession.user_id == user.id))
        self._session.flush()

    def list(self, *, asker: Asker) -> builtins.list[User]:
        """Every user by e-mail; who sees conversations may know whose they are.

        Raises:
            NotAllowed: the asker may not read conversations.
        """
        require(asker, Permission.CONVERSATIONS_READ)
        return builtins.list(self._session.scalars(select(User).order_by(User.email)))
