"""``/api/v1/widget/offline-message``: a word left while nobody is there."""

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from crm_store.conversations.service import ConversationService
from crm_store.customers.contacts import normalise_email
from crm_store.texts import shorten, storable
from foundation.errors import InvalidFields
from foundation.ids import token_digest
from gateway.parts import PartsDep
from gateway.schemas import PublicMessage, public_message
from gateway.texts import clean_text
from gateway.widget.visitors import SessionToken, address_of

router = APIRouter(prefix="/widget/offline-message", tags=["widget"])

_TOO_OFTEN = "These are too many messages at once."


class NewOfflineMessage(BaseModel):
    """What to pass on, and where the answer goes."""

    client_id: str = Field(pattern=r"^[!-~]{1,64}$", description="Makes a repeat harmless.")
    email: str = Field(max_length=254)
    name: str | None = Field(None, max_length=200)
    text: str


class OfflineMessageTaken(BaseModel):
    message: PublicMessage
    ticket_number: str


@router.post("", status_code=201, responses={200: {"model": OfflineMessageTaken}})
def leave_offline_message(
    body: NewOfflineMessage,
    request: Request,
    token: SessionToken,
    parts: PartsDep,
    response: Response,
) -> OfflineMessageTaken:
    """Leave a message outside business hours; it is kept in the chat and becomes a ticket."""
    parts.message_rate.take(token_digest(token), detail=_TOO_OFTEN)
    parts.session_rate.take(address_of(request), detail=_TOO_OFTEN)
    email = normalise_email(storable(body.email))
    if email is None:
        raise InvalidFields({"email": "must be an e-mail address"})
    name = shorten(storable(body.name), 200) if body.name else None
    text = clean_text(body.text, max_chars=parts.settings.max_message_chars)
    with parts.database.transaction() as session:
        service = ConversationService(session)
        conversation, _ = service.by_session_token(token)
        left = service.leave_message(
            conversation.id, client_id=body.client_id, email=email, name=name, text=text
        )
        number = left.ticket.number
    if left.confirmed is not None:
        parts.announcer.messages([left.posted.message, left.confirmed])
        parts.announcer.conversation_changed(conversation.id, owner_changed=False)
        parts.announcer.ticket_changed(number)
    else:
        response.status_code = 200
    return OfflineMessageTaken(message=public_message(left.posted.message), ticket_number=number)
