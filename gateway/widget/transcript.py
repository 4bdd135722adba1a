"""``/api/v1/widget/transcript``: the conversation for the customer to keep."""

from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel

from crm_store.conversations.service import ConversationService
from crm_store.mailing.transcripts import ask_for_transcript
from crm_store.models import Visibility
from gateway.parts import PartsDep
from gateway.widget.visitors import SessionToken

router = APIRouter(prefix="/widget/transcript", tags=["widget"])


class TranscriptWish(BaseModel):
    """How to have it; with ``email`` it goes to the customer's own known address."""

    format: Literal["text", "html"] = "text"
    email: bool = False


class Transcript(BaseModel):
    """A file to download; or, ``emailed``, nothing but that it is on its way."""

    filename: str | None = None
    text: str | None = None
    emailed: bool = False


@router.post("", responses={202: {"model": Transcript, "description": "It will be e-mailed"}})
def widget_transcript(
    token: SessionToken,
    parts: PartsDep,
    response: Response,
    body: TranscriptWish | None = None,
) -> Transcript:
    """The conversation as text or a page, at once or by e-mail."""
    wish = body or TranscriptWish()
    with parts.database.reading() as session:
        service = ConversationService(session)
        conversation, _ = service.by_session_token(token)
        if not wish.email:
            day = conversation.created_at.date().isoformat()
            if wish.format == "html":
                page = service.transcript_page(conversation.id, title=f"Conversation of {day}")
                return Transcript(filename=f"conversation-{day}.html", text=page)
            text = service.transcript(conversation.id, audience=Visibility.PUBLIC)
            return Transcript(filename=f"conversation-{day}.txt", text=text)
    ask_for_transcript(parts.database, parts.settings, conversation.id, format=wish.format)
    response.status_code = 202
    return Transcript(emailed=True)
