"""``/api/v1/canned-replies``."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from crm_store.canned_replies.service import REPLY_SORTS, CannedReplyService, ReplyDraft
from crm_store.lists import ListQuery
from gateway.auth.staff import StaffDep
from gateway.canned_replies.schemas import FilledReply, NewReply, ReplyEdit, ReplyView
from gateway.listing import listing
from gateway.paging import SearchText
from gateway.parts import PartsDep
from gateway.schemas import ListOf, list_of

router = APIRouter(prefix="/canned-replies", tags=["canned replies"])

ReplyPage = Annotated[ListQuery, listing(REPLY_SORTS)]


@router.get("")
def list_replies(
    staff: StaffDep, parts: PartsDep, page: ReplyPage, q: SearchText = None
) -> ListOf[ReplyView]:
    """Replies on offer; ``q`` is a part of the shortcut or the title."""
    with parts.database.reading() as session:
        found = CannedReplyService(session).list(page, q=q, asker=staff.asker)
        return list_of(found, ReplyView.model_validate)


@router.post("", status_code=201)
def add_reply(body: NewReply, staff: StaffDep, parts: PartsDep) -> ReplyView:
    """A new reply."""
    with parts.database.transaction() as session:
        reply = CannedReplyService(session).add(
            ReplyDraft(body.shortcut, body.title, body.text), asker=staff.asker
        )
        return ReplyView.model_validate(reply)


@router.put("/{reply_id}")
def change_reply(reply_id: UUID, body: ReplyEdit, staff: StaffDep, parts: PartsDep) -> ReplyView:
    """Make the reply as sent."""
    with parts.database.transaction() as session:
        reply = CannedReplyService(session).change(
            reply_id,
            ReplyDraft(body.shortcut, body.title, body.text),
            version=body.version,
            asker=staff.asker,
        )
        return ReplyView.model_validate(reply)


@router.delete("/{reply_id}", status_code=204)
def retire_reply(reply_id: UUID, staff: StaffDep, parts: PartsDep) -> Response:
    """Offer it no longer."""
    with parts.database.transaction() as session:
        CannedReplyService(session).retire(reply_id, asker=staff.asker)
    return Response(status_code=204)


@router.get("/{reply_id}/text")
def fill_reply(
    reply_id: UUID,
    staff: StaffDep,
    parts: PartsDep,
    conversation_id: UUID | None = None,
    ticket: Annotated[str | None, Query(max_length=40)] = None,
) -> FilledReply:
    """The reply with its placeholders filled in for a conversation or a ticket."""
    with parts.database.reading() as session:
        filled = CannedReplyService(session).filled_in(
            reply_id, conversation_id=conversation_id, ticket_number=ticket, asker=staff.asker
        )
    return FilledReply(text=filled.text, missing=list(filled.missing))
