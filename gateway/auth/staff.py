"""Which member of staff sends a request, and whether they may."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer

from crm_store.api_keys.service import ApiKeyService, asker_of, use_is_stale
from crm_store.asking import AsStaff
from crm_store.models import User
from crm_store.permissions import Permission, require
from crm_store.users.service import UserService
from foundation.errors import NotAllowed, NotAuthenticated
from gateway.http.addresses import address_of
from gateway.parts import Parts, PartsDep

SESSION_COOKIE = "kefu_session"
CSRF_COOKIE = "kefu_csrf"
CSRF_HEADER = "X-CSRF-Token"
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

_session_cookie = APIKeyCookie(
    name=SESSION_COOKIE,
    scheme_name="Session",
    description=f"Made by the log-in; changes send `{CSRF_HEADER}` as well.",
    auto_error=False,
)
_api_key = HTTPBearer(
    scheme_name="API key", description="Made by `kefu key add` or by an admin.", auto_error=False
)


@dataclass(frozen=True, slots=True)
class Staff:
    """A member of staff: logged in, or through an API key of theirs.

    Attributes:
        user: who it is.
        asker: what they may do, as the store asks.
        session_token: of the logged-in browser; None through an API key.
    """

    user: User
    asker: AsStaff
    session_token: str | None


def _current_staff(
    request: Request,
    parts: PartsDep,
    cookie: Annotated[str | None, Security(_session_cookie)],
    bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_api_key)],
) -> Staff:
    if bearer is not None:
        return _by_api_key(request, parts, bearer.credentials)
    if cookie:
        return _by_session(request, parts, cookie)
    raise NotAuthenticated


def _by_session(request: Request, parts: Parts, token: str) -> Staff:
    with parts.database.reading() as session:
        users = UserService(session)
        user, user_session = users.by_session(token)
        if request.method not in _SAFE_METHODS:
            # The cookie alone proves nothing: another page may have made the browser send it.
            users.check_csrf(user_session, request.headers.get(CSRF_HEADER, ""))
    return Staff(user, AsStaff(user.id, user.role), session_token=token)


def _by_api_key(request: Request, parts: Parts, secret: str) -> Staff:
    """No browser sends this header by itself, so there is no CSRF token to check."""
    try:
        with parts.database.reading() as session:
            key = ApiKeyService(session).authenticate(secret)
    except NotAuthenticated:
        detail = "Too many wrong API keys from this address."
        parts.bad_key_rate.take(address_of(request), detail=detail)
        raise
    parts.api_rate.take(str(key.id), detail="Too many requests with this API key.")
    if use_is_stale(key):
        with parts.database.transaction() as session:
            ApiKeyService(session).note_use(key)
    return Staff(key.maker, asker_of(key), session_token=None)


StaffDep = Annotated[Staff, Depends(_current_staff)]


def _logged_in(staff: StaffDep) -> Staff:
    if staff.session_token is None:
        raise NotAllowed("this is for a logged-in browser, not for an API key")
    return staff


LoggedInDep = Annotated[Staff, Depends(_logged_in)]
"""For what belongs to a browser's session, or would outlive what the key is limited to."""


class Needs:
    """A dependency for what no service of the store asks about: staff with this permission."""

    def __init__(self, permission: Permission) -> None:
        self._permission = permission

    def __call__(self, staff: StaffDep) -> Staff:
        require(staff.asker, self._permission)
        return staff
