"""``/api/v1/api-keys``: what programs log in with."""

from uuid import UUID

from fastapi import APIRouter

from crm_store.api_keys.service import ApiKeyService
from crm_store.users.service import UserService
from gateway.api_keys.schemas import KeyView, MadeKey, NewKey, key_view
from gateway.auth.staff import StaffDep
from gateway.paging import Cursor, Limit
from gateway.parts import PartsDep
from gateway.schemas import ListOf, list_of

router = APIRouter(prefix="/api-keys", tags=["auth"])


@router.get("")
def list_api_keys(
    staff: StaffDep, parts: PartsDep, cursor: Cursor = None, limit: Limit = 50
) -> ListOf[KeyView]:
    """All keys, the newest first; those that ended too."""
    with parts.database.reading() as session:
        page = ApiKeyService(session).list(asker=staff.asker, cursor=cursor, limit=limit)
        return list_of(page, key_view)


@router.post("", status_code=201)
def add_api_key(body: NewKey, staff: StaffDep, parts: PartsDep) -> MadeKey:
    """A key of the caller's own, with no more than the caller may do."""
    with parts.database.transaction() as session:
        made = ApiKeyService(session).add(
            name=body.name,
            permissions=body.permissions,
            maker=UserService(session).get(staff.user.id),
            expires_at=body.expires_at,
            asker=staff.asker,
        )
        return MadeKey(key=key_view(made.key), secret=made.secret)


@router.delete("/{key_id}")
def revoke_api_key(key_id: UUID, staff: StaffDep, parts: PartsDep) -> KeyView:
    """End a key at once and for good."""
    with parts.database.transaction() as session:
        return key_view(ApiKeyService(session).revoke(key_id, asker=staff.asker))
