"""``/api/v1/transcripts``: for those who review what was said."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from crm_store.conversations.service import ConversationService
from crm_store.models import Visibility
from crm_store.permissions import Permission
from gateway.auth.staff import Needs, StaffDep
from gateway.conversations.present import conversation_view
from gateway.paging import Cursor, Limit, SearchText
from gateway.parts import PartsDep
from gateway.schemas import ListOf, list_of, staff_message
from gateway.transcripts.schemas import Transcript, TranscriptView, transcript_view

router = APIRouter(
    prefix="/transcripts",
    tags=["transcripts"],
    dependencies=[Depends(Needs(Permission.TRANSCRIPTS_REVIEW))],
)

_PAGE = 200


@router.get("")
def search_transcripts(
    *,
    staff: StaffDep,
    parts: PartsDep,
    q: SearchText = None,
    intent: Annotated[str | None, Query(max_length=64)] = None,
    sentiment: Literal["negative", "neutral", "positive"] | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ListOf[TranscriptView]:
    """Conversations with a message that matches every filter, the latest active first."""
    with parts.database.reading() as session:
        page = ConversationService(session).search_transcripts(
            q=(q or "").strip() or None,
            intent=intent,
            sentiment=sentiment,
            cursor=cursor,
            limit=limit,
            asker=staff.asker,
        )
        return list_of(page, transcript_view)


@router.get("/{conversation_id}")
def get_transcript(
    conversation_id: UUID,
    staff: StaffDep,
    parts: PartsDep,
    after: Annotated[int, Query(ge=0, lt=2**31)] = 0,
) -> Transcript:
    """A conversation to read from ``after`` on, with what was understood of each message."""
    with parts.database.reading() as session:
        service = ConversationService(session)
        row = service.row(conversation_id, asker=staff.asker)
        messages = service.messages(
            conversation_id, after=after, limit=_PAGE, audience=Visibility.NOTE
        )
        csat = service.csat(conversation_id)
    more = len(messages) == _PAGE
    return Transcript(
        conversation=conversation_view(row),
        messages=[staff_message(message) for message in messages],
        next_cursor=str(messages[-1].seq) if more else None,
        csat_score=csat.score if csat else None,
        csat_comment=csat.comment if csat else None,
    )
