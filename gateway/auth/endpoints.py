"""``/api/v1/auth``: a browser session for staff."""

from fastapi import APIRouter, Request, Response

from crm_store.attempts import AttemptLimiter
from crm_store.models import User
from crm_store.users.service import UserService
from foundation.errors import NotAuthenticated
from gateway.auth.schemas import Credentials, LoggedIn, Me, StaffView
from gateway.auth.staff import CSRF_COOKIE, SESSION_COOKIE, LoggedInDep, StaffDep
from gateway.http.addresses import address_of
from gateway.parts import Parts, PartsDep

router = APIRouter(prefix="/auth", tags=["auth"])

_ADDRESS_SCOPE = "login_address"
_ACCOUNT_SCOPE = "login_account"
_PAIR_SCOPE = "login_pair"
_WINDOW_SECONDS = 15 * 60
_PER_ADDRESS = 100
# Of an account from one address few, from all addresses more: else anybody who knows a colleague's
# e-mail could lock them out from afar.
_PER_PAIR = 10
_PER_ACCOUNT = 100
_SESSION_HOURS = 12


@router.post("/login")
def login(body: Credentials, request: Request, response: Response, parts: PartsDep) -> LoggedIn:
    """Open a session; its cookie is out of reach for scripts, the CSRF token is not."""
    email = body.email.strip().lower()
    address = address_of(request)
    _count_attempt(parts, address, email)
    try:
        with parts.database.transaction() as session:
            users = UserService(session)
            user = users.authenticate(email, body.password)
            tokens = users.start_session(user, hours=_SESSION_HOURS)
            AttemptLimiter(session).forget(_PAIR_SCOPE, _pair(address, email))
    except NotAuthenticated:
        with parts.database.transaction() as session:
            UserService(session).note_failed_login(email)
        raise
    for name, value, hidden in (
        (SESSION_COOKIE, tokens.session_token, True),
        (CSRF_COOKIE, tokens.csrf_token, False),
    ):
        response.set_cookie(
            name,
            value,
            max_age=_SESSION_HOURS * 3600,
            httponly=hidden,
            samesite="lax",
            secure=parts.settings.cookies_are_secure,
        )
    return LoggedIn(user=staff_view(user), csrf_token=tokens.csrf_token)


@router.post("/logout", status_code=204)
def logout(staff: LoggedInDep, response: Response, parts: PartsDep) -> None:
    """End this session; its token opens nothing any more."""
    with parts.database.transaction() as session:
        UserService(session).end_session(staff.session_token or "")
    response.delete_cookie(SESSION_COOKIE)
    response.delete_cookie(CSRF_COOKIE)


@router.get("/me")
def who_am_i(staff: StaffDep) -> Me:
    """The member of staff whose session this is."""
    return Me(user=staff_view(staff.user))


def _count_attempt(parts: Parts, address: str, email: str) -> None:
    """In a transaction of its own: a failed log-in must not undo its count."""
    with parts.database.transaction() as session:
        limiter = AttemptLimiter(session)
        for scope, subject, limit in (
            (_ADDRESS_SCOPE, address, _PER_ADDRESS),
            (_ACCOUNT_SCOPE, email, _PER_ACCOUNT),
            (_PAIR_SCOPE, _pair(address, email), _PER_PAIR),
        ):
            limiter.hit(scope, subject, limit=limit, window_seconds=_WINDOW_SECONDS)


def _pair(address: str, email: str) -> str:
    return f"{address} {email}"


def staff_view(user: User) -> StaffView:
    """A member of staff as colleagues see them."""
    return StaffView(id=user.id, name=user.name, email=user.email, role=user.role)
