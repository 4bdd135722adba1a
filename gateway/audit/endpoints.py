"""``/api/v1/audit``: who did what."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime

from crm_store.audit.service import AuditFilter, AuditService
from gateway.audit.schemas import AuditEntryView, audit_entry_view
from gateway.auth.staff import StaffDep
from gateway.paging import Cursor, Limit
from gateway.parts import PartsDep
from gateway.schemas import ListOf, list_of

router = APIRouter(prefix="/audit", tags=["audit"])


@router.get("")
def list_audit_entries(
    *,
    staff: StaffDep,
    parts: PartsDep,
    actor_id: UUID | None = None,
    action: Annotated[
        str | None, Query(max_length=64, description="One, or with a dot at its end a family.")
    ] = None,
    target_kind: Annotated[str | None, Query(max_length=32)] = None,
    target_id: Annotated[str | None, Query(max_length=64)] = None,
    since: AwareDatetime | None = None,
    until: AwareDatetime | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ListOf[AuditEntryView]:
    """Acts that fit every filter, the newest first."""
    wanted = AuditFilter(
        actor_id=actor_id,
        action=action,
        target_kind=target_kind,
        target_id=target_id,
        since=since,
        until=until,
    )
    with parts.database.reading() as session:
        page = AuditService(session).list(
            asker=staff.asker, wanted=wanted, cursor=cursor, limit=limit
        )
        return list_of(page, audit_entry_view)
