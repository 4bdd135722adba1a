"""Which member of staff sends a request, and whether they may."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from crm_store.asking import AsStaff
from crm_store.models import Role, User
from crm_store.users.service import UserService
from foundation.errors import NotAllowed, NotAuthenticated
from gateway.parts import PartsDep

SESSION_COOKIE = "kefu_session"
CSRF_COOKIE = "kefu_csrf"
CSRF_HEADER = "X-CSRF-Token"
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Staff:
    """A logged-in member of staff."""

    user: User
    session_token: str

    @property
    def asker(self) -> AsStaff:
        return AsStaff(self.user.id, self.user.role)


def _current_staff(request: Request, parts: PartsDep) -> Staff:
    token = request.cookies.get(SESSION_COOKIE)
    if not token:
        raise NotAuthenticated
    with parts.database.reading() as session:
        users = UserService(session)
        user, user_session = users.by_session(token)
        if request.method not in _SAFE_METHODS:
            # The cookie alone proves nothing: another page may have made the browser send it.
            users.check_csrf(user_session, request.headers.get(CSRF_HEADER, ""))
    return Staff(user=user, session_token=token)


def _current_admin(staff: Annotated[Staff, Depends(_current_staff)]) -> Staff:
    if staff.user.role is not Role.ADMIN:
        raise NotAllowed("Only admins may see this.")
    return staff


StaffDep = Annotated[Staff, Depends(_current_staff)]
AdminDep = Annotated[Staff, Depends(_current_admin)]
