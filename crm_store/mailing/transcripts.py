"""A conversation's transcript to its own customer, as a job."""

from email.message import EmailMessage
from email.utils import formatdate
from typing import Any, Literal
from uuid import UUID

from sqlalchemy.orm import Session

from crm_store.attempts import AttemptLimiter
from crm_store.conversations.service import ConversationService
from crm_store.customers.contacts import contact_key
from crm_store.database import Database
from crm_store.jobs import JobContext, JobKind
from crm_store.jobs.service import JobService
from crm_store.mailing.sending import NoMailServer, send
from crm_store.models import Conversation, Site, Visibility
from foundation.errors import Conflict
from foundation.settings import Settings

TRANSCRIPT_MAIL = "transcript.mail"
Format = Literal["text", "html"]

_PER_CONVERSATION = {"limit": 3, "window_seconds": 60 * 60}
_PER_ADDRESS = {"limit": 5, "window_seconds": 24 * 60 * 60}


class NoAddress(Conflict):
    """Neither a verified customer's address nor one that was given in this chat."""

    code = "no_address"
    title = "We know no e-mail address for this conversation"


def ask_for_transcript(
    database: Database, settings: Settings, conversation_id: UUID, *, format: Format
) -> None:
    """Have the transcript sent to the conversation's own customer, and to nobody else.

    Each call counts by itself, by conversation and by address: nobody's mailbox is flooded by
    somebody who types its address into many chats.

    Raises:
        NoMailServer: this installation sends no mail.
        NoAddress: there is nobody to send it to.
        TooManyAttempts: 3 in an hour for this conversation, or 5 in a day to this address.
    """
    if not settings.sends_mail:
        raise NoMailServer
    with database.reading() as session:
        address = ConversationService(session).address_of(conversation_id)
    if address is None:
        raise NoAddress
    with database.transaction() as session:
        limiter = AttemptLimiter(session)
        limiter.hit("transcript-conversation", str(conversation_id), **_PER_CONVERSATION)
        limiter.hit("transcript-address", contact_key(address), **_PER_ADDRESS)
        # The address is looked up again when it is sent: no job holds personal data.
        payload = {"conversation_id": str(conversation_id), "format": format}
        JobService(session).enqueue(
            TRANSCRIPT_MAIL, payload, unique_key=f"{TRANSCRIPT_MAIL}:{conversation_id}"
        )


def _send_transcript(context: JobContext) -> dict[str, Any]:
    """Payload: ``{"conversation_id", "format"}``. A run killed after sending sends it once more."""
    conversation_id = UUID(context.payload["conversation_id"])
    with context.database.reading() as session:
        message = _message(session, conversation_id, html=context.payload["format"] == "html")
    if message is None:
        return {"sent": 0}
    context.check()
    send(context.settings, message)
    return {"sent": 1}


def _message(session: Session, conversation_id: UUID, *, html: bool) -> EmailMessage | None:
    """None when the conversation has been erased meanwhile, or its customer has no address now."""
    conversation = session.get(Conversation, conversation_id)
    if conversation is None:
        return None
    service = ConversationService(session)
    address = service.address_of(conversation_id)
    if address is None:
        return None
    site = session.get_one(Site, conversation.site_id)
    message = EmailMessage()
    message["To"] = address
    message["Subject"] = f"Your conversation with {site.name}"
    message["Date"] = formatdate(usegmt=True)
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers
    message.set_content(service.transcript(conversation_id, audience=Visibility.PUBLIC))
    if html:
        page = service.transcript_page(conversation_id, title=str(message["Subject"]))
        message.add_alternative(page, subtype="html")
    return message


TRANSCRIPT_KIND = JobKind(TRANSCRIPT_MAIL, _send_transcript)
