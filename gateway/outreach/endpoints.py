"""``/api/v1/outreach``."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from crm_store.lists import ListQuery
from crm_store.models import OutreachStatus
from crm_store.outreach.service import OUTREACH_SORTS, OutreachService
from gateway.auth.staff import StaffDep
from gateway.listing import listing
from gateway.outreach.schemas import NewOutreach, OutreachView
from gateway.parts import PartsDep
from gateway.schemas import ListOf, list_of

router = APIRouter(prefix="/outreach", tags=["sales"])

OutreachPage = Annotated[ListQuery, listing(OUTREACH_SORTS)]


@router.get("")
def list_outreach(
    *,
    staff: StaffDep,
    parts: PartsDep,
    page: OutreachPage,
    customer_id: UUID | None = None,
    status: Annotated[list[OutreachStatus], Query(max_length=5)] = [],  # noqa: B006  # copied
) -> ListOf[OutreachView]:
    """What the shop wanted to say first, and what became of it."""
    with parts.database.reading() as session:
        found = OutreachService(session).page(
            page, customer_id=customer_id, status=status, asker=staff.asker
        )
        return list_of(found, OutreachView.model_validate)


@router.post("", status_code=201)
def ask_for_outreach(body: NewOutreach, staff: StaffDep, parts: PartsDep) -> OutreachView:
    """Have something said to a customer the next time that they are in the chat.

    Whether they allow it, and whether they were approached often enough, is looked at then.
    """
    with parts.database.transaction() as session:
        asked = OutreachService(session).ask(
            body.customer_id,
            texts=body.texts,
            purpose=body.purpose,
            not_before=body.not_before,
            expires_at=body.expires_at,
            asker=staff.asker,
        )
        return OutreachView.model_validate(asked)


@router.post("/{outreach_id}/withdraw")
def withdraw_outreach(outreach_id: UUID, staff: StaffDep, parts: PartsDep) -> OutreachView:
    """Have it not said after all."""
    with parts.database.transaction() as session:
        withdrawn = OutreachService(session).withdraw(outreach_id, asker=staff.asker)
        return OutreachView.model_validate(withdrawn)
