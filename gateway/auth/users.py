"""``/api/v1/users``: colleagues, e.g. to assign a conversation to."""

from fastapi import APIRouter

from crm_store.users.service import UserService
from gateway.auth.endpoints import staff_view
from gateway.auth.schemas import StaffView
from gateway.auth.staff import StaffDep
from gateway.parts import PartsDep
from gateway.schemas import ListOf

router = APIRouter(prefix="/users", tags=["auth"])


@router.get("")
def list_users(staff: StaffDep, parts: PartsDep) -> ListOf[StaffView]:
    """Everybody who may log in, by e-mail."""
    with parts.database.reading() as session:
        users = UserService(session).list(asker=staff.asker)
    return ListOf(items=[staff_view(user) for user in users if user.disabled_at is None])
